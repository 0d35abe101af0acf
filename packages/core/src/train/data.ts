import type { ArrayDeclaration, ProgramData } from "../program/data.ts";
import { allocate, type Dtype, isWhole } from "../shape/block.ts";
import { type Flat, flatten, type Numbers } from "../shape/numbers.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { shown } from "../shape/shown.ts";
import { formatShape } from "../shape/size.ts";

/**
 * Examples to learn from: a row of `inputs` and a row of `targets` each. A list of plain numbers is one column, or class
 * numbers for a loss that is `ofLabels`.
 */
export interface Examples {
  readonly inputs: Numbers;
  readonly targets: Numbers;
}

/** Numbers that cannot be learnt from: the text names the row and column of the first. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/**
 * Rows for an array of a program, in its own type where that is one of whole numbers, which go from 0 to `most`; seen where they
 * are if they lie row after row.
 * Throws `ShapeError` or `DataError` naming the first row and column that is wrong.
 */
export function rowsOf(
  name: string,
  numbers: Numbers,
  { shape: [, columns], dtype }: Pick<ArrayDeclaration, "shape" | "dtype">,
  most = 255,
): Flat {
  const width = (columns ?? 1) as number;
  const given = flatten(name, numbers);
  const [rows = 0, ...rest] = given.shape;
  const isRows = rest.length === 0 ? width === 1 || rows === 0 : rest.length === 1 && rest[0] === width;
  if (given.shape.length === 0 || !isRows) {
    const needed =
      columns === undefined
        ? "a list of class numbers is"
        : `rows of ${width} number${width === 1 ? "" : "s"} are`;
    const mend =
      name.endsWith("targets") && rest.length === 0 ? "; for class numbers take ofLabels(loss)" : "";
    throw new ShapeError(`${name}: ${needed} needed, but the shape is ${formatShape(given.shape)}${mend}`);
  }
  const shape = columns === undefined ? [rows] : [rows, width];
  if (dtype === "uint8" && given.values instanceof Uint8Array) return { shape, values: given.values };
  const whole = isWhole(dtype);
  const { length } = given.values;
  const values = whole ? allocate(dtype, length) : given.values;
  for (let position = 0; position < length; position++) {
    const value = given.values[position]!;
    if (whole) values[position] = value;
    if (whole ? value === values[position] && value >= 0 && value <= most : isFiniteIn(dtype, value))
      continue;
    const place = `row ${Math.floor(position / width)}${columns === undefined ? "" : `, column ${position % width}`}`;
    throw new DataError(`${name}: ${place} is ${value}; ${ruleOf(dtype, most)}`);
  }
  return { shape, values };
}

function isFiniteIn(dtype: Dtype, value: number): boolean {
  return Number.isFinite(dtype === "float32" ? Math.fround(value) : value);
}

function ruleOf(dtype: Dtype, most: number): string {
  if (isWhole(dtype)) return `a ${dtype === "uint8" ? "byte" : "class"} is a whole number from 0 to ${most}`;
  return `every number must be finite${dtype === "float32" ? " in float32" : ""}: leave the row out or fill the gap`;
}

/** The same, copied: what is done to a caller's arrays while a training runs changes nothing. Throws as `examplesOf` does. */
export function ownExamples(...[data, program, outputs, of]: Parameters<typeof examplesOf>): ExampleRows {
  const { inputs, targets } = examplesOf(data, program, outputs, of);
  return { inputs: owned(data.inputs, inputs), targets: owned(data.targets, targets) };
}

/** What was read from lists is a copy already. */
function owned(given: Numbers, rows: Flat): Flat {
  return Array.isArray(given) ? rows : { shape: rows.shape, values: rows.values.slice() };
}

interface ExampleRows {
  readonly inputs: Flat;
  readonly targets: Flat;
}

/**
 * Both sides of the examples, for a program with so many outputs; `of` tells in errors which they are. Throws `ShapeError` where they differ in rows, `DataError`
 * where there are none.
 */
export function examplesOf(data: Examples, { arrays }: ProgramData, outputs: number, of = ""): ExampleRows {
  if (typeof data !== "object" || data === null || !("inputs" in data && "targets" in data))
    throw new TypeError(`the ${of}examples are ${shown(data)}; give { inputs, targets }`);
  const array = (wanted: string) => arrays.find(({ role }) => role === wanted)!;
  const inputs = rowsOf(`${of}inputs`, data.inputs, array("input"));
  const targets = rowsOf(`${of}targets`, data.targets, array("target"), outputs - 1);
  if (inputs.shape[0] !== targets.shape[0])
    throw new ShapeError(`${of}inputs have ${inputs.shape[0]} rows but targets have ${targets.shape[0]}`);
  if (inputs.shape[0] === 0)
    throw new DataError(`there are no ${of}examples: inputs and targets have no rows`);
  return { inputs, targets };
}
