import { checkRecord, shown } from "../random/arguments.ts";
import type { Activation } from "./layer.ts";

/** An activation by which a layer also has the sum that it is applied to. */
export type OfSum = Activation<"layer_<k>_sum">;

/** What relu's derivative is where its sum is 0. */
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
export const relu: OfSum = (b, sum) => b.ops.relu(sum);

/** relu with another derivative at 0: default 0, taken from the sum. */
export function reluWith(options: ReluOptions): OfSum {
  checkRecord("reluWith", options, "{ derivativeAtZero: 1 }");
  const { derivativeAtZero = 0, of = "sum" } = options;
  return (b, sum) => b.ops.relu(sum, { at_zero: derivativeAtZero, of_output: of === "output" ? 1 : 0 });
}

/**
 * relu that lets negative sums pass, shrunk to a share `slope` of them; default 0.01: Maas, Hannun and Ng 2013. Throws
 * `RangeError` unless the slope is finite.
 */
export function leakyRelu(slope = 0.01): OfSum {
  if (!Number.isFinite(slope))
    throw new RangeError(
      `leakyRelu(${typeof slope === "object" ? "an object" : shown(slope)}): the slope must be a finite number`,
    );
  return (b, sum) => b.ops.leakyRelu(sum, { slope: slope + 0 });
}

/** Squeezes sums between 0 and 1: `1 / (1 + e^−sum)`. */
export const sigmoid: OfSum = (b, sum) => b.ops.sigmoid(sum);

/** Squeezes sums between −1 and 1. */
export const tanh: OfSum = (b, sum) => b.ops.tanh(sum);

/** `log(1 + e^sum)`: a relu without a corner. */
export const softplus: OfSum = (b, sum) => b.ops.softplus(sum);

/** The sum itself, as without an activation. */
export const identity: Activation<never> = (_b, sum) => sum;

/**
 * Turns the sums of a row into probabilities, which add up to 1. Not before `categoricalCrossEntropy`, which takes the
 * sums themselves.
 */
export const softmax: OfSum = (b, sum) => b.ops.softmax(sum);

/** The logarithms of those probabilities. */
export const logSoftmax: OfSum = (b, sum) => b.ops.logSoftmax(sum);
