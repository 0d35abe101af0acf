import type { Dtype } from "../../../shape/block.ts";
import type { Size, SizeShape } from "../../../shape/size.ts";
import type { Body } from "../code/body.ts";
import { type Code, globalGet } from "../code/code.ts";
import type { FunctionIndex } from "../code/expressionCode.ts";
import { i32 } from "../code/instructions.ts";
import type { Lanes } from "../code/lanes.ts";
import type { Arrays } from "../plan/arrays.ts";

/** The global that holds the number of rows of the run. */
export const rowsGlobal = 0;
/** The global that holds a thread's number; the first, which is the caller's own, is 0. */
export const threadGlobal = 1;

/** What the code of a kernel is made for. */
export interface Context {
  readonly arrays: Arrays;
  /** Of all arrays but metrics and examples of another type. */
  readonly lanes: Lanes;
  /** Whether products may round once for a multiplication and an addition. */
  readonly fast: boolean;
  /** Where each array lies in memory. */
  readonly address: (name: string) => number;
  /** The most rows of a run; there is at least one, but where this is 0. So of 0 and 1 it is the number of rows itself. */
  readonly capacity: number;
  /** Whether an array must be in memory after the kernel that computes it. */
  readonly stored: (name: string) => boolean;
  readonly functionIndex: FunctionIndex;
  /** Where a kernel may put numbers for itself: its address, and how many bytes it has asked for so far. */
  readonly scratch: (bytes: number) => Code;
}

/** A kernel is written into a function, for the rows (of its shape's first size) from one number to before another. */
export interface Part {
  readonly body: Body;
  readonly from: Code;
  readonly to: Code;
  /** How many rows that is, where they are all and their number is known. */
  readonly known?: number;
}

export const elementBytes: Readonly<Record<Dtype, number>> = {
  float64: 8,
  float32: 4,
  int32: 4,
  uint8: 1,
  bool: 1,
};

/** A size that the code may rely on; undefined where it is known only in a run. */
export function fixed(size: Size, { capacity }: Pick<Context, "capacity">): number | undefined {
  if (size !== "batch") return size;
  return capacity <= 1 ? capacity : undefined;
}

export function sizeCode(size: Size, context: Pick<Context, "capacity">): Code {
  const known = fixed(size, context);
  return known === undefined ? globalGet(rowsGlobal) : i32.const(known);
}

/** The product of sizes, known or as code. */
export function productOf(sizes: SizeShape, context: Pick<Context, "capacity">): number | Code {
  const known = sizes.map((size) => fixed(size, context));
  if (known.every((size) => size !== undefined)) return known.reduce((a, b) => a * b, 1);
  return sizes.map((size) => sizeCode(size, context)).reduce((left, right) => i32.mul(left, right));
}

export function asCode(value: number | Code): Code {
  return typeof value === "number" ? i32.const(value) : value;
}

/** `value * factor`, without a multiplication where it can be. */
export function times(value: Code, factor: number | Code): Code {
  return factor === 1 ? value : i32.mul(value, asCode(factor));
}
