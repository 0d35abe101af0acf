import { infix } from "./code.ts";
import { pairs } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const subtract: ElementwiseOp<["left", "right"]> = {
  kind: "elementwise",
  noun: "difference",
  signature: "left[...] right[...] -> [...]",
  expression: "left - right",
  gradient: { left: ({ delta }) => delta, right: ({ delta }, emit) => emit.negate(delta) },
  print: { numpy: (left, right) => infix("-", left, right) },
};

export const examples: Examples = () => ({
  subtract: pairs,
});
