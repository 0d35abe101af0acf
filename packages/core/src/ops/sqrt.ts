import { call } from "./code.ts";
import { positive } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/** NaN below 0; −0 stays. */
export const sqrt: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "root",
  signature: "x[...] -> [...]",
  expression: "sqrt(x)",
  gradient: { x: ({ delta, output }, emit) => emit.multiply(delta, emit.sqrt2deriv(output)) },
  print: { numpy: (x) => call("np.sqrt", x) },
};

export const sqrt2deriv: ElementwiseOp<["output"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "output[...] -> [...]",
  expression: "0.5 / output",
  gradient: {},
};

export const examples: Examples = () => ({
  sqrt: positive,
  sqrt2deriv: positive,
});
