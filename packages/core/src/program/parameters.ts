import type { OpName, Parameters } from "../ops/op.ts";
import { signature } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import { shown as shownAs } from "../shape/shown.ts";

interface Taken {
  /** The letters that only the op's result has, such as how far a spread goes: a step gives their sizes. */
  readonly sizes: readonly string[];
  readonly numbers: readonly string[];
  readonly all: readonly string[];
}

const known = new Map<OpName, Taken>();

function takenBy(op: OpName): Taken {
  let taken = known.get(op);
  if (taken === undefined) {
    const { operands, result } = signature(ops[op].signature);
    const bound = operands.flatMap(({ pattern }) => pattern);
    const sizes = result.filter((symbol) => symbol !== "..." && !bound.includes(symbol));
    const numbers = Object.keys(ops[op].parameters ?? {});
    taken = { sizes, numbers, all: [...numbers, ...sizes] };
    known.set(op, taken);
  }
  return taken;
}

/** What a step of this op may be given, in the order in which it is written down. */
export function parameterNames(op: OpName): readonly string[] {
  return takenBy(op).all;
}

/** What is wrong with a step's parameters, if anything. */
export function parameterProblem(op: OpName, parameters: Parameters = {}): string | undefined {
  const { all, sizes, numbers } = takenBy(op);
  const unknown = Object.keys(parameters).find((name) => !all.includes(name));
  if (unknown !== undefined)
    return `${op} has no parameter ${unknown}; it has ${all.length === 0 ? "none" : all.join(", ")}`;
  for (const size of sizes) {
    const given: unknown = Object.hasOwn(parameters, size) ? parameters[size] : undefined;
    if (given === undefined) return `${op} needs the size ${size}, as in { ${size}: 4 }`;
    if (!isSize(given)) return `${op}: ${size} is ${shown(given)}, but a size is a whole number or "batch"`;
  }
  for (const name of numbers) {
    const given: unknown = Object.hasOwn(parameters, name) ? parameters[name] : 0;
    if (!isPlainNumber(given))
      return `${op}: ${name} is ${shown(given)}, but must be a finite number, not -0`;
  }
  return undefined;
}

/** A size in a program: the number of rows, or a whole number that JSON keeps. */
export function isSize(value: unknown): boolean {
  return value === "batch" || (Number.isSafeInteger(value) && isPlainNumber(value) && (value as number) >= 0);
}

/** A number that JSON keeps: finite and not -0. */
export function isPlainNumber(value: unknown): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

/** A value as an error shows it. */
export function shown(value: unknown): string {
  return value === undefined ? "missing" : shownAs(value);
}
