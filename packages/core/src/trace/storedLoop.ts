import { FileError, isCount, isRecord, stored, unstored } from "../files/stored.ts";
import { type Course, type Loop, listOf, type NumberList, plotCourse } from "../program/loop.ts";
import { type StoredNumber, storedNumber, unstoredNumber } from "./exactNumber.ts";

/** A loop in a file: each setting one number, or an array with one for each batch, in version 1 a list. */
export type StoredLoop = Omit<Loop, "order" | "settings"> & {
  readonly order?: readonly number[];
  readonly settings?: Readonly<Record<string, StoredNumber | readonly number[]>>;
};

export function storedLoop({ order, settings, ...rest }: Loop): StoredLoop {
  const all = settings && Object.entries(settings).map(([name, given]) => [name, storedSetting(name, given)]);
  return {
    ...rest,
    ...(order === undefined ? {} : { order: Array.from(listOf("order", order)) }),
    ...(all === undefined ? {} : { settings: Object.fromEntries(all) }),
  };
}

function storedSetting(name: string, given: number | NumberList): StoredNumber {
  if (typeof given === "number") return storedNumber(given);
  const values = Float64Array.from(listOf(`settings.${name}`, given));
  return stored({ shape: [values.length], values });
}

/** A loop that is plain data of the right kinds. Throws `FileError` naming the field that is not. */
export function unstoredLoop(loop: unknown): Loop {
  if (!isRecord(loop)) throw new FileError('the trace\'s "loop" is missing or no object');
  const { order, settings, ...rest } = loop;
  if (order !== undefined && !(Array.isArray(order) && order.every(isCount)))
    throw new FileError('the trace\'s "loop.order" must be a list of row numbers');
  if (settings !== undefined && !isRecord(settings))
    throw new FileError('the trace\'s "loop.settings" must be an object');
  for (const [field, value] of Object.entries(rest))
    if (
      !["epochs", "batch", "rows", "from", "to", "settingsFrom"].includes(field) ||
      !(isCount(value) || (field === "batch" && value === "full"))
    )
      throw new FileError(`the trace's "loop.${field}" is ${JSON.stringify(value)}, which is not known`);
  const all =
    settings &&
    Object.entries(settings).map(([name, given]) => [name, unstoredSetting(name, given)] as const);
  return {
    ...rest,
    ...(order === undefined ? {} : { order }),
    ...(all === undefined ? {} : { settings: Object.fromEntries(all) }),
  };
}

function unstoredSetting(name: string, given: unknown): number | NumberList {
  const place = `the trace's "loop.settings.${name}"`;
  if (Array.isArray(given)) {
    if (given.every(Number.isFinite)) return given;
    throw new FileError(`${place} must be a number or a list of numbers`);
  }
  if (!isRecord(given) || !Array.isArray(given.shape) || given.shape.length === 0)
    return unstoredNumber(place, given);
  const values = unstored(place, given);
  if (values.shape.length !== 1) throw new FileError(`${place} must have one number for each batch`);
  return values;
}

/** Where the loop leads through so many rows. Throws `FileError` naming the field that does not fit them. */
export function courseOf(loop: Loop, rows: number): Course {
  const course = plotted(loop, rows);
  const { from, to, batchesPerEpoch, settingsFrom } = course;
  if (!Number.isSafeInteger(to))
    throw new FileError('the trace\'s "loop" has more batches than can be counted');
  if (from % Math.max(1, batchesPerEpoch) !== 0)
    throw new FileError(
      `the trace's "loop.from" is ${from}, within an epoch: those have ${batchesPerEpoch} batches`,
    );
  for (const [name, given] of Object.entries(loop.settings ?? {})) {
    const values = typeof given === "number" ? undefined : listOf(name, given);
    if (values === undefined) continue;
    if (settingsFrom > from)
      throw new FileError(
        `the trace's "loop.settingsFrom" is ${settingsFrom}, but the first batch is ${from}`,
      );
    if (settingsFrom + values.length < to)
      throw new FileError(
        `the trace's "loop.settings.${name}" has ${values.length} values, but there are ${to - settingsFrom} batches`,
      );
  }
  return course;
}

function plotted(loop: Loop, rows: number): Course {
  try {
    return plotCourse(loop, rows);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FileError(`the trace's ${error.message}`);
  }
}
