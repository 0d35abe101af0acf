import { infix } from "./code.ts";
import { pairs } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const multiply: ElementwiseOp<["left", "right"]> = {
  kind: "elementwise",
  noun: "product",
  signature: "left[...] right[...] -> [...]",
  expression: "left * right",
  gradient: {
    left: ({ delta, right }, emit) => emit.multiply(delta, right),
    right: ({ delta, left }, emit) => emit.multiply(delta, left),
  },
  print: { numpy: (left, right) => infix("*", left, right) },
};

export const examples: Examples = () => ({
  multiply: pairs,
});
