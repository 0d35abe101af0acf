import { type ElementaryFunction, functions } from "../math/functions.ts";
import type { Evaluate, Expression, Operator, Round } from "./language.ts";
import * as language from "./language.ts";

export type { Comparison, Evaluate, Expression, ExpressionFunction, Operator, Round } from "./language.ts";
export { comparisons, substitute } from "./language.ts";

/** The language with all functions of `math/`. */
const all = /* @__PURE__ */ language.prepared(functions);

const read = new Map<string, Expression>();

/** Reads an expression; the same text is read once. Throws `SyntaxError` naming what is out of place. */
export function parse(text: string): Expression {
  let expression = read.get(text);
  if (expression === undefined) {
    expression = language.parse(text, all);
    read.set(text, expression);
  }
  return expression;
}

/** Turns an expression into a function of its operands' values. Throws when a name is not in `names`. */
export function compile(expression: Expression, names: readonly string[], round: Round): Evaluate {
  return language.compile(expression, names, round, all);
}

export function isElementary(operator: Operator): operator is ElementaryFunction {
  return Object.hasOwn(functions, operator);
}

/** An elementary function in float64, as `math/` defines it. */
export function elementary(name: ElementaryFunction): (x: number) => number {
  return all.get(name)!;
}
