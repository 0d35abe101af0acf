import { compileDefinition, type Functions } from "../ops/language.ts";
import { FileError, isRecord } from "../trace/stored.ts";
import type { StoredFunction } from "./file.ts";
import { isExpression, isNames } from "./form.ts";

/** The elementary functions of a file. Each may call those before it, so none can call itself. */
export function readFunctions(stored: unknown = {}): Functions {
  if (!isRecord(stored)) throw new FileError('"functions" must be definitions by name');
  const known = new Map<string, (x: number) => number>();
  for (const [name, definition] of Object.entries(stored)) {
    if (!isFunction(definition))
      throw new FileError(`functions.${name} must have an "operand", "steps" and a "result"`);
    known.set(name, compileDefinition(definition, known));
  }
  return known;
}

function isFunction(value: unknown): value is StoredFunction {
  const { operand, steps, result } = isRecord(value) ? value : {};
  return (
    typeof operand === "string" &&
    isExpression(result) &&
    Array.isArray(steps) &&
    steps.every((step) => isNames(step) && step.length === 2 && isExpression(step[1]))
  );
}
