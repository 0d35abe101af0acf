import { call } from "./code.ts";
import { predictions } from "./metrics.ts";
import type { Examples, MetricOp } from "./op.ts";

/** Reports numbers that other ops have computed, such as a loss that is put together of several. */
export const runningTotal: MetricOp<["x"]> = {
  kind: "metric",
  noun: "total",
  signature: "x[n m] -> []",
  expression: "x",
  gradient: {},
  print: { numpy: (x) => call("np.sum", x) },
};

export const examples: Examples = () => ({
  runningTotal: predictions.map(({ inputs: [x] }) => ({ inputs: [x!] })),
});
