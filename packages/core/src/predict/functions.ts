import { FileError, isRecord } from "../files/stored.ts";
import { compileDefinition, type Functions, parse } from "../ops/language.ts";
import type { StoredFunction } from "./file.ts";
import { isExpression, isNames, isShortList } from "./form.ts";
import { type Cost, type Costs, costOf } from "./work.ts";

/** The elementary functions of a file, and what they take. */
export interface Callable {
  readonly functions: Functions;
  readonly costs: Costs;
}

/**
 * The elementary functions of a file. Each may call those before it, so none can call itself. `spend` is told of the expressions'
 * letters before they are read.
 */
export function readFunctions(stored: unknown, spend: (letters: number) => void): Callable {
  if (!isRecord(stored)) throw new FileError('"functions" must be definitions by name');
  const functions = new Map<string, (x: number) => number>();
  const costs = new Map<string, Cost>();
  for (const [name, definition] of Object.entries(stored)) {
    if (!isFunction(definition))
      throw new FileError(`functions.${name} must have an "operand", "steps" and a "result"`);
    const texts = [...definition.steps.map(([, text]) => text), definition.result];
    spend(texts.join("").length);
    const parts = texts.map((text) => costOf(parse(text, functions), costs));
    functions.set(name, compileDefinition(definition, functions));
    costs.set(name, {
      operations: parts.reduce((sum, part) => sum + part.operations, 1),
      depth: Math.max(...parts.map(({ depth }) => depth)) + 1,
    });
  }
  return { functions, costs };
}

function isFunction(value: unknown): value is StoredFunction {
  const { operand, steps, result } = isRecord(value) ? value : {};
  return (
    typeof operand === "string" &&
    isExpression(result) &&
    isShortList(steps) &&
    steps.every((step) => isNames(step) && step.length === 2 && isExpression(step[1]))
  );
}
