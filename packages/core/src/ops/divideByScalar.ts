import { infix } from "./code.ts";
import { scalarAndArray } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

export const divideByScalar: ElementwiseOp<["x", "divisor"]> = {
  kind: "elementwise",
  noun: "quotient",
  signature: "x[...] divisor[] -> [...]",
  expression: "x / divisor",
  gradient: {
    x: ({ delta, divisor }, emit) => emit.divideByScalar(delta, divisor),
    // d(x/d)/dd = -(x/d)/d, summed because every element reads the one divisor.
    divisor: ({ delta, divisor, output }, emit) =>
      emit.negate(emit.divideByScalar(emit.total(emit.multiply(delta, output)), divisor)),
  },
  print: { numpy: (x, divisor) => infix("/", x, divisor) },
};

export const examples: Examples = () => ({
  divideByScalar: scalarAndArray.map(({ inputs: [scalar, array] }) => ({ inputs: [array!, scalar!] })),
});
