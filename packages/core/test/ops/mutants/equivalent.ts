/** A change that changes nothing, told by the op or function and the lines before and after. */
export interface Equivalent {
  readonly where: string;
  readonly change: string;
  readonly proof: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    where: "stopGradient",
    change: ['- expression: "x * 1",', '+ expression: "x / 1",'].join("\n"),
    proof: "x * 1 and x / 1 are both x",
  },
  {
    where: "stopGradient",
    change: ['- expression: "x * 1",', '+ expression: "x",'].join("\n"),
    proof: "x * 1 is x; that a printed program copies is a promise of programs, tested there",
  },
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
  {
    where: "clip",
    change: [
      '- expression: "select(x > limit, limit, select(x < -limit, -limit, x))",',
      '+ expression: "select(x >= limit, limit, select(x < -limit, -limit, x))",',
    ].join("\n"),
    proof: "the two differ at x = limit only, where x is limit",
  },
  {
    where: "clip",
    change: [
      '- expression: "select(x > limit, limit, select(x < -limit, -limit, x))",',
      '+ expression: "select(x > limit, limit, select(x <= -limit, -limit, x))",',
    ].join("\n"),
    proof: "the two differ at x = -limit only, where x is -limit",
  },
  {
    where: "sigmoid",
    change: [
      '- expression: "select(x >= 0, 1, exp(-abs(x))) / (1 + exp(-abs(x)))",',
      '+ expression: "select(x > 0, 1, exp(-abs(x))) / (1 + exp(-abs(x)))",',
    ].join("\n"),
    proof: "the two differ at x = 0 and x = -0 only, where e to the power of -0 is 1",
  },
  {
    where: "maximum",
    change: [
      "- left: ({ delta, left, right }, emit) => emit.multiply(delta, emit.atLeast(left, right)),",
      "+ left: ({ left, right, output, delta, parameters }, emit) => emit.multiply(delta, emit.atLeast(left, output)),",
    ].join("\n"),
    proof: "the left is at least the right where it is at least the larger of the two",
  },
  {
    where: "maximum",
    change: [
      "- right: ({ delta, left, right }, emit) => emit.multiply(delta, emit.below(left, right)),",
      "+ right: ({ left, right, output, delta, parameters }, emit) => emit.multiply(delta, emit.below(left, output)),",
    ].join("\n"),
    proof: "the left is below the right where it is below the larger of the two",
  },
  {
    where: "softmax",
    change: [
      "- for (let column = 0; column < columns; column++)",
      "- most = Math.max(most, x!.data[start + column * across]!);",
      "+ {  for (let column = columns - 1; column >= 0; column--) most = Math.max(most, x!.data[start + column * across]!); }",
    ].join("\n"),
    proof: "the largest number is the same in any order",
  },
  {
    where: "logSoftmax",
    change: [
      "- for (let column = 0; column < columns; column++)",
      "- most = Math.max(most, x!.data[start + column * across]!);",
      "+ {  for (let column = columns - 1; column >= 0; column--) most = Math.max(most, x!.data[start + column * across]!); }",
    ].join("\n"),
    proof: "the largest number is the same in any order",
  },
  {
    where: "softmax",
    change: [
      "- x: ({ delta, output }, emit) => {",
      "- const share = emit.sumColumns(emit.multiply(delta, output));",
      "- return emit.multiply(",
      "- output,",
      "- emit.subtract(delta, emit.spreadColumns(share, { m: emit.size(output, 1) })),",
      "+ x: ({ x, output, delta, parameters }, emit) => {",
      "+ const share = emit.sumColumns(emit.multiply(delta, output));",
      "+ return emit.multiply(",
      "+ output,",
      "+ emit.subtract(delta, emit.spreadColumns(share, { m: emit.size(x, 1) })),",
    ].join("\n"),
    proof: "operand, result and delta have one shape",
  },
  {
    where: "logSoftmax",
    change: [
      "- x: ({ delta, output }, emit) => {",
      "- const total = emit.spreadColumns(emit.sumColumns(delta), { m: emit.size(output, 1) });",
      "+ x: ({ x, output, delta, parameters }, emit) => {",
      "+ const total = emit.spreadColumns(emit.sumColumns(delta), { m: emit.size(x, 1) });",
    ].join("\n"),
    proof: "operand, result and delta have one shape",
  },
  {
    where: "softmax",
    change: [
      "- x: ({ delta, output }, emit) => {",
      "- const share = emit.sumColumns(emit.multiply(delta, output));",
      "- return emit.multiply(",
      "- output,",
      "- emit.subtract(delta, emit.spreadColumns(share, { m: emit.size(output, 1) })),",
      "+ x: ({ x, output, delta, parameters }, emit) => {",
      "+ const share = emit.sumColumns(emit.multiply(delta, output));",
      "+ return emit.multiply(",
      "+ output,",
      "+ emit.subtract(delta, emit.spreadColumns(share, { m: emit.size(delta, 1) })),",
    ].join("\n"),
    proof: "operand, result and delta have one shape",
  },
  {
    where: "logSoftmax",
    change: [
      "- x: ({ delta, output }, emit) => {",
      "- const total = emit.spreadColumns(emit.sumColumns(delta), { m: emit.size(output, 1) });",
      "+ x: ({ x, output, delta, parameters }, emit) => {",
      "+ const total = emit.spreadColumns(emit.sumColumns(delta), { m: emit.size(delta, 1) });",
    ].join("\n"),
    proof: "operand, result and delta have one shape",
  },
  {
    where: "rightClasses",
    change: [
      "- row: ([prediction, target]) => (largest(prediction!) === largest(target!) ? 1 : 0),",
      "+ row: ([target, prediction]) => (largest(prediction!) === largest(target!) ? 1 : 0),",
    ].join("\n"),
    proof: "equality does not ask which of the two comes first",
  },
  {
    where: "rightSides",
    change: [
      '- "select(prediction > threshold, target > middle, (prediction <= threshold) * (target <= middle))",',
      '+ "select(prediction > threshold, target > middle, (prediction <= prediction) * (target <= middle))",',
    ].join("\n"),
    proof: "what is not above the threshold is at most the threshold, or NaN, which is not even at most NaN",
  },
  {
    where: "categoricalCrossEntropy",
    change: [
      "- prediction: ({ prediction, target }, emit) => {",
      "- const total = emit.spreadColumns(emit.sumColumns(target), { m: emit.size(target, 1) });",
      "+ prediction: ({ prediction, target, output, parameters }, emit) => {",
      "+ const total = emit.spreadColumns(emit.sumColumns(target), { m: emit.size(prediction, 1) });",
    ].join("\n"),
    proof: "predictions and targets have one shape",
  },
  {
    where: "huber",
    change: [
      '- "select(abs(prediction - target) < limit, 0.5 * ((prediction - target) * (prediction - target)), limit * (abs(prediction - target) - 0.5 * limit))",',
      '+ "select(abs(prediction - target) <= limit, 0.5 * ((prediction - target) * (prediction - target)), limit * (abs(prediction - target) - 0.5 * limit))",',
    ].join("\n"),
    proof: "where the size is the limit, both branches are half its square, and halving is exact",
  },
];
