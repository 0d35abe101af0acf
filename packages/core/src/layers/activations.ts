import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { recordOf } from "../program/given.ts";
import { shown } from "../shape/shown.ts";
import type { Activation } from "./layer.ts";

/** An activation by which a layer also has the sum that it is applied to. */
export type OfSum = Activation<"layer_<k>_sum">;

/** What relu's derivative is where its sum is 0. */
export interface ReluOptions {
  /** The derivative where what it is taken from is 0; default 0 of the sum, 1 of the output. */
  readonly derivativeAtZero?: 0 | 1;
  /**
   * What the derivative is taken from: `"sum"` (default) or `"output"`. `"output"` is what the book's
   * later chapters compute, `output >= 0`; since relu turns negatives into −0 and −0 >= 0 holds, every unit passes. With
   * a derivative of 0 at zero the two are the same.
   */
  readonly of?: "sum" | "output";
}

/** Negative numbers become 0; the derivative at 0 is 0. */
export const relu: OfSum = (b, sum) => b.ops.relu(sum);

/** relu with another derivative at 0. Throws `TypeError` or `RangeError` for an option that there is not. */
export function reluWith(options: ReluOptions = {}): OfSum {
  const { of = "sum", derivativeAtZero = of === "output" ? 1 : 0 } = recordOf(
    "reluWith",
    options,
    "{ derivativeAtZero: 1 }",
  );
  if (of !== "sum" && of !== "output")
    throw new RangeError(`reluWith: of is ${JSON.stringify(of)}, but must be "sum" or "output"`);
  if (derivativeAtZero !== 0 && derivativeAtZero !== 1)
    throw new RangeError(`reluWith: derivativeAtZero is ${derivativeAtZero}, but must be 0 or 1`);
  return (b, sum) => b.ops.relu(sum, { at_zero: derivativeAtZero, of_output: of === "output" ? 1 : 0 });
}

/**
 * relu that lets negative sums pass, shrunk to a share `slope` of them; default 0.01: Maas, Hannun and Ng 2013. Throws
 * `RangeError` unless the slope is finite.
 */
export function leakyRelu(slope = 0.01): OfSum {
  if (!Number.isFinite(slope))
    throw new RangeError(`leakyRelu(${shown(slope)}): the slope must be a finite number`);
  return (b, sum) => b.ops.leakyRelu(sum, { slope: slope + 0 });
}

/**
 * An activation whose slope is stated instead of derived: `slope` appends the steps that give a number for each sum, by which
 * the delta of the output is multiplied. With dropout under `chance: "book"`, `output` is the layer as the book has it by
 * then, masked and doubled.
 *
 *     withSlope(tanh, (b, { output }) => b.ops.tanh2deriv(output))
 */
export function withSlope<Names extends string>(
  activation: Activation<Names>,
  slope: (b: ProgramBuilder, at: { readonly sum: Ref; readonly output: Ref }) => Ref,
): Activation<Names> {
  return (b, sum) => {
    const result = activation(b, sum);
    // The sum itself keeps the derivative that it has.
    const own = result === sum ? b.ops.multiplyByNumber(sum) : result;
    return b.derivative(own, sum, ({ delta, output }) => b.ops.multiply(delta, slope(b, { sum, output })));
  };
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
