import { predictions } from "./metrics.ts";
import type { Examples, MetricOp } from "./op.ts";

/**
 * Half the square of a difference up to `limit` (default 1), beyond it the line that goes on from there with the slope
 * it has: Huber 1964. So outliers pull no harder than `limit`.
 */
export const huber: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "loss",
  signature: "prediction[n m] target[n m] -> []",
  parameters: { limit: 1 },
  expression:
    "select(abs(prediction - target) < limit, 0.5 * ((prediction - target) * (prediction - target)), limit * (abs(prediction - target) - 0.5 * limit))",
  gradient: {
    prediction: ({ prediction, target, parameters }, emit) =>
      emit.clip(emit.subtract(prediction, target), parameters),
    target: ({ prediction, target, parameters }, emit) =>
      emit.clip(emit.subtract(target, prediction), parameters),
  },
};

export const examples: Examples = () => ({
  huber: [...predictions, ...predictions.map(({ inputs }) => ({ inputs, parameters: { limit: 0.6 } }))],
});
