import { saturating } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const exp: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "exponential",
  signature: "x[...] -> [...]",
  expression: "exp(x)",
  gradient: { x: ({ delta, output }, emit) => emit.multiply(delta, output) },
};

export const examples: Examples = () => ({
  exp: saturating,
});
