import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { shown } from "../shape/shown.ts";
import type { Metric } from "./loss.ts";

/**
 * The share of answers that are right.
 *
 * - With several outputs, a row is right where the largest prediction stands where the largest target does, the first of
 *   equals.
 * - With several outputs and `binaryCrossEntropy`, each target is a yes or no by itself, as for Keras's `BinaryAccuracy`: the share
 *   is that of all labels of all rows. Class numbers, by `ofLabels`, are classes all the same.
 * - With one output, prediction and target must lie on the same side, above or not above the middle: 0.5 for targets from 0 to
 *   1, 0 for targets of −1 and 1, in general halfway between two values.
 *
 * The predictions of `binaryCrossEntropy` are sums before a sigmoid: a yes where they are above 0. NaN is never
 * right. `accuracyAt` takes another threshold, `classAccuracy` the largest whatever the loss.
 */
export const accuracy: Metric<"accuracy", "accuracy"> = {
  key: "accuracy",
  label: "Accuracy",
  suffix: "accuracy",
  reduce: "mean",
  asksMiddle: true,
  append: (b, prediction, target, loss, middle) => {
    const isBinary = b.opOf(loss) === "binaryCrossEntropy";
    const isClasses = !isSingle(b, prediction) && (!isBinary || b.opOf(target) === "oneHot");
    if (isClasses) return b.ops.rightClasses(prediction, target);
    return isBinary ? sides(b, prediction, target, 0, 0.5) : sides(b, prediction, target, middle, middle);
  },
};

/**
 * The share of rows whose largest prediction stands where the largest target does, whatever the loss: of classes that were
 * learnt by `binaryCrossEntropy`, for example.
 */
export const classAccuracy: Metric<"classAccuracy", "class_accuracy"> = {
  key: "classAccuracy",
  label: "Class accuracy",
  suffix: "class_accuracy",
  reduce: "mean",
  append: (b, prediction, target) => b.ops.rightClasses(prediction, target),
};

/**
 * The share of predictions, of all outputs of all rows, that lie on their target's side: above `threshold` for a target above the
 * middle, as `accuracy` has it. Throws `RangeError` unless the threshold is finite.
 */
export function accuracyAt(threshold: number): Metric<"accuracy", "accuracy"> {
  if (!Number.isFinite(threshold))
    throw new RangeError(`accuracyAt(${shown(threshold)}): the threshold must be a finite number`);
  return {
    ...accuracy,
    append: (b, prediction, target, _loss, middle) => sides(b, prediction, target, threshold + 0, middle),
  };
}

function sides(b: ProgramBuilder, prediction: Ref, target: Ref, threshold: number, middle: number): Ref {
  // Metrics are float64: a float32 prediction of 0.1 must not lie above a threshold of 0.1.
  const within = (value: number) => (b.precision === "float32" ? Math.fround(value) : value);
  const parameters = { threshold: within(threshold), ...(middle === 0.5 ? {} : { middle: within(middle) }) };
  return b.ops.rightSides(prediction, target, parameters);
}

function isSingle(b: ProgramBuilder, prediction: Ref): boolean {
  return b.shape(prediction)[1] === 1;
}
