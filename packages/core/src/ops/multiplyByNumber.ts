import { infix } from "./code.ts";
import { single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/** Parameter: `factor`, a number of the program itself, default 1; `scale` multiplies by an array. */
export const multiplyByNumber: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "multiple",
  signature: "x[...] -> [...]",
  parameters: { factor: 1 },
  expression: "x * factor",
  gradient: { x: ({ delta, parameters }, emit) => emit.multiplyByNumber(delta, parameters) },
  print: { numpy: (x, factor) => infix("*", x, factor) },
};

export const examples: Examples = () => ({
  multiplyByNumber: [1, 2, -0.3].flatMap((factor) =>
    single.map(({ inputs }) => ({ inputs, parameters: { factor } })),
  ),
});
