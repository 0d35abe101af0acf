import { type Block, count, positions, rowStrides } from "../shape/block.ts";
import { called } from "./called.ts";
import { compile, type Evaluate, parse, type Round, substitute } from "./language.ts";
import type { ElementwiseOp, MetricOp, Parameters, RowMetricOp } from "./op.ts";
import { signature } from "./signature.ts";

/** Prepares an elementwise or metric op for many calls with the same parameters. */
export function compileOp(op: ElementwiseOp | MetricOp, parameters: Parameters, round: Round): Evaluate {
  const names = signature(op.signature).operands.map((operand) => operand.name);
  const values = { ...op.parameters, ...parameters } as Record<string, number>;
  return compile(substitute(parse(op.expression, called), values), names, round, called);
}

/** Element by element; a scalar operand meets every element of the others. `output` is contiguous from position 0. */
export function elementwise(evaluate: Evaluate, inputs: readonly Block[], output: Block): void {
  const size = count(output.shape);
  const places = inputs.map((input) => locate(input, output));
  const values = inputs.map(() => 0);
  for (let element = 0; element < size; element++) {
    for (let operand = 0; operand < inputs.length; operand++)
      values[operand] = inputs[operand]!.data[places[operand]!(element)]!;
    output.data[element] = evaluate(values);
  }
}

/** Where the operand's partner of each element of the output lies. */
function locate(input: Block, output: Block): (element: number) => number {
  const { offset } = input;
  if (input.shape.length < output.shape.length) return () => offset;
  const contiguous = rowStrides(input.shape).every((stride, axis) => stride === input.strides[axis]);
  if (contiguous) return (element) => offset + element;
  const scattered = [...positions(input)];
  return (element) => scattered[element]!;
}

/** Prepares a metric op for many calls: what it makes of the stored total and the rows of a batch. */
export function compileMetric(
  op: MetricOp | RowMetricOp,
  parameters: Parameters,
): (inputs: readonly Block[], total: number) => number {
  if ("row" in op) return (inputs, total) => accumulateRows(op.row, inputs, total);
  const evaluate = compileOp(op, parameters, (value) => value);
  return (inputs, total) => accumulate(evaluate, inputs, total);
}

/** Row by row: the terms of a row are added up in ascending order, then that sum is added to `total`. Float64. */
export function accumulate(evaluate: Evaluate, inputs: readonly Block[], total: number): number {
  const [rows, columns] = inputs[0]!.shape as [number, number];
  const values = inputs.map(() => 0);
  for (let row = 0; row < rows; row++) {
    let sum = columns === 0 ? 0 : -0;
    for (let column = 0; column < columns; column++) {
      for (const [operand, { data, offset, strides }] of inputs.entries())
        values[operand] = data[offset + row * strides[0]! + column * strides[1]!]!;
      sum += evaluate(values);
    }
    total += sum;
  }
  return total;
}

/** Row by row: the row's term is added to `total`. Float64. */
export function accumulateRows(term: RowMetricOp["row"], inputs: readonly Block[], total: number): number {
  const rows = inputs[0]!.shape[0]!;
  for (let row = 0; row < rows; row++)
    total += term(
      inputs.map(({ data, shape, strides, offset }) =>
        Array.from(
          { length: shape[1]! },
          (_, column) => data[offset + row * strides[0]! + column * strides[1]!]!,
        ),
      ),
    );
  return total;
}
