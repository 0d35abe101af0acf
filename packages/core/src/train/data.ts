import type { Precision } from "../program/data.ts";
import { type Flat, flatten, type Numbers } from "../shape/numbers.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape } from "../shape/size.ts";

/** Examples to learn from: a row of `inputs` and a row of `targets` each. A list of plain numbers is one column. */
export interface Examples {
  readonly inputs: Numbers;
  readonly targets: Numbers;
}

/** Numbers that cannot be learnt from: the text names the row and column of the first. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/** Lays out rows of `width` numbers. Throws `ShapeError` or `DataError` naming the first row and column that is wrong. */
export function rowsOf(
  name: string,
  numbers: Numbers,
  width: number,
  precision: Precision = "float64",
): Flat {
  const given = flatten(name, numbers);
  const column = given.shape.length === 1 && (width === 1 || given.shape[0] === 0);
  const flat: Flat = column ? { ...given, shape: [given.shape[0]!, width] } : given;
  if (flat.shape.length !== 2 || flat.shape[1] !== width)
    throw new ShapeError(
      `${name}: rows of ${width} number${width === 1 ? "" : "s"} are needed, but the shape is ${formatShape(given.shape)}`,
    );
  for (let position = 0; position < flat.values.length; position++)
    if (!isFiniteIn(precision, flat.values[position]!))
      throw new DataError(
        `${name}: row ${Math.floor(position / width)}, column ${position % width} is ${flat.values[position]}; ` +
          `every number must be finite${precision === "float32" ? " in float32" : ""}: leave the row out or fill the gap`,
      );
  return flat;
}

function isFiniteIn(precision: Precision, value: number): boolean {
  return Number.isFinite(precision === "float32" ? Math.fround(value) : value);
}

/** Both sides of the examples. Throws `ShapeError` where they differ in rows, `DataError` where there are none. */
export function examplesOf(
  data: Examples,
  inputWidth: number,
  targetWidth: number,
  precision: Precision = "float64",
): { inputs: Flat; targets: Flat } {
  const inputs = rowsOf("inputs", data.inputs, inputWidth, precision);
  const targets = rowsOf("targets", data.targets, targetWidth, precision);
  if (inputs.shape[0] !== targets.shape[0])
    throw new ShapeError(`inputs have ${inputs.shape[0]} rows but targets have ${targets.shape[0]}`);
  if (inputs.shape[0] === 0) throw new DataError("there are no examples: inputs and targets have no rows");
  return { inputs, targets };
}
