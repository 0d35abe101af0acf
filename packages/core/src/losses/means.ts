import type { Ref } from "../ops/op.ts";
import { madeOf } from "../program/alike.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { shown } from "../shape/shown.ts";
import { formatShape } from "../shape/size.ts";
import { type Loss, lossValue, type Metric } from "./loss.ts";

/** Σ |prediction − target|; `meanAbsoluteError` is its mean. */
export const absoluteError: Metric<"absoluteError", "absolute_error"> = {
  key: "absoluteError",
  label: "Absolute error",
  suffix: "absolute_error",
  append: (b, prediction, target) => b.ops.absoluteError(prediction, target),
};

/**
 * The mean of (prediction − target)² over the outputs of a row and over the rows of a batch, as in PyTorch and Keras. The
 * delta is 2 (prediction − target) / outputs / batch: with the chapter's `halfSquaredError` it has neither the 2 nor
 * the divisions. A metric as well: `metrics: [meanSquaredError]` reports it beside any loss.
 */
export const meanSquaredError: Loss<typeof lossValue> & Metric<"meanSquaredError", "mean_squared_error"> = {
  name: "meanSquaredError",
  key: "meanSquaredError",
  label: "Mean squared error",
  suffix: "mean_squared_error",
  append: (b, prediction, target) =>
    b.ops.meanSquaredError(prediction, target, { outputs: width(b, prediction) }),
  reduce: "mean",
  metrics: [lossValue],
};

/**
 * The mean of |prediction − target| over outputs and rows. The delta is the sign / outputs / batch, 0 where both agree. A
 * metric as well: `metrics: [meanAbsoluteError]` reports it beside any loss.
 */
export const meanAbsoluteError: Loss<typeof lossValue> & Metric<"meanAbsoluteError", "mean_absolute_error"> =
  {
    name: "meanAbsoluteError",
    key: "meanAbsoluteError",
    label: "Mean absolute error",
    suffix: "mean_absolute_error",
    append: (b, prediction, target) =>
      b.ops.meanAbsoluteError(prediction, target, { outputs: width(b, prediction) }),
    reduce: "mean",
    metrics: [lossValue],
  };

/**
 * Σ of half the squares of differences up to `limit` (default 1), beyond it of lines with the slope `limit`: Huber 1964,
 * PyTorch's `HuberLoss`. The delta is prediction − target, clipped to ±limit. A sum; `meanOf(huber())` averages the
 * rows. Throws `RangeError` unless the limit is finite and above 0.
 */
export function huber(limit = 1): Loss<typeof lossValue> {
  if (!Number.isFinite(limit) || limit <= 0)
    throw new RangeError(`huber(${shown(limit)}): the limit must be a finite number above 0`);
  return {
    name: "huber",
    append: madeOf((b, prediction, target) => b.ops.huber(prediction, target, { limit }), "huber", limit),
    reduce: "sum",
    metrics: [lossValue],
  };
}

function width(b: ProgramBuilder, prediction: Ref): number {
  const shape = b.shape(prediction);
  const [, columns] = shape;
  if (typeof columns === "number") return columns;
  throw new ShapeError(`a mean over outputs needs rows of predictions, but they are ${formatShape(shape)}`);
}
