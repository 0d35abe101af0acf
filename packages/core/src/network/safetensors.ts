import { type Block, block, count, type Dtype } from "../shape/block.ts";
import { FileError, isCount, isRecord } from "../trace/stored.ts";

/** Element types by the format's names. */
const dtypes = { F64: "float64", F32: "float32", I32: "int32", U8: "uint8", BOOL: "bool" } as const;
type FormatDtype = keyof typeof dtypes;
const sizes: Record<FormatDtype, number> = { F64: 8, F32: 4, I32: 4, U8: 1, BOOL: 1 };

/** The format allows headers of 100 MB; one this large is no network of ours. */
const largestHeader = 100_000_000;

/**
 * Arrays by name as a safetensors file: 8 bytes with the header's length, a JSON header padded with spaces to a
 * multiple of 8, then the numbers, little-endian, row after row, in the order given.
 * Format: https://huggingface.co/docs/safetensors.
 */
export function writeSafetensors(
  arrays: ReadonlyMap<string, Block>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [name, { dtype, shape }] of arrays) {
    const format = formatOf(dtype);
    const start = end;
    end += count(shape) * sizes[format];
    header[name] = { dtype: format, shape, data_offsets: [start, end] };
  }
  const text = JSON.stringify(header);
  const bytesOfText = utf8(text);
  const padded = Math.ceil(bytesOfText.length / 8) * 8;
  const file = new Uint8Array(8 + padded + end);
  const view = new DataView(file.buffer);
  view.setUint32(0, padded, true);
  file.fill(0x20, 8, 8 + padded);
  file.set(bytesOfText, 8);
  let at = 8 + padded;
  for (const { dtype, shape, data, offset } of arrays.values()) {
    const format = formatOf(dtype);
    for (let element = 0; element < count(shape); element++, at += sizes[format])
      put(view, at, format, data[offset + element]!);
  }
  return file;
}

/** Reads the arrays of a safetensors file, by name. Throws `FileError` naming what is wrong with it, and reads nothing outside its bounds. */
export function readSafetensors(file: Uint8Array): Map<string, Block> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 8) throw new FileError("not a safetensors file: it is shorter than 8 bytes");
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || length > largestHeader || 8 + length > file.length)
    throw new FileError("not a safetensors file: its header would end beyond the file");
  const header = parsedHeader(file.subarray(8, 8 + length));
  const start = 8 + length;
  const space = file.length - start;
  const arrays = new Map<string, Block>();
  let covered = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, from, to } = checkedEntry(name, entry, space);
    covered += to - from;
    const read = block(dtypes[dtype], shape);
    for (let element = 0; element < count(shape); element++)
      read.data[element] = get(view, start + from + element * sizes[dtype], dtype);
    arrays.set(name, read);
  }
  if (covered !== space)
    throw new FileError(`the arrays cover ${covered} of ${space} bytes: the file was cut or changed`);
  return arrays;
}

function checkedEntry(name: string, entry: unknown, space: number) {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  if (typeof dtype !== "string" || !Object.hasOwn(dtypes, dtype))
    throw new FileError(
      `${name} has the dtype ${JSON.stringify(dtype)}; known are ${Object.keys(dtypes).join(", ")}`,
    );
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw new FileError(`${name}: "shape" must be a list of sizes`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw new FileError(`${name}: "data_offsets" must be two positions`);
  const [from, to] = offsets as [number, number];
  const needed = count(shape) * sizes[dtype as FormatDtype];
  if (from > to || to > space || to - from !== needed)
    throw new FileError(
      `${name} takes ${needed} bytes, but its offsets ${from} to ${to} in ${space} bytes do not fit`,
    );
  return { dtype: dtype as FormatDtype, shape: shape as number[], from, to };
}

function parsedHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text(bytes));
  } catch (error) {
    throw new FileError(`not a safetensors file: its header is no JSON (${(error as Error).message})`);
  }
  if (!isRecord(header)) throw new FileError("not a safetensors file: its header is no object");
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

/** JSON as ASCII: what is beyond it is escaped, which JSON allows, so no encoder is needed. */
function utf8(json: string): Uint8Array {
  const escaped = json.replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return Uint8Array.from(escaped, (letter) => letter.charCodeAt(0));
}

/** Decodes UTF-8 by percent-encoding, which every JavaScript host can undo; throws `URIError` for what is none. */
function text(bytes: Uint8Array): string {
  let encoded = "";
  for (const byte of bytes)
    encoded +=
      byte < 0x80 && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, "0")}`;
  return decodeURIComponent(encoded);
}
