import { infix } from "./code.ts";
import { pairs } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const divide: ElementwiseOp<["left", "right"]> = {
  kind: "elementwise",
  noun: "quotient",
  signature: "left[...] right[...] -> [...]",
  expression: "left / right",
  gradient: {
    left: ({ delta, right }, emit) => emit.divide(delta, right),
    // d(l/r)/dr = -l/r² = -(l/r)/r, which reads the result instead of squaring r.
    right: ({ delta, right, output }, emit) => emit.negate(emit.divide(emit.multiply(delta, output), right)),
  },
  print: { numpy: (left, right) => infix("/", left, right) },
};

export const examples: Examples = () => ({
  divide: pairs,
});
