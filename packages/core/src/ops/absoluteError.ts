import { call, infix } from "./code.ts";
import { predictions } from "./metrics.ts";
import type { ElementwiseOp, Examples, MetricOp } from "./op.ts";

export const absoluteError: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "error",
  signature: "prediction[n m] target[n m] -> []",
  expression: "abs(prediction - target)",
  gradient: {
    prediction: ({ prediction, target }, emit) => emit.sign(emit.subtract(prediction, target)),
    target: ({ prediction, target }, emit) => emit.sign(emit.subtract(target, prediction)),
  },
  print: {
    numpy: (prediction, target) => call("np.sum", call("np.abs", infix("-", prediction, target))),
  },
};

const halved = () => predictions.map(({ inputs }) => ({ inputs, parameters: { outputs: 2 } }));

/** Parameter: `outputs`, over how many numbers of a row the mean is taken, default 1. */
export const meanAbsoluteError: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "loss",
  signature: "prediction[n m] target[n m] -> []",
  parameters: { outputs: 1 },
  expression: "abs(prediction - target) / outputs",
  gradient: {
    prediction: ({ prediction, target, parameters }, emit) =>
      emit.meanAbsoluteError2deriv(prediction, target, parameters),
    target: ({ prediction, target, parameters }, emit) =>
      emit.meanAbsoluteError2deriv(target, prediction, parameters),
  },
};

/** 0 where the prediction is the target. */
export const meanAbsoluteError2deriv: ElementwiseOp<["prediction", "target"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "prediction[...] target[...] -> [...]",
  parameters: { outputs: 1 },
  expression:
    "select(prediction > target, 1, select(prediction < target, -1, prediction - target)) / outputs",
  gradient: {},
};

export const examples: Examples = () => ({
  absoluteError: predictions,
  meanAbsoluteError: [...predictions, ...halved()],
  meanAbsoluteError2deriv: [...predictions, ...halved()],
});
