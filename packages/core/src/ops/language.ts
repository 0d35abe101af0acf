import type { Definition } from "../math/definition.ts";
import type { ElementaryFunction } from "../math/functions.ts";
import { type PrimitiveName, primitives } from "../math/primitives.ts";

/**
 * The language of elementwise operations: numbers, names, `+ - * /`, comparisons (1 or 0), the
 * functions below, the primitives and the elementary functions of `math/`. One text is the reference kernel,
 * the printed NumPy and TypeScript, and later the SIMD and GPU kernels.
 */
export type Expression =
  | { readonly kind: "literal"; readonly value: number }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "apply"; readonly operator: Operator; readonly operands: readonly Expression[] };

export type Operator = "+" | "-" | "*" | "/" | "negate" | Comparison | ExpressionFunction;
export type Comparison = ">" | ">=" | "<" | "<=" | "==";
export type ExpressionFunction = keyof typeof arity | PrimitiveName | ElementaryFunction;

/** `select(condition, yes, no)` takes `yes` where the condition is not 0. `min` and `max` are IEEE's: NaN wins. */
const arity = { select: 3, abs: 1, min: 2, max: 2, sqrt: 1, floor: 1 } as const;

/**
 * The elementary functions that may be called, by name, in float64. They are given rather than imported, so that a
 * reader of a predictor's file brings only those that the file defines.
 */
export type Functions = Pick<ReadonlyMap<string, (x: number) => number>, "has" | "get">;

/** How many operands a function takes; undefined where there is none of that name. */
function operandsOf(name: string, functions: Functions): number | undefined {
  if (Object.hasOwn(arity, name)) return arity[name as keyof typeof arity];
  return Object.hasOwn(primitives, name) || functions.has(name) ? 1 : undefined;
}

export const comparisons: readonly Comparison[] = [">=", "<=", "==", ">", "<"];

const token = /\s*(\d+(?:\.\d*)?(?:e[+-]?\d+)?|[A-Za-z_]\w*|>=|<=|==|[-+*/()<>,])/y;

function tokens(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new SyntaxError(`expression "${text}": cannot read "${text.slice(start).trim()}"`);
    found.push(match[1]!);
  }
  return found;
}

/** How deep parentheses, calls and signs may lie in each other: a text from a file must not use up the stack. */
const deepest = 64;

/** Reads an expression. Throws `SyntaxError` naming what is out of place. */
export function parse(text: string, functions: Functions): Expression {
  const rest = tokens(text);
  const apply = (operator: Operator, ...operands: Expression[]): Expression => ({
    kind: "apply",
    operator,
    operands,
  });
  const expect = (wanted: string): void => {
    const next = rest.shift();
    if (next !== wanted)
      throw new SyntaxError(`expression "${text}": "${wanted}" expected, not "${next ?? "the end"}"`);
  };

  let depth = 0;
  function primary(): Expression {
    if (++depth > deepest)
      throw new SyntaxError(`expression "${text.slice(0, 40)}...": it is nested more than ${deepest} deep`);
    const read = value();
    depth--;
    return read;
  }

  function value(): Expression {
    const next = rest.shift();
    if (next === "(") {
      const inner = comparison();
      expect(")");
      return inner;
    }
    if (next === "-") return apply("negate", primary());
    if (next !== undefined && /^\d/.test(next)) return { kind: "literal", value: Number(next) };
    if (next === undefined || !/^[A-Za-z_]/.test(next))
      throw new SyntaxError(`expression "${text}": a value expected, not "${next ?? "the end"}"`);
    return rest[0] === "(" ? call(next) : { kind: "name", name: next };
  }

  function call(name: string): Expression {
    const wanted = operandsOf(name, functions);
    if (wanted === undefined) throw new SyntaxError(`expression "${text}": there is no function "${name}"`);
    expect("(");
    const operands = [comparison()];
    while (rest[0] === ",") {
      rest.shift();
      operands.push(comparison());
    }
    expect(")");
    if (operands.length !== wanted)
      throw new SyntaxError(`expression "${text}": ${name} takes ${wanted} operands, not ${operands.length}`);
    return apply(name as ExpressionFunction, ...operands);
  }

  function leftToRight(operators: readonly string[], part: () => Expression): Expression {
    let left = part();
    while (rest[0] !== undefined && operators.includes(rest[0]))
      left = apply(rest.shift() as Operator, left, part());
    return left;
  }
  const product = () => leftToRight(["*", "/"], primary);
  const sum = () => leftToRight(["+", "-"], product);
  const comparison = () => leftToRight(comparisons, sum);

  const whole = comparison();
  if (rest.length > 0) throw new SyntaxError(`expression "${text}": "${rest[0]}" is out of place`);
  return whole;
}

/** Rounds to the precision of a program: the identity for float64, `Math.fround` for float32. */
export type Round = (value: number) => number;

