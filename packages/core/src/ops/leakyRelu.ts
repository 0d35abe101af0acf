import { single } from "./examples.ts";
import type { ElementwiseOp, Example, Examples } from "./op.ts";

const steeper = (): readonly Example[] =>
  [0.25, -0.5].flatMap((slope) => single.map(({ inputs }) => ({ inputs, parameters: { slope } })));

/** Parameter: `slope`, by which negative numbers shrink, default 0.01 (Maas, Hannun and Ng 2013). */
export const leakyRelu: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "leak",
  signature: "x[...] -> [...]",
  parameters: { slope: 0.01 },
  expression: "select(x > 0, x, slope * x)",
  gradient: {
    x: ({ delta, x, parameters }, emit) => emit.multiply(delta, emit.leakyRelu2deriv(x, parameters)),
  },
};

/** From the operand, since with a slope of 0 or below the result no longer tells. At 0 it is `slope`. */
export const leakyRelu2deriv: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "x[...] -> [...]",
  parameters: { slope: 0.01 },
  expression: "select(x > 0, 1, slope)",
  gradient: {},
};

export const examples: Examples = () => ({
  leakyRelu: [...single, ...steeper()],
  leakyRelu2deriv: [...single, ...steeper()],
});
