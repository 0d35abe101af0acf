import { atom, call, infix, power } from "./code.ts";
import { predictions } from "./metrics.ts";
import type { Examples, MetricOp } from "./op.ts";

export const squaredError: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "error",
  signature: "prediction[n m] target[n m] -> []",
  expression: "(prediction - target) * (prediction - target)",
  gradient: {
    prediction: ({ prediction, target }, emit) => emit.square2deriv(emit.subtract(prediction, target)),
    target: ({ prediction, target }, emit) => emit.square2deriv(emit.subtract(target, prediction)),
  },
  print: { numpy: (prediction, target) => call("np.sum", power(infix("-", prediction, target), 2)) },
};

/** Half of it, as a loss: its derivative is exactly the book's `layer_2_delta = layer_2 - walk_vs_stop`. */
export const halfSquaredError: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "loss",
  signature: "prediction[n m] target[n m] -> []",
  expression: "0.5 * ((prediction - target) * (prediction - target))",
  gradient: {
    prediction: ({ prediction, target }, emit) => emit.subtract(prediction, target),
    target: ({ prediction, target }, emit) => emit.subtract(target, prediction),
  },
  print: {
    numpy: (prediction, target) =>
      call("np.sum", infix("*", atom("0.5"), power(infix("-", prediction, target), 2))),
  },
};

export const examples: Examples = () => ({
  squaredError: predictions,
  halfSquaredError: predictions,
});
