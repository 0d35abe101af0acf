import { type ElementaryFunction, functions } from "../math/functions.ts";
import type { Evaluate, Expression, Operator, Round } from "./language.ts";
import * as language from "./language.ts";

export type { Comparison, Evaluate, Expression, ExpressionFunction, Operator, Round } from "./language.ts";
export { comparisons, substitute } from "./language.ts";

/** The language with all functions of `math/`. */
const all: language.Functions = {
  has: (name) => Object.hasOwn(functions, name),
  get: (name) => (isElementary(name as Operator) ? elementary(name as ElementaryFunction) : undefined),
};

/** Reads an expression. Throws `SyntaxError` naming what is out of place. */
export function parse(text: string): Expression {
  return language.parse(text, all);
}

/** Turns an expression into a function of its operands' values. Throws when a name is not in `names`. */
export function compile(expression: Expression, names: readonly string[], round: Round): Evaluate {
  return language.compile(expression, names, round, all);
}

export function isElementary(operator: Operator): operator is ElementaryFunction {
  return Object.hasOwn(functions, operator);
}

const compiled = new Map<ElementaryFunction, (x: number) => number>();

/**
 * An elementary function in float64, as `math/` defines it. It is prepared when it is first called, so that loading a
 * file that mentions it computes nothing.
 */
export function elementary(name: ElementaryFunction): (x: number) => number {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  let evaluate: ((x: number) => number) | undefined;
  const prepared = (x: number): number => {
    evaluate ??= language.compileDefinition(functions[name], all);
    return evaluate(x);
  };
  compiled.set(name, prepared);
  return prepared;
}
