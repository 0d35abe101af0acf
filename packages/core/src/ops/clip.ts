import { single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/** Parameter: `limit`, above 0, default 1. NaN stays. */
export const clip: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "clipped",
  signature: "x[...] -> [...]",
  parameters: { limit: 1 },
  expression: "select(x > limit, limit, select(x < -limit, -limit, x))",
  gradient: {
    x: ({ delta, x, parameters }, emit) => emit.multiply(delta, emit.clip2deriv(x, parameters)),
  },
};

export const clip2deriv: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "x[...] -> [...]",
  parameters: { limit: 1 },
  expression: "abs(x) <= limit",
  gradient: {},
};

export const examples: Examples = () => ({
  clip: [...single, ...single.map(({ inputs }) => ({ inputs, parameters: { limit: 0.8 } }))],
  clip2deriv: [...single, ...single.map(({ inputs }) => ({ inputs, parameters: { limit: 0.8 } }))],
});
