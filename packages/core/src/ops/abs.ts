import { call } from "./code.ts";
import { single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const abs: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "size",
  signature: "x[...] -> [...]",
  expression: "abs(x)",
  gradient: { x: ({ delta, x }, emit) => emit.multiply(delta, emit.sign(x)) },
  print: { numpy: (x) => call("np.abs", x) },
};

/** The slope of the absolute value; at 0, where it has none, 0 (and −0 at −0). */
export const sign: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "sign",
  signature: "x[...] -> [...]",
  expression: "select(x > 0, 1, select(x < 0, -1, x))",
  gradient: {},
};

export const examples: Examples = () => ({
  abs: single,
  sign: single,
});