/** Evaluates one element; `values` holds the operands in the order of `names`. Rounds once per operation. */
export type Evaluate = (values: readonly number[]) => number;

type Primary = Exclude<Operator, ElementaryFunction>;

const applied: Record<Primary, (first: Evaluate, second: Evaluate, third: Evaluate) => Evaluate> = {
  "+": (left, right) => (values) => left(values) + right(values),
  "-": (left, right) => (values) => left(values) - right(values),
  "*": (left, right) => (values) => left(values) * right(values),
  "/": (left, right) => (values) => left(values) / right(values),
  negate: (operand) => (values) => -operand(values),
  ">": (left, right) => (values) => (left(values) > right(values) ? 1 : 0),
  ">=": (left, right) => (values) => (left(values) >= right(values) ? 1 : 0),
  "<": (left, right) => (values) => (left(values) < right(values) ? 1 : 0),
  "<=": (left, right) => (values) => (left(values) <= right(values) ? 1 : 0),
  "==": (left, right) => (values) => (left(values) === right(values) ? 1 : 0),
  select: (condition, yes, no) => (values) => (condition(values) !== 0 ? yes(values) : no(values)),
  abs: (operand) => (values) => Math.abs(operand(values)),
  min: (left, right) => (values) => Math.min(left(values), right(values)),
  max: (left, right) => (values) => Math.max(left(values), right(values)),
  sqrt: (operand) => (values) => Math.sqrt(operand(values)),
  floor: (operand) => (values) => Math.floor(operand(values)),
  pow2: (operand) => (values) => primitives.pow2.reference(operand(values)),
  exponent: (operand) => (values) => primitives.exponent.reference(operand(values)),
  significand: (operand) => (values) => primitives.significand.reference(operand(values)),
};

/** Replaces names by values, and decides a `select` whose condition has become a literal. */
export function substitute(expression: Expression, values: Readonly<Record<string, number>>): Expression {
  switch (expression.kind) {
    case "literal":
      return expression;
    case "name":
      return Object.hasOwn(values, expression.name)
        ? { kind: "literal", value: values[expression.name]! }
        : expression;
    case "apply": {
      const operands = expression.operands.map((operand) => substitute(operand, values));
      const [condition, yes, no] = operands;
      if (expression.operator === "select" && condition?.kind === "literal")
        return condition.value !== 0 ? yes! : no!;
      return { ...expression, operands };
    }
    default:
      return expression satisfies never;
  }
}

/** Turns an expression into a function of its operands' values. Throws when a name is not in `names`. */
export function compile(
  expression: Expression,
  names: readonly string[],
  round: Round,
  functions: Functions,
): Evaluate {
  if (expression.kind === "literal") {
    const value = round(expression.value);
    return () => value;
  }
  if (expression.kind === "name") {
    const position = names.indexOf(expression.name);
    if (position < 0)
      throw new SyntaxError(
        `an expression names "${expression.name}", which is not one of ${names.join(", ")}`,
      );
    return (values) => values[position]!;
  }
  const { operator, operands } = expression;
  const [first, second, third] = operands.map((operand) => compile(operand, names, round, functions));
  const elementary = functions.get(operator);
  if (elementary !== undefined) return (values) => round(elementary(first!(values)));
  const evaluate = applied[operator as Primary](first!, second!, third!);
  return operator === "select" || round === unrounded ? evaluate : (values) => round(evaluate(values));
}

const unrounded: Round = (value) => value;

/**
 * Definitions, which may call each other, as functions. Each is prepared when it is first called, so that loading a file that
 * mentions it computes nothing.
 */
export function prepared(definitions: Readonly<Record<string, Definition>>): Functions {
  const known = new Map<string, (x: number) => number>();
  const functions: Functions = {
    has: (name) => Object.hasOwn(definitions, name),
    get: (name) => {
      if (!functions.has(name) || known.has(name)) return known.get(name);
      let evaluate: ((x: number) => number) | undefined;
      known.set(name, (x) => {
        evaluate ??= compileDefinition(definitions[name]!, functions);
        return evaluate(x);
      });
      return known.get(name);
    },
  };
  return functions;
}

/** An elementary function in float64, step after step, each rounded once per operation. It may call `functions`. */
export function compileDefinition(
  { operand, steps, result }: Pick<Definition, "operand" | "steps" | "result">,
  functions: Functions,
): (x: number) => number {
  const names = [operand, ...steps.map(([step]) => step)];
  const body = (text: string) => compile(parse(text, functions), names, unrounded, functions);
  const bodies = steps.map(([, text]) => body(text));
  const last = body(result);
  // One place for each step, written anew in each call before it is read.
  const values = names.map(() => 0.5);
  return (x) => {
    values[0] = x;
    for (let step = 0; step < bodies.length; step++) values[step + 1] = bodies[step]!(values);
    return last(values);
  };
}
