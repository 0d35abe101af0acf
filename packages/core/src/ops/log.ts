import { positive } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/** −∞ at 0 and NaN below it. */
export const log: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "logarithm",
  signature: "x[...] -> [...]",
  expression: "log(x)",
  gradient: { x: ({ delta, x }, emit) => emit.divide(delta, x) },
};

export const examples: Examples = () => ({
  log: positive,
});
