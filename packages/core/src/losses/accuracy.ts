import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape } from "../shape/size.ts";
import type { Metric } from "./loss.ts";

/**
 * The share of rows that are predicted right. With several outputs, the largest prediction must stand where the largest
 * target does (the first of equals; NaN wins). With one output both must lie on the same side: the target of 0.5, the
 * prediction of 0.5 too, or of 0 where the loss is `binaryCrossEntropy`, whose predictions are sums before a sigmoid.
 * `accuracyAt` takes another threshold.
 */
export const accuracy: Metric<"accuracy", "accuracy"> = {
  key: "accuracy",
  label: "Accuracy",
  suffix: "accuracy",
  reduce: "mean",
  append: (b, prediction, target, loss) =>
    isSingle(b, prediction)
      ? sides(b, prediction, target, b.opOf(loss) === "binaryCrossEntropy" ? 0 : 0.5)
      : b.ops.rightClasses(prediction, target),
};

/**
 * The share of rows whose one prediction lies on the target's side: above `threshold` for a target above 0.5. Throws `RangeError`
 * unless the threshold is finite, and when a program is built `ShapeError` where there are several outputs.
 */
export function accuracyAt(threshold: number): Metric<"accuracy", "accuracy"> {
  if (!Number.isFinite(threshold))
    throw new RangeError(`accuracyAt(${threshold}): the threshold must be a finite number`);
  return {
    ...accuracy,
    append: (b, prediction, target) => {
      if (isSingle(b, prediction)) return sides(b, prediction, target, threshold + 0);
      throw new ShapeError(
        `accuracyAt: a threshold is for one output, but predictions are ${formatShape(b.shape(prediction))}`,
      );
    },
  };
}

function sides(b: ProgramBuilder, prediction: Ref, target: Ref, threshold: number): Ref {
  return b.ops.rightSides(prediction, target, { threshold });
}

function isSingle(b: ProgramBuilder, prediction: Ref): boolean {
  return b.shape(prediction)[1] === 1;
}
