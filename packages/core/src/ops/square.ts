import { call, power } from "./code.ts";
import { single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const square: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "squared",
  signature: "x[...] -> [...]",
  expression: "x * x",
  gradient: { x: ({ delta, x }, emit) => emit.multiply(delta, emit.square2deriv(x)) },
  // NumPy squares an array by one multiplication, but a scalar through pow, which may differ in the last place.
  print: { numpy: (x) => power(x, 2), exact: (x) => call("np.square", x) },
};

export const square2deriv: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "x[...] -> [...]",
  expression: "2 * x",
  gradient: { x: ({ delta }, emit) => emit.square2deriv(delta) },
};

export const examples: Examples = () => ({
  square: single,
  square2deriv: single,
});
