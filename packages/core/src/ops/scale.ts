import { infix } from "./code.ts";
import { scalarAndArray } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const scale: ElementwiseOp<["factor", "x"]> = {
  kind: "elementwise",
  noun: "scaled",
  signature: "factor[] x[...] -> [...]",
  expression: "factor * x",
  gradient: {
    factor: ({ delta, x }, emit) => emit.total(emit.multiply(delta, x)),
    x: ({ delta, factor }, emit) => emit.scale(factor, delta),
  },
  print: { numpy: (factor, x) => infix("*", factor, x) },
};

export const examples: Examples = () => ({
  scale: scalarAndArray,
});
