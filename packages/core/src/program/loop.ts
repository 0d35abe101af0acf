import type { Block } from "../shape/block.ts";
import { flatten } from "../shape/numbers.ts";
import { formatShape } from "../shape/size.ts";
import { type ArrayDeclaration, rowCount } from "./data.ts";
import { NameError } from "./names.ts";

/** How a training goes through its data: plain data, the same for running and for printing. */
export interface Loop {
  /** How often all rows are visited; with it, `to` is the last batch of the last epoch. */
  readonly epochs?: number;
  /** Rows per update; `"full"` takes all. The last batch of an epoch may have fewer. Default 1. */
  readonly batch?: number | "full";
  /** Row numbers in the order of visits, read cyclically over all epochs. Default 0, 1, 2, … */
  readonly order?: NumberList;
  /** Rows visited per epoch; default the length of `order`, or all rows of the data. */
  readonly rows?: number;
  /** The first batch to run, counted from the start of the training; default 0. */
  readonly from?: number;
  /** The batch to stop before. */
  readonly to?: number;
  /** Settings by name: one value, or one for each batch from `settingsFrom` on. */
  readonly settings?: Readonly<Record<string, number | NumberList>>;
  /** The batch that the first value of each list in `settings` is for; default 0. */
  readonly settingsFrom?: number;
}

/** Numbers along one axis: a list, a typed array, or an array as `RandomState.permutation` returns it. */
export type NumberList = ArrayLike<number> | Block;

/** The numbers of a list. Throws `TypeError` naming the field where there is none. */
export function listOf(field: string, given: NumberList): ArrayLike<number> {
  if (Array.isArray(given) || (ArrayBuffer.isView(given) && "length" in given)) return given;
  if (typeof given !== "object" || given === null || !("strides" in given))
    throw new TypeError(`loop: ${field} is ${typeof given}, but must be a list of numbers`);
  const { shape, values } = flatten(field, given);
  if (shape.length !== 1)
    throw new TypeError(`loop: ${field} is ${formatShape(shape)}, but must be a list of numbers`);
  return values;
}

/** A loop over data of known size, everything decided. */
export interface Course {
  readonly rows: number;
  readonly batch: number;
  readonly batchesPerEpoch: number;
  readonly from: number;
  readonly to: number;
  readonly settingsFrom: number;
  /** The loop's order, if it has one. */
  readonly order?: ArrayLike<number>;
  /** The row of the data at each place of the training. */
  readonly row: (place: number) => number;
}

/** Decides what a loop leaves open. Throws `RangeError` naming the field that does not fit. */
export function plotCourse(loop: Loop, dataRows: number): Course {
  const order = loop.order === undefined ? undefined : listOf("order", loop.order);
  const rows = whole("rows", loop.rows ?? order?.length ?? dataRows, 0);
  const most = Math.max(1, rows);
  const batch = loop.batch === "full" ? most : Math.min(most, whole("batch", loop.batch ?? 1, 1));
  const batchesPerEpoch = Math.ceil(rows / batch);
  const from = whole("from", loop.from ?? 0, 0);
  const settingsFrom = whole("settingsFrom", loop.settingsFrom ?? 0, 0);
  if (loop.to === undefined && loop.epochs === undefined) throw new RangeError("loop: give epochs, or to");
  const to =
    loop.to === undefined ? whole("epochs", loop.epochs!, 0) * batchesPerEpoch : whole("to", loop.to, from);
  if (to > 0 && batchesPerEpoch === 0)
    throw new RangeError(`loop: to is ${to}, but without rows there are no batches`);
  if (order === undefined) {
    if (rows > dataRows) throw new RangeError(`loop: rows is ${rows}, but the data have ${dataRows}`);
    return { rows, batch, batchesPerEpoch, from, to, settingsFrom, row: (place) => place % rows };
  }
  if (order.length === 0 && rows > 0) throw new RangeError("loop: order is empty");
  // Only what is visited is looked at: a long training is run in many short loops.
  const placeOf = (number: number) =>
    Math.floor(number / batchesPerEpoch) * rows + Math.min(rows, (number % batchesPerEpoch) * batch);
  const start = rows === 0 ? 0 : placeOf(from);
  const end = rows === 0 ? 0 : Math.min(placeOf(to), start + order.length);
  for (let at = start; at < end; at++) {
    const place = at % order.length;
    const row = order[place]!;
    if (!Number.isInteger(row) || row < 0 || row >= dataRows)
      throw new RangeError(`loop: order[${place}] is ${row}, but the data have rows 0 to ${dataRows - 1}`);
  }
  const row = (place: number) => order[place % order.length]!;
  return { rows, batch, batchesPerEpoch, from, to, settingsFrom, order, row };
}

/** Throws `NameError` unless a loop may set the array. */
export function checkSetting({ name, role }: ArrayDeclaration): void {
  if (role !== "setting")
    throw new NameError(`loop: settings.${name}: ${name} is not a setting, its role is ${role}`);
  if (name === rowCount)
    throw new NameError(`loop: settings.${name}: the number of rows is not set, each batch has its own`);
}

/** The value of a setting at a batch, where a list begins with that of batch `first`. */
export function settingAt(name: string, given: number | NumberList, batch: number, first = 0): number {
  if (typeof given === "number") return given;
  const values = listOf(`settings.${name}`, given);
  const value = values[batch - first];
  if (value === undefined)
    throw new RangeError(
      `loop: settings.${name} has ${values.length} values${first > 0 ? ` from batch ${first} on` : ""}, ` +
        `but batch ${batch} needs one`,
    );
  return value;
}

/** Throws `RangeError` where a setting lacks a value for a batch of a course. */
export function checkLength(name: string, given: number | NumberList, course: Course): void {
  const { from, to, settingsFrom } = course;
  if (to === from) return;
  settingAt(name, given, from, settingsFrom);
  settingAt(name, given, to - 1, settingsFrom);
}

function whole(field: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`loop: ${field} is ${value}, but must be a whole number of at least ${least}`);
  return value;
}
