/**
 * WebAssembly instructions as bytes. A value is code that leaves one number on the stack, a statement is code that leaves
 * none; both are built by joining bytes, so `i32.add(a, b)` is `a`, `b` and the byte of the addition.
 *
 * Opcodes: https://webassembly.github.io/spec/core/binary/instructions.html.
 */
export interface Code extends ReadonlyArray<number | Code> {}

/** The bytes of code. Nested, it is joined only once, when all of it is there. */
export function flattened(code: Code, into: number[] = []): number[] {
  for (const part of code)
    if (typeof part === "number") into.push(part);
    else flattened(part, into);
  return into;
}

/** Types of values. */
export const types = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type Type = keyof typeof types;

/** LEB128 of a number from 0 up to but not including 2^32. */
export function unsigned(value: number): number[] {
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

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, ...unsigned(local)];
/** Sets a variable and leaves the value. */
export const tee = (local: number, value: Code): Code => [value, 0x22, ...unsigned(local)];
export const globalGet = (index: number): Code => [0x23, ...unsigned(index)];
export const globalSet = (index: number, value: Code): Code => [value, 0x24, ...unsigned(index)];
export const call = (index: number, ...operands: readonly Code[]): Code => [
  ...operands,
  0x10,
  ...unsigned(index),
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
  ...(otherwise === undefined ? [] : [0x05, ...otherwise]),
  0x0b,
];

/** Runs `body` again and again, as long as the condition that it ends with holds; at least once. */
export const repeat = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];

/** Gives so many bytes a value. */
export const fillBytes = (to: Code, value: number, count: Code): Code => [
  to,
  0x41,
  ...signed(value),
  count,
  0xfc,
  0x0b,
  0,
];

/** Copies so many bytes, which may overlap. */
export const copyBytes = (to: Code, from: Code, count: Code): Code => [to, from, count, 0xfc, 0x0a, 0, 0];
