import { checkState, type RandomStateSnapshot } from "../random/state.ts";
import { type Block, block, count } from "../shape/block.ts";
import type { Flat } from "../shape/numbers.ts";
import { fromBase64, toBase64 } from "./base64.ts";

/** An array in a JSON file, with its bits: base64 of little-endian float64, or bytes where it says so, row after row. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly dtype?: "uint8";
  readonly numbers: string;
}

/** A file whose content is not what it claims to be. */
export class FileError extends Error {
  override readonly name = "FileError";
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

/** More numbers than this in one array of a file are refused: the file cannot be meant. */
export const mostNumbers = 0x10000000;

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
  if (!Array.isArray(shape) || !shape.every(isCount) || count(shape) > mostNumbers)
    throw new FileError(`${place}: "shape" must be a list of sizes`);
  if (dtype !== undefined && dtype !== "uint8")
    throw new FileError(`${place}: "dtype" is "uint8" or left out`);
  const size = count(shape);
  const bytes = typeof numbers === "string" ? fromBase64(numbers) : undefined;
  if (bytes?.length !== (dtype === undefined ? 8 : 1) * size)
    throw new FileError(`${place}: "numbers" must be base64 of ${size} ${dtype ?? "float64"} numbers`);
  if (dtype !== undefined) return block(dtype, shape, bytes);
  const view = new DataView(bytes.buffer);
  return block(
    "float64",
    shape,
    Float64Array.from({ length: size }, (_, k) => view.getFloat64(8 * k, true)),
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
