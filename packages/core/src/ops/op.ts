import type { ElementaryFunction } from "../math/functions.ts";
import type { Block, Shape } from "../shape/block.ts";
import type { Size } from "../shape/size.ts";
import type { Code } from "./code.ts";
import type { Round } from "./expression.ts";
import type * as registry from "./registry.ts";

/** A node of a program under construction; only a builder makes and reads one. */
export interface Ref {
  readonly node: number;
}

/** Numbers and sizes that belong to one step rather than to an array: where a derivative jumps, how far a spread goes. */
export type Parameters = Readonly<Record<string, Size>>;

/** What a gradient rule may use: the operands by name, the op's own result, and the derivative of the loss by that result. */
export type GradientContext<Names extends readonly string[]> = { readonly [Name in Names[number]]: Ref } & {
  readonly delta: Ref;
  readonly output: Ref;
  readonly parameters: Parameters;
};

/** Appends the steps that give the derivative of the loss by one operand; computes nothing itself. */
export type GradientRule<Names extends readonly string[]> = (at: GradientContext<Names>, emit: Emit) => Ref;

/** Appends one step per call, typed by the registry. */
export type Emit = {
  readonly [Name in OpName]: (typeof registry)[Name] extends Described<infer Names>
    ? (...operands: [...{ [Position in keyof Names]: Ref }, parameters?: Parameters]) => Ref
    : never;
} & {
  /** The sum of all elements: down the columns, then across. */
  readonly total: (operand: Ref) => Ref;
  /** Not a step: the size of an axis, for the parameter of a spread. */
  readonly size: (operand: Ref, axis: number) => Size;
};

/** The ops that there are. */
export type OpName = keyof typeof registry;

type OpOfKind<Kind extends Op["kind"]> = {
  [Name in OpName]: (typeof registry)[Name] extends { kind: Kind } ? Name : never;
}[OpName];

/** The ops for which every engine must declare a kernel. */
export type StructuredOpName = OpOfKind<"structured">;

/** The metrics whose rows have terms of their own, for which engines declare how they are computed, too. */
export type RowMetricName = {
  [Name in OpName]: (typeof registry)[Name] extends { row: RowMetricOp["row"] } ? Name : never;
}[OpName];

/** One input of an example: its shape and its numbers, row after row. */
export interface ExampleInput {
  readonly shape: Shape;
  readonly values: readonly number[];
}

/** Inputs on which every engine is compared with the oracle; finite ones also serve the gradient checks. */
export interface Example {
  readonly inputs: readonly ExampleInput[];
  readonly parameters?: Parameters;
}

/**
 * What every op file exports beside its ops, by name: numbers on which engines, gradients and printed programs are tested. A
 * function, so that programs which only use the ops leave it behind.
 */
export type Examples = () => { readonly [Name in string]: readonly Example[] };

/**
 * The function that printed programs define for an op which is no expression and prints as a call. That of a metric gives
 * the terms' sum in `numpy` and takes the total first elsewhere; `exact` is `numpy` unless it is given.
 */
export interface Definition {
  readonly numpy?: string;
  readonly exact?: string;
  readonly typescript?: string;
}

/** What an op file exports if its ops need such functions, by name; a function for the same reason. */
export type Definitions = () => { readonly [Name in string]: Definition };

/** How a call of the op is written, given how its operands are and, after them, the sizes it is given and its options. */
export type Printer = (first: Code, second: Code, third: Code) => Code;

interface Described<Names extends readonly string[]> {
  /** Only a type: carries the operands' names to `Emit`. */
  readonly operandNames?: Names;
  /** What an unnamed result is called after the array that reads it: `sum` makes `layer_1_sum`. */
  readonly noun: string;
  readonly signature: string;
  /** The parameters a step may carry, with their defaults; sizes bind letters of the signature and have none. */
  readonly parameters?: Parameters;
  /** Whether the loss is not traced back through it, whatever its operands depend on. */
  readonly stops?: true;
  /** A rule for each operand that the loss can be differentiated by. */
  readonly gradient: { readonly [Name in Names[number]]?: GradientRule<Names> };
  /** Without a printer the op is written as a call of a function that the printed program defines. */
  readonly print?: { readonly numpy?: Printer; readonly exact?: Printer; readonly typescript?: Printer };
  /** For a spread: how it is written where NumPy's broadcasting does the spreading, as an operand of an elementwise op. */
  readonly broadcast?: Printer;
}

/** One expression, applied element by element. */
export interface ElementwiseOp<Names extends readonly string[] = readonly string[]> extends Described<Names> {
  readonly kind: "elementwise";
  readonly expression: string;
}

/** An op with a loop of its own. `reference` is its meaning: the plainest loop, in ascending order. */
export interface StructuredOp<Names extends readonly string[] = readonly string[]> extends Described<Names> {
  readonly kind: "structured";
  /** Writes every element of `output`, which is contiguous from position 0; inputs may be strided views. */
  readonly reference: (inputs: readonly Block[], output: Block, round: Round) => void;
  /** The elementary functions that it calls. */
  readonly calls?: readonly ElementaryFunction[];
}

/** Another way to look at the numbers of its operand; writes nothing. */
export interface ViewOp<Names extends readonly string[] = readonly string[]> extends Described<Names> {
  readonly kind: "view";
  readonly view: (input: Block) => Block;
}

/**
 * A float64 running total: each row's terms are added up in ascending order, and that sum is added to what is
 * stored. A gradient rule gives the derivative of the total itself, so it needs no delta.
 */
export interface MetricOp<Names extends readonly string[] = readonly string[]> extends Described<Names> {
  readonly kind: "metric";
  /** The term of one element. */
  readonly expression: string;
}

/** A running total whose rows have terms that are no sums over their elements. */
export interface RowMetricOp<Names extends readonly string[] = readonly string[]> extends Described<Names> {
  readonly kind: "metric";
  /** The term of one row, given the row of each operand. Float64, ascending. */
  readonly row: (rows: readonly (readonly number[])[]) => number;
}

/** An op, whole: its meaning, its gradient, how it prints. */
export type Op<Names extends readonly string[] = readonly string[]> =
  | ElementwiseOp<Names>
  | StructuredOp<Names>
  | ViewOp<Names>
  | MetricOp<Names>
  | RowMetricOp<Names>;
