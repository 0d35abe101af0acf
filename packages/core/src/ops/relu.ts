import { single } from "./examples.ts";
import type { ElementwiseOp, Examples } from "./op.ts";

/**
 * A product, not a choice: negatives give −0 and −∞ gives NaN, as in the book's `(x > 0) * x`.
 *
 * Parameters: `at_zero`, the derivative at 0 (0 or 1, default 0), and `of_output` (0 or 1). The derivative
 * is taken from the result where `at_zero` is 0, since then the two agree, and from the operand where it is 1.
 * `of_output: 1` takes it from the result all the same: that is `output >= 0` of the book's later chapters,
 * which lets every unit pass, because relu turns negatives into −0 and −0 >= 0 holds.
 */
export const relu: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "relu",
  signature: "x[...] -> [...]",
  parameters: { at_zero: 0, of_output: 0 },
  expression: "(x > 0) * x",
  gradient: {
    x: ({ delta, x, output, parameters }, emit) => {
      const { at_zero = 0, of_output = 0 } = parameters;
      return emit.multiply(
        delta,
        emit.relu2deriv(at_zero === 1 && of_output === 0 ? x : output, { at_zero }),
      );
    },
  },
};

/** Has no gradient of its own: it is flat wherever it is smooth. */
export const relu2deriv: ElementwiseOp<["output"]> = {
  kind: "elementwise",
  noun: "slope",
  signature: "output[...] -> [...]",
  parameters: { at_zero: 0 },
  expression: "select(at_zero, output >= 0, output > 0)",
  gradient: {},
};

export const examples: Examples = () => ({
  relu: single,
  relu2deriv: [...single, ...single.map(({ inputs }) => ({ inputs, parameters: { at_zero: 1 } }))],
});
