import { checkedSeed } from "../random/arguments.ts";
import { checkState, type RandomStateSnapshot } from "../random/state.ts";
import { type Block, block, count } from "../shape/block.ts";
import type { Flat } from "../shape/numbers.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { FileError } from "./fileError.ts";

export { FileError } from "./fileError.ts";

/** An array in a JSON file, with its bits: base64 of little-endian float64, or bytes where it says so, row after row. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly dtype?: "uint8";
  readonly numbers: string;
}

/** Throws `FileError` where a generator's part of a file is none. */
export function checkedGenerator(file: string, state: unknown, part = "generator"): RandomStateSnapshot {
  try {
    checkState(state as RandomStateSnapshot);
  } catch (error) {
    throw new FileError(`${file} "${part}" is no state of a generator: ${(error as Error).message}`);
  }
  return state as RandomStateSnapshot;
}

/** Throws `FileError` where a file's seed is none. */
export function checkedFileSeed(file: string, seed: unknown): number | readonly number[] {
  try {
    return checkedSeed(seed as number);
  } catch (error) {
    throw new FileError(`${file} ${(error as Error).message}`);
  }
}

/** More axes than this are refused, here as in NumPy. */
export const mostAxes = 32;

export function stored({ shape, values }: Flat): StoredArray {
  if (values instanceof Uint8Array) return { shape, dtype: "uint8", numbers: toBase64(values) };
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (let position = 0; position < values.length; position++)
    view.setFloat64(8 * position, values[position]!, true);
  return { shape, numbers: toBase64(new Uint8Array(view.buffer)) };
}

/** Throws `FileError` naming `place` where the array is not well stored. */
export function unstored(place: string, array: unknown): Block {
  const { shape, dtype, numbers } = isRecord(array) ? array : {};
  if (!isShape(shape)) throw new FileError(`${place}: "shape" must be a list of sizes`);
  if (dtype !== undefined && dtype !== "uint8")
    throw new FileError(`${place}: "dtype" is "uint8" or left out`);
  const size = count(shape);
  const length = (dtype === undefined ? 8 : 1) * size;
  // Decoded only where it has the right length.
  const bytes =
    typeof numbers === "string" && numbers.length === 4 * Math.ceil(length / 3)
      ? fromBase64(numbers)
      : undefined;
  if (bytes?.length !== length)
    throw new FileError(`${place}: "numbers" must be base64 of ${size} ${dtype ?? "float64"} numbers`);
  if (dtype !== undefined) return block(dtype, shape, bytes);
  const view = new DataView(bytes.buffer);
  const read = block("float64", shape);
  for (let position = 0; position < size; position++)
    read.data[position] = view.getFloat64(8 * position, true);
  return read;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number of at least 0 that JSON keeps. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

export function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= mostAxes && value.every(isCount);
}

/** Throws `FileError` for the first field that a file does not have in its version: another version has written it. */
export function checkFileFields(file: string, parts: object, known: readonly string[]): void {
  const unknown = Object.keys(parts).find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw new FileError(`${file} has the unknown field ${JSON.stringify(unknown)} for its version`);
}
