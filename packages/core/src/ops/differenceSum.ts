import { call, infix } from "./code.ts";
import { predictions } from "./metrics.ts";
import type { Examples, MetricOp } from "./op.ts";

/** Not squared: what the book's last program reports. Differences of opposite sign cancel, so it is no loss. */
export const differenceSum: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "error",
  signature: "prediction[n m] target[n m] -> []",
  expression: "prediction - target",
  gradient: {},
  print: { numpy: (prediction, target) => call("np.sum", infix("-", prediction, target)) },
};

export const examples: Examples = () => ({
  differenceSum: predictions,
});
