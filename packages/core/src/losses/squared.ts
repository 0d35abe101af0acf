import type { Loss, Metric } from "./loss.ts";

/** Σ (prediction − target)², which the chapter prints. */
export const squaredError: Metric<"squaredError", "error"> = {
  key: "squaredError",
  label: "Error",
  suffix: "error",
  append: (b, prediction, target) => b.ops.squaredError(prediction, target),
};

/** Σ (prediction − target), signs and all, which the chapter's last program prints. */
export const differenceSum: Metric<"differenceSum", "error"> = {
  key: "differenceSum",
  label: "Error",
  suffix: "error",
  append: (b, prediction, target) => b.ops.differenceSum(prediction, target),
};

/** ½ Σ (prediction − target)²: its derivative is exactly the chapter's delta, without a factor 2. */
export const halfSquaredError: Loss<typeof squaredError> = {
  name: "halfSquaredError",
  append: (b, prediction, target) => b.ops.halfSquaredError(prediction, target),
  reduce: "sum",
  metrics: [squaredError],
};
