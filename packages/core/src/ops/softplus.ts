import { saturating } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/** log(1 + eˣ), whose power of e overflows; for positive x, log(1 + eˣ) = x + log(1 + e⁻ˣ). Its slope is the sigmoid. */
export const softplus: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "softplus",
  signature: "x[...] -> [...]",
  expression: "max(x, 0) + log1p(exp(-abs(x)))",
  gradient: { x: ({ delta, x }, emit) => emit.multiply(delta, emit.sigmoid(x)) },
};

export const examples: Examples = () => ({
  softplus: saturating,
});
