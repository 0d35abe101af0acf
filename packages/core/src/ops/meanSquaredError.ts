import { predictions } from "./metrics.ts";
import type { ElementwiseOp, Examples, MetricOp } from "./op.ts";

const halved = () => predictions.map(({ inputs }) => ({ inputs, parameters: { outputs: 2 } }));

/** Parameter: `outputs`, over how many numbers of a row the mean is taken, default 1. */
export const meanSquaredError: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "loss",
  signature: "prediction[n m] target[n m] -> []",
  parameters: { outputs: 1 },
  expression: "(prediction - target) * (prediction - target) / outputs",
  gradient: {
    prediction: ({ prediction, target, parameters }, emit) =>
      emit.meanSquaredError2deriv(prediction, target, parameters),
    target: ({ prediction, target, parameters }, emit) =>
      emit.meanSquaredError2deriv(target, prediction, parameters),
  },
};

export const meanSquaredError2deriv: ElementwiseOp<["prediction", "target"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "prediction[...] target[...] -> [...]",
  parameters: { outputs: 1 },
  expression: "2 * (prediction - target) / outputs",
  gradient: {},
};

export const examples: Examples = () => ({
  meanSquaredError: [...predictions, ...halved()],
  meanSquaredError2deriv: [...predictions, ...halved()],
});
