import { single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/** The numbers of its operand, which the loss is not traced back through: to learning they are constants. */
export const stopGradient: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "constant",
  signature: "x[...] -> [...]",
  // A product, so that printed programs copy: Python updates weights in place.
  expression: "x * 1",
  stops: true,
  gradient: {},
};

export const examples: Examples = () => ({ stopGradient: single });
