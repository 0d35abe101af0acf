import { infix } from "./code.ts";
import { pairs } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const add: ElementwiseOp<["left", "right"]> = {
  kind: "elementwise",
  noun: "sum",
  signature: "left[...] right[...] -> [...]",
  expression: "left + right",
  gradient: { left: ({ delta }) => delta, right: ({ delta }) => delta },
  print: { numpy: (left, right) => infix("+", left, right) },
};

export const examples: Examples = () => ({
  add: pairs,
});
