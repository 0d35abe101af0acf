import { saturating, single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/**
 * 1 / (1 + e⁻ˣ), which for negative x is eˣ / (1 + eˣ). In either form the power of e is e^−|x|, which never
 * overflows, and the small side keeps its digits: sigmoid(−100) is 3.7e-44, not 0.
 */
export const sigmoid: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "sigmoid",
  signature: "x[...] -> [...]",
  expression: "select(x >= 0, 1, exp(-abs(x))) / (1 + exp(-abs(x)))",
  gradient: { x: ({ delta, output }, emit) => emit.multiply(delta, emit.sigmoid2deriv(output)) },
};

export const sigmoid2deriv: ElementwiseOp<["output"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "output[...] -> [...]",
  expression: "output * (1 - output)",
  gradient: {},
};

export const examples: Examples = () => ({
  sigmoid: saturating,
  sigmoid2deriv: single,
});
