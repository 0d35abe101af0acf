/** A change that changes nothing, told by the op or function and the lines before and after. */
export interface Equivalent {
  readonly where: string;
  readonly change: string;
  readonly proof: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    where: "relu",
    change: ['- expression: "(x > 0) * x",', '+ expression: "(x >= 0) * x",'].join("\n"),
    proof: "the two differ at x = 0 and x = -0 only, where 0 * x and 1 * x are both x",
  },
  {
    where: "elementwise",
    change: ["- const values = inputs.map(() => 0);", "+ const values = inputs.map(() => 1);"].join("\n"),
    proof: "every element of values is written before it is read",
  },
  {
    where: "accumulate",
    change: ["- const values = inputs.map(() => 0);", "+ const values = inputs.map(() => 1);"].join("\n"),
    proof: "every element of values is written before it is read",
  },
  {
    where: "accumulate",
    change: [
      "- const [rows, columns] = inputs[0]!.shape as [number, number];",
      "+ const [rows, columns] = inputs[1]!.shape as [number, number];",
    ].join("\n"),
    proof: "every metric's signature gives its two operands the one shape [n m]",
  },
  {
    where: "locate",
    change: [
      "- const contiguous = rowStrides(input.shape).every((stride, axis) => stride === input.strides[axis]);",
      "+ const contiguous = rowStrides(input.shape).every((stride, axis) => stride === input.shape[axis]);",
    ].join("\n"),
    proof:
      "the last row stride is 1, so the last size is 1, so the stride before it is 1, and so on: one element",
  },
  {
    where: "compile",
    change: [
      '- return operator === "select" || round === unrounded ? evaluate : (values) => round(evaluate(values));',
      '+ return operator === "select" && round === unrounded ? evaluate : (values) => round(evaluate(values));',
    ].join("\n"),
    proof: "what select takes is rounded already, and to round it again, or not at all, leaves it as it is",
  },
];
