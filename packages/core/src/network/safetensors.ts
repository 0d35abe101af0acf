import { readJson } from "../files/json.ts";
import { type Bounds, boundsOf, checkSize, type Limits } from "../files/limits.ts";
import { FileError, isCount, isRecord, isShape } from "../files/stored.ts";
import { asciiOf, textOf } from "../files/utf8.ts";
import { type Block, block, count, type Dtype } from "../shape/block.ts";
import { checkedBlock } from "../shape/checkedBlock.ts";
import { flatten } from "../shape/numbers.ts";

/** Element types by the format's names. */
const dtypes = { F64: "float64", F32: "float32", I32: "int32", U8: "uint8", BOOL: "bool" } as const;
type FormatDtype = keyof typeof dtypes;
const sizes: Record<FormatDtype, number> = { F64: 8, F32: 4, I32: 4, U8: 1, BOOL: 1 };

/**
 * Arrays by name as a safetensors file: 8 bytes with the header's length, a JSON header padded with spaces to a
 * multiple of 8, then the numbers, little-endian, row after row, in the order given.
 * Format: https://huggingface.co/docs/safetensors.
 * Throws `RangeError` for an array called `__metadata__`, which is the format's own name.
 */
export function writeSafetensors(
  arrays: ReadonlyMap<string, Block>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [["__metadata__", metadata]] : [];
  let end = 0;
  for (const [name, numbers] of arrays) {
    const { dtype, shape } = checkedBlock(name, numbers);
    if (name === "__metadata__")
      throw new RangeError("writeSafetensors: __metadata__ is the format's own name: choose another");
    const format = formatOf(dtype);
    const start = end;
    end += count(shape) * sizes[format];
    header.push([name, { dtype: format, shape, data_offsets: [start, end] }]);
  }
  const text = JSON.stringify(Object.fromEntries(header));
  const bytesOfText = asciiOf(text);
  const padded = Math.ceil(bytesOfText.length / 8) * 8;
  const file = new Uint8Array(8 + padded + end);
  const view = new DataView(file.buffer);
  view.setUint32(0, padded, true);
  file.fill(0x20, 8, 8 + padded);
  file.set(bytesOfText, 8);
  let at = 8 + padded;
  for (const [name, numbers] of arrays) {
    const format = formatOf(numbers.dtype);
    for (const number of flatten(name, numbers).values) {
      put(view, at, format, number);
      at += sizes[format];
    }
  }
  return file;
}

/**
 * Reads the arrays of a safetensors file, by name. Throws `TypeError` for what is no bytes, `FileError` naming what is wrong with the
 * file, or if its header would take more than `limits`, and reads nothing outside its bounds.
 */
export function readSafetensors(
  given: Uint8Array | ArrayBuffer,
  { limits }: { readonly limits?: Limits } = {},
): Map<string, Block> {
  const bounds = boundsOf(limits);
  const file = bytesOf(given);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 8) throw new FileError("not a safetensors file: it is shorter than 8 bytes");
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || 8 + length > file.length)
    throw new FileError("not a safetensors file: its header would end beyond the file");
  const header = parsedHeader(file.subarray(8, 8 + length), bounds);
  const start = 8 + length;
  const space = file.length - start;
  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => checkedEntry(name, entry, space));
  checkCover(entries, space);
  const arrays = new Map<string, Block>();
  for (const { name, dtype, shape, from } of entries) {
    const read = block(dtypes[dtype], shape);
    for (let element = 0; element < read.data.length; element++)
      read.data[element] = get(view, start + from + element * sizes[dtype], dtype);
    if (dtype === "BOOL" && read.data.some((value) => value > 1))
      throw new FileError(`${name} is BOOL, but has bytes other than 0 and 1`);
    arrays.set(name, read);
  }
  return arrays;
}

function bytesOf(given: unknown): Uint8Array {
  // By its tag, since a buffer of another realm is an instance of that realm's class.
  if (/ (Shared)?ArrayBuffer]$/.test(Object.prototype.toString.call(given)))
    return new Uint8Array(given as ArrayBuffer);
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const what = typeof given === "object" ? "this object" : `${typeof given}`;
  throw new TypeError(`a safetensors file is bytes, a Uint8Array or an ArrayBuffer, not ${what}`);
}

/** Throws unless each byte belongs to one array: where one ends the next begins, from the first byte to the last. */
function checkCover(entries: readonly Entry[], space: number): void {
  let covered = 0;
  for (const { name, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== covered)
      throw new FileError(
        `${name} begins at byte ${from}, but the arrays before it end at ${covered}: the file was changed`,
      );
    covered = to;
  }
  if (covered !== space)
    throw new FileError(`the arrays cover ${covered} of ${space} bytes: the file was cut or changed`);
}

interface Entry {
  readonly name: string;
  readonly dtype: FormatDtype;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

function checkedEntry(name: string, entry: unknown, space: number): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  if (typeof dtype !== "string" || !Object.hasOwn(dtypes, dtype))
    throw new FileError(
      `${name} has the dtype ${JSON.stringify(dtype)}; known are ${Object.keys(dtypes).join(", ")}`,
    );
  if (!isShape(shape)) throw new FileError(`${name}: "shape" must be a list of sizes`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw new FileError(`${name}: "data_offsets" must be two positions`);
  const [from, to] = offsets as [number, number];
  const needed = count(shape) * sizes[dtype as FormatDtype];
  if (from > to || to > space || to - from !== needed)
    throw new FileError(
      `${name} takes ${needed} bytes, but its offsets ${from} to ${to} in ${space} bytes do not fit`,
    );
  return { name, dtype: dtype as FormatDtype, shape, from, to };
}

function parsedHeader(bytes: Uint8Array, bounds: Bounds): Record<string, unknown> {
  let header: unknown;
  try {
    checkSize(bytes.length, bounds);
    const text = textOf(bytes);
    if (text === undefined) throw new FileError("it is not UTF-8");
    header = readJson(text, bounds);
  } catch (error) {
    throw new FileError(`not a safetensors file: its header cannot be read: ${(error as Error).message}`);
  }
  if (!isRecord(header)) throw new FileError("not a safetensors file: its header is no object");
  const { __metadata__: metadata = {} } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((text) => typeof text === "string"))
    throw new FileError("the header's __metadata__ must be texts by name");
  return header;
}

function formatOf(dtype: Dtype): FormatDtype {
  return (Object.keys(dtypes) as FormatDtype[]).find((format) => dtypes[format] === dtype)!;
}

function put(view: DataView, at: number, format: FormatDtype, value: number): void {
  if (format === "F64") view.setFloat64(at, value, true);
  else if (format === "F32") view.setFloat32(at, value, true);
  else if (format === "I32") view.setInt32(at, value, true);
  else view.setUint8(at, value);
}

function get(view: DataView, at: number, format: FormatDtype): number {
  if (format === "F64") return view.getFloat64(at, true);
  if (format === "F32") return view.getFloat32(at, true);
  if (format === "I32") return view.getInt32(at, true);
  return view.getUint8(at);
}
