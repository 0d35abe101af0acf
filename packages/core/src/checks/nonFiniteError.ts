import type { Phase } from "../program/data.ts";
import { elementText } from "../shape/place.ts";
import { str } from "../text/array.ts";
import { python } from "../text/scalar.ts";
import type { NonFinite, NonFiniteNumber } from "./nonFinite.ts";
import type { OperandAt } from "./operandsAt.ts";
import { table } from "./table.ts";

/**
 * A training that left the finite numbers, and where.
 *
 *     matmul(layer_0, weights_0_1): layer_1[0, 0] became inf
 *       left   [1. 0. 1.]            row 0 of layer_0
 *       right  [9.e+307 1.e+000 …]   column 0 of weights_0_1
 *       in predict: layer_1 = layer_0.dot(weights_0_1)
 *       at epoch 3, batch 1, step 0, example 2, all counted from 0
 *       usual cause: …
 */
export class NonFiniteError extends Error implements Omit<NonFiniteNumber, "before"> {
  override readonly name = "NonFiniteError";

  readonly array: string;
  readonly element: readonly number[];
  readonly value: number;
  readonly epoch: number;
  readonly batch: number;
  readonly step?: number;
  readonly phase?: Phase;
  readonly op?: string;
  readonly line?: string;
  readonly operands: readonly OperandAt[];
  readonly row?: number;
  override readonly cause: string;

  constructor(found: NonFinite) {
    super(message(found));
    this.array = found.array;
    this.element = found.element;
    this.value = found.value;
    this.epoch = found.epoch;
    this.batch = found.batch;
    this.operands = found.operands;
    this.cause = found.cause;
    if (found.row !== undefined) this.row = found.row;
    if (found.step === undefined) return;
    this.step = found.step;
    this.phase = found.phase;
    this.op = found.op;
    this.line = found.line;
  }
}

function message(found: NonFinite): string {
  const { array, element, value, epoch, batch, step, phase, op, line, operands, row, cause } = found;
  const what = elementText(array, element);
  const problem =
    op === undefined
      ? `${what} is ${python(value)} before a step has run`
      : `${op}(${operands.map(({ name }) => name).join(", ")}): ${what} became ${python(value)}`;
  const place = [
    `epoch ${epoch}`,
    `batch ${batch}`,
    ...(step === undefined ? [] : [`step ${step}`]),
    ...(row === undefined ? [] : [`example ${row}`]),
  ].join(", ");
  return [
    problem,
    ...table(operands.map(operandRow)).map((text) => `  ${text}`),
    ...(line === undefined ? [] : [`  in ${phase}: ${line}`]),
    `  at ${place}, all counted from 0`,
    `  usual cause: ${cause}`,
  ].join("\n");
}

/** Long rows show their ends, as NumPy's do; the fields have all numbers. */
function operandRow({ operand, name, place, numbers }: OperandAt): string[] {
  const shown = numbers.ndim === 0 ? python(numbers.at(), numbers.dtype) : str(numbers, shortened);
  return [operand, shown, numbers.ndim === 0 ? place : `${place} of ${name}`];
}

const shortened = { threshold: 6, edgeitems: 2, linewidth: 1000 };
