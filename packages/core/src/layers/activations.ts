import type { Activation } from "./layer.ts";

export interface ReluOptions {
  /** The derivative where the sum is 0; default 0. */
  readonly derivativeAtZero?: 0 | 1;
  /**
   * What a derivative of 1 at zero is taken from: `"sum"` (default) or `"output"`. `"output"` is what the book's
   * later chapters compute, `output >= 0`; since relu turns negatives into −0 and −0 >= 0 holds, every unit passes.
   */
  readonly of?: "sum" | "output";
}

/** Negative numbers become 0; the derivative at 0 is 0. */
export const relu: Activation = (b, sum) => b.ops.relu(sum);

/** relu with another derivative at 0. */
export function reluWith({ derivativeAtZero = 0, of = "sum" }: ReluOptions): Activation {
  return (b, sum) => b.ops.relu(sum, { at_zero: derivativeAtZero, of_output: of === "output" ? 1 : 0 });
}
