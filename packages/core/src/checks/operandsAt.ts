import { wrap } from "../array/create.ts";
import type { NumericArray } from "../array/numericArray.ts";
import { compileMetric } from "../ops/loops.ts";
import type { MetricOp, Op, Parameters, RowMetricOp } from "../ops/op.ts";
import { signature } from "../ops/signature.ts";
import type { Block } from "../shape/block.ts";
import { elementText } from "../shape/place.ts";

/** What one operand of a step contributes to one element of its result. */
export interface OperandAt {
  /** Its role in the op, such as `left`. */
  readonly operand: string;
  readonly name: string;
  /** `row 2`, `column 0`, `layer_1[2, 0]`. */
  readonly place: string;
  /** One number, or those that are added up. */
  readonly numbers: NumericArray;
}

/**
 * The numbers that one element of a result is computed from. The op's signature says which: in
 * `left[n k] right[k m] -> [n m]` element [2, 0] binds n to 2 and m to 0 and leaves k open, so it has row 2 of the left and
 * column 0 of the right operand.
 */
export function operandsAt(
  op: Op,
  names: readonly string[],
  inputs: readonly Block[],
  element: readonly number[],
): readonly OperandAt[] {
  const { operands, result } = signature(op.signature);
  return pick(operands, names, inputs, bind(result, element));
}

/** The numbers of a metric's term: of one element, or of a whole row where `term` names only that. */
export function termAt(
  op: MetricOp | RowMetricOp,
  names: readonly string[],
  inputs: readonly Block[],
  term: readonly number[],
): readonly OperandAt[] {
  const { operands } = signature(op.signature);
  return pick(operands, names, inputs, bind(operands[0]!.pattern.slice(0, term.length), term));
}

/** The first term at which a running total is no longer finite: its row and, where a row's terms are its elements', column. */
export function failingTerm(
  op: MetricOp | RowMetricOp,
  parameters: Parameters,
  inputs: readonly Block[],
  total: number,
): readonly number[] {
  const accumulate = compileMetric(op, parameters);
  const [rows, columns] = inputs[0]!.shape as [number, number];
  const until = (row: number, end: number) =>
    inputs.map((input) =>
      wrap(input).slice([row, row + 1], ...(input.shape.length > 1 ? [[0, end] as const] : [])),
    );
  let sum = total;
  for (let row = 0; row < rows; row++) {
    const before = sum;
    sum = accumulate(until(row, columns), before);
    if (Number.isFinite(sum)) continue;
    if ("row" in op) return [row];
    for (let column = 0; column < columns; column++)
      if (!Number.isFinite(accumulate(until(row, column + 1), before))) return [row, column];
  }
  throw new RangeError("every term leaves the total finite");
}

interface Bound {
  readonly letters: ReadonlyMap<string, number>;
  readonly rest: readonly number[];
}

function bind(pattern: readonly string[], element: readonly number[]): Bound {
  const letters = pattern.filter((symbol) => symbol !== "...");
  return {
    letters: new Map(letters.map((letter, axis) => [letter, element[axis]!])),
    rest: element.slice(letters.length),
  };
}

function pick(
  operands: readonly { readonly name: string; readonly pattern: readonly string[] }[],
  names: readonly string[],
  inputs: readonly Block[],
  { letters, rest }: Bound,
): OperandAt[] {
  return inputs.map((input, position) => {
    const { name: operand, pattern } = operands[position]!;
    const selectors = pattern.flatMap<number | null>((symbol) =>
      symbol === "..." ? rest : [letters.get(symbol) ?? null],
    );
    const name = names[position]!;
    return {
      operand,
      name,
      place: placeText(name, selectors),
      numbers: wrap(input)
        .slice(...selectors)
        .copy(),
    };
  });
}

function placeText(name: string, selectors: readonly (number | null)[]): string {
  const [row, column] = selectors;
  if (!selectors.includes(null)) return elementText(name, selectors as number[]);
  if (selectors.length === 2 && row !== null) return `row ${row}`;
  if (selectors.length === 2 && column !== null) return `column ${column}`;
  return `[${selectors.map((index) => index ?? ":").join(", ")}]`;
}
