import { readJson } from "../files/json.ts";
import { type Bounds, boundsOf, checkMemory, checkWork, type Limits } from "../files/limits.ts";
import { FileError, isCount, isRecord, mostAxes, unstored } from "../files/stored.ts";
import type { Precision } from "../program/data.ts";
import { type Block, block, count, type Dtype } from "../shape/block.ts";
import { shown } from "../shape/shown.ts";
import { formatShape, type SizeShape, withRows } from "../shape/size.ts";
import { isName, isNames } from "./form.ts";
import { readFunctions } from "./functions.ts";
import { areApart, numbersOf, type ReadyStep, rowsAtOnce } from "./plan.ts";
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
   * Throws `RangeError` naming the row that does not fit, and `FileError` where rows are compared with each other, and these are so many
   * that it would take more than the limits.
   */
  predict(rows: Rows): number[][];
}

/** About what it takes to read a letter of an expression, in operations. */
const operationsOfLetter = 100;

/** To read an array, and the step that writes it, takes as long as so many letters. */
const lettersOfArray = 25;

/**
 * Reads what `exportPredictor(network)` wrote. Throws `FileError` naming what is wrong, if the text is anything else, or if reading it or
 * predicting a row would take more than `limits`.
 */
export function loadPredictor(json: string, { limits }: { readonly limits?: Limits } = {}): Predictor {
  const bounds = boundsOf(limits);
  const { precision, input, output, functions = {}, constants, steps } = parsed(json, bounds);
  if (precision !== "float64" && precision !== "float32")
    return fail(`"precision" must be "float64" or "float32", not ${shown(precision)}`);
  let spent = 0;
  const spend = (letters: number) => {
    spent += operationsOfLetter * letters;
    checkWork(spent, bounds);
  };
  const callable = located("", () => readFunctions(functions, spend));
  const shapes = new Map<string, SizeShape>([["batch", []]]);
  let numbers = 0;
  let dtype: Dtype = precision;
  const declare = (name: unknown, shape: SizeShape): string => {
    if (!isName(name)) return fail(`an array is named ${shown(name)}`);
    if (shapes.has(name)) fail(`there are two arrays named ${name}`);
    if (shape.length > mostAxes) fail(`${name} has ${shape.length} axes, but may have ${mostAxes}`);
    shapes.set(name, shape);
    numbers += count(withRows(shape, 1));
    located(`up to ${name}, which is ${formatShape(shape)}, `, () => {
      spend(lettersOfArray);
      checkMemory(8 * numbers, json.length, bounds);
    });
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
    (step: unknown, position): ReadyStep => {
      const place = `step ${position}`;
      const { reads, writes } = isRecord(step) ? step : {};
      if (!isNames(reads) || reads.length === 0) return fail(`${place}: "reads" must name arrays`);
      const given = reads.map((name) => ({
        name,
        shape: shapes.get(name) ?? fail(`${place} reads ${shown(name)}, which is not there yet`),
        dtype: name === inputName ? dtype : precision,
      }));
      const prepared = located(`${place}: `, () =>
        prepareStep(step as Record<string, unknown>, given, precision, callable, spend),
      );
      const around = [prepared.shape, ...given.map(({ shape }) => shape)];
      return {
        ...prepared,
        reads,
        writes: declare(writes, prepared.shape),
        varies: around.flat().includes("batch"),
        apart: areApart(around),
      };
    },
  );
  if (typeof output !== "string") return fail('"output" must name an array');
  const outputs = widthOf("output", shapes.get(output));
  const most = rowsAtOnce(ready);
  const check = (rows: number) =>
    located("", () => {
      checkWork(ready.reduce((sum, { work }) => sum + work(rows), 0) / Math.max(1, rows), bounds);
      checkMemory(8 * numbersOf([...shapes.values()], rows), json.length + 8 * rows * inputs, bounds);
    });
  check(1);

  return {
    inputs,
    outputs,
    predict: (given) => {
      const rows = given.length;
      if (most === Infinity) check(rows);
      const predictions: number[][] = [];
      const arrays = new Map(fixed);
      arrays.set("batch", filled(precision, [], [rows]));
      for (let from = 0; from < rows; from += most) {
        const to = Math.min(rows, from + most);
        arrays.set(inputName, readRows(given, from, to, inputs, dtype));
        // What does not depend on rows is there since the first block.
        for (const { reads, writes, run, varies } of ready)
          if (varies || from === 0)
            arrays.set(
              writes,
              run(
                reads.map((name) => arrays.get(name)!),
                to - from,
              ),
            );
        for (const row of nested(arrays.get(output)!)) predictions.push(row);
      }
      return predictions;
    },
  };
}

function parsed(json: unknown, bounds: Bounds): Record<string, unknown> {
  const file = located("", () => readJson(json, bounds));
  if (!isRecord(file) || file.format !== "streetlight-predictor")
    return fail('"format" must be "streetlight-predictor"');
  if (file.version !== 1) fail(`version ${shown(file.version)} is not known here: only version 1 is`);
  return file;
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
