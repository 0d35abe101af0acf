/**
 * WebAssembly instructions as bytes. A value is code that leaves one number on the stack, a statement is code that leaves
 * none; both are built by joining bytes, so `i32.add(a, b)` is `a`, `b` and the byte of the addition.
 *
 * Opcodes: https://webassembly.github.io/spec/core/binary/instructions.html.
 */
export interface Code extends ReadonlyArray<number | Code | Touch | Uint8Array> {}

/** Code that is more than its bytes: it touches memory, and what is known of that is said. */
export interface Touch {
  readonly code: Code;
  readonly touches: Load | Store | Write | "unknown";
}

/** Reads bytes at `address + offset` into a vector: into its first lanes, or one number into all. */
export interface Load {
  readonly kind: "load" | "splat";
  readonly bytes: number;
  readonly address: Code;
  readonly offset: number;
}

/** Writes bytes at `address + offset`. */
export interface Write {
  readonly kind: "write";
  readonly bytes: number;
  readonly address: Code;
  readonly offset: number;
}

/** Writes the first bytes of a vector. */
export interface Store extends Omit<Write, "kind"> {
  readonly kind: "store";
  readonly value: Code;
  /** The same with another way to the same value. */
  readonly of: (value: Code) => Code;
}

/** Where memory may have been written anywhere, or where code is reached by more than one way. */
export const unknown: Touch = { code: [], touches: "unknown" };

let buffer = new Uint8Array(4096);

/** The bytes of code. Nested, it is joined only once, when all of it is there. */
export function flattened(code: Code): Uint8Array {
  const bytes = written(code, 0);
  return buffer.slice(0, bytes);
}

/** Writes code into the buffer from a place on; returns where it ends. */
function written(code: Code, from: number): number {
  let at = from;
  for (let k = 0; k < code.length; k++) {
    const part = code[k]!;
    if (typeof part === "number") {
      if (at === buffer.length) makeRoom(at + 1);
      buffer[at++] = part;
    } else if (isCode(part)) at = written(part, at);
    else if ("code" in part) at = written(part.code, at);
    else {
      makeRoom(at + part.length);
      buffer.set(part, at);
      at += part.length;
    }
  }
  return at;
}

export function isCode(part: Code[number]): part is Code {
  return Array.isArray(part);
}

function makeRoom(bytes: number): void {
  if (bytes <= buffer.length) return;
  const larger = new Uint8Array(Math.max(bytes, 2 * buffer.length));
  larger.set(buffer);
  buffer = larger;
}

/** The number that a constant is; undefined for other code. */
export function constantOf(code: Code): number | undefined {
  if (code[0] !== 0x41) return undefined;
  let value = 0;
  for (let k = 1; k < code.length; k++) value |= ((code[k] as number) & 127) << (7 * (k - 1));
  const unused = 32 - 7 * (code.length - 1);
  return unused > 0 ? (value << unused) >> unused : value;
}

/** Types of values. */
export const types = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type Type = keyof typeof types;

/** Most numbers in code are small. */
const oneByte: readonly (readonly number[])[] = Array.from({ length: 128 }, (_, value) => [value]);

/** LEB128 of a number from 0 up to but not including 2^32. */
export function unsigned(value: number): readonly number[] {
  if (value >= 0 && value < 128) return oneByte[value]!;
  const bytes: number[] = [];
  let rest = value >>> 0;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

/** Signed LEB128 of a 32-bit number. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
/** Sets a variable and leaves the value. */
export const tee = (local: number, value: Code): Code => [value, 0x22, unsigned(local)];
export const globalGet = (index: number): Code => [0x23, unsigned(index)];
export const globalSet = (index: number, value: Code): Code => [value, 0x24, unsigned(index)];
export const call = (index: number, ...operands: readonly Code[]): Code => [
  ...operands,
  0x10,
  ...unsigned(index),
  unknown,
];
export const drop = (value: Code): Code => [value, 0x1a];
/** Leaves the function. */
export const returned: Code = [0x0f];
/** Ends in an error. */
export const trap: Code = [0x00];
export const i64Const = (value: number): Code => [0x42, ...signed(value)];

/** Runs `body` if the condition is not 0. */
export const when = (condition: Code, body: Code, otherwise?: Code): Code => [
  condition,
  0x04,
  0x40,
  body,
  unknown,
  ...(otherwise === undefined ? [] : [0x05, ...otherwise, unknown]),
  0x0b,
];

/** Runs `body` again and again, as long as the condition that it ends with holds; at least once. */
export const repeat = (body: Code, condition: Code): Code => [
  unknown,
  0x03,
  0x40,
  body,
  condition,
  0x0d,
  0,
  0x0b,
];

/** Gives so many bytes a value. */
export const fillBytes = (to: Code, value: number, count: Code): Code => [
  to,
  0x41,
  ...signed(value),
  count,
  0xfc,
  0x0b,
  0,
  unknown,
];

/** Copies so many bytes, which may overlap. */
export const copyBytes = (to: Code, from: Code, count: Code): Code => [
  to,
  from,
  count,
  0xfc,
  0x0a,
  0,
  0,
  unknown,
];
