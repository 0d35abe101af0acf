import type { Precision } from "../program/data.ts";
import { type Block, block, count, type Dtype } from "../shape/block.ts";
import { formatShape, type SizeShape, withRows } from "../shape/size.ts";
import { FileError, isCount, isRecord, unstored } from "../trace/stored.ts";
import { isNames } from "./form.ts";
import { readFunctions } from "./functions.ts";
import { type Rows, readRows } from "./rows.ts";
import { prepareStep } from "./steps.ts";

/** A trained network that only predicts. */
export interface Predictor {
  /** How many numbers a row of inputs has. */
  readonly inputs: number;
  /** How many numbers a row of predictions has. */
  readonly outputs: number;
  /**
   * A row of predictions for each row of inputs, with the bits that the network's own `predict` gives.
   * Throws `RangeError` naming the row that does not fit.
   */
  predict(rows: Rows): number[][];
}

/** An array with more numbers than this for each row is refused: the file cannot be meant. */
const mostNumbers = 0x10000000;

/** Reads what `exportPredictor(network)` wrote. Throws `FileError` naming what is wrong, if the text is anything else. */
export function loadPredictor(json: string): Predictor {
  const { precision, input, output, functions, constants, steps } = parsed(json);
  if (precision !== "float64" && precision !== "float32")
    return fail(`"precision" must be "float64" or "float32", not ${shown(precision)}`);
  const callable = located("", () => readFunctions(functions));
  const shapes = new Map<string, SizeShape>([["batch", []]]);
  let dtype: Dtype = precision;
  const declare = (name: unknown, shape: SizeShape): string => {
    if (typeof name !== "string" || name === "") return fail(`an array is named ${shown(name)}`);
    if (shapes.has(name)) fail(`there are two arrays named ${name}`);
    if (count(withRows(shape, 1)) > mostNumbers) fail(`${name} is ${formatShape(shape)}: that is too large`);
    shapes.set(name, shape);
    return name;
  };

  const { shape: inputShape, name: givenName, dtype: bytes } = isRecord(input) ? input : {};
  const inputs = widthOf("input", inputShape);
  const inputName = declare(givenName, ["batch", inputs]);
  if (bytes === "uint8") dtype = bytes;
  else if (bytes !== undefined) fail(`the input's "dtype" is "uint8" or left out, not ${shown(bytes)}`);
  const fixed = new Map<string, Block>();
  for (const [name, array] of Object.entries(
    isRecord(constants) ? constants : fail('"constants" must be arrays'),
  )) {
    const { shape, data } = unstored(`constants.${name}`, array);
    fixed.set(declare(name, shape), filled(precision, shape, data));
  }
  const ready = (Array.isArray(steps) ? steps : fail('"steps" must be a list')).map(
    (step: unknown, position) => {
      const place = `step ${position}`;
      const { reads, writes } = isRecord(step) ? step : {};
      if (!isNames(reads) || reads.length === 0) return fail(`${place}: "reads" must name arrays`);
      const given = reads.map((name) => ({
        name,
        shape: shapes.get(name) ?? fail(`${place} reads ${shown(name)}, which is not there yet`),
        dtype: name === inputName ? dtype : precision,
      }));
      const prepared = located(`${place}: `, () =>
        prepareStep(step as Record<string, unknown>, given, precision, callable),
      );
      return { reads, writes: declare(writes, prepared.shape), run: prepared.run };
    },
  );
  if (typeof output !== "string") return fail('"output" must name an array');
  const outputs = widthOf("output", shapes.get(output));

  return {
    inputs,
    outputs,
    predict: (given) => {
      const rows = given.length;
      const arrays = new Map(fixed);
      arrays.set("batch", filled(precision, [], [rows]));
      arrays.set(inputName, readRows(given, inputs, dtype));
      for (const { reads, writes, run } of ready)
        arrays.set(
          writes,
          run(
            reads.map((name) => arrays.get(name)!),
            rows,
          ),
        );
      return nested(arrays.get(output)!);
    },
  };
}

function parsed(json: string): Record<string, unknown> {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (error) {
    return fail((error as Error).message);
  }
  if (!isRecord(file) || file.format !== "streetlight-predictor")
    return fail('"format" must be "streetlight-predictor"');
  return file.version === 1
    ? file
    : fail(`version ${shown(file.version)} is not known here: only version 1 is`);
}

/** The columns of what goes in or comes out: a row of at least one number for each row. */
function widthOf(what: string, shape: unknown): number {
  const [rows, columns, ...more] = Array.isArray(shape) ? (shape as unknown[]) : [];
  return rows === "batch" && isCount(columns) && columns > 0 && more.length === 0
    ? columns
    : fail(`the ${what} must be "batch" × n, a row for each row of numbers`);
}

/** Says where something is wrong. */
function located<Result>(place: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    return fail(place + (error as Error).message);
  }
}

function filled(precision: Precision, shape: readonly number[], values: ArrayLike<number>): Block {
  const fresh = block(precision, shape);
  fresh.data.set(values);
  return fresh;
}

function nested({ shape, data }: Block): number[][] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)]);
}

function fail(problem: string): never {
  throw new FileError(`not a predictor: ${problem}`);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? "missing";
}
