import { pairs } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/** IEEE 754's maximum: NaN wins, and 0 is above −0. Where the two are equal the derivative goes to the left one. */
export const maximum: ElementwiseOp<["left", "right"]> = {
  kind: "elementwise",
  noun: "maximum",
  signature: "left[...] right[...] -> [...]",
  expression: "max(left, right)",
  gradient: {
    left: ({ delta, left, right }, emit) => emit.multiply(delta, emit.atLeast(left, right)),
    right: ({ delta, left, right }, emit) => emit.multiply(delta, emit.below(left, right)),
  },
};

export const atLeast: ElementwiseOp<["left", "right"]> = {
  kind: "elementwise",
  noun: "choice",
  signature: "left[...] right[...] -> [...]",
  expression: "left >= right",
  gradient: {},
};

export const below: ElementwiseOp<["left", "right"]> = {
  kind: "elementwise",
  noun: "choice",
  signature: "left[...] right[...] -> [...]",
  expression: "left < right",
  gradient: {},
};

export const examples: Examples = () => ({
  maximum: pairs,
  atLeast: pairs,
  below: pairs,
});
