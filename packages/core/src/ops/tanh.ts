import { saturating, single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const tanh: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "tanh",
  signature: "x[...] -> [...]",
  expression: "tanh(x)",
  gradient: { x: ({ delta, output }, emit) => emit.multiply(delta, emit.tanh2deriv(output)) },
};

export const tanh2deriv: ElementwiseOp<["output"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "output[...] -> [...]",
  expression: "1 - output * output",
  gradient: {},
};

export const examples: Examples = () => ({
  tanh: saturating,
  tanh2deriv: single,
});
