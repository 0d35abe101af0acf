import { minus } from "./code.ts";
import { single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const negate: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "negated",
  signature: "x[...] -> [...]",
  expression: "-x",
  gradient: { x: ({ delta }, emit) => emit.negate(delta) },
  print: { numpy: minus },
};

export const examples: Examples = () => ({
  negate: single,
});
