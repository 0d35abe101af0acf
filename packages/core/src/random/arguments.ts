import type { Shape } from "../shape/block.ts";

/** How much to draw: that many numbers, or a shape to fill row after row. */
export type Size = number | Shape;

const largestWord = 0xffffffff;

/** A value as an error message shows it. */
export function shown(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "number" || value === undefined) return String(value);
  const text = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Whether a value is a whole number below 2^32. */
export function isWord(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largestWord;
}

export function checkedSeed(seed: number | readonly number[]): number | readonly number[] {
  const mend = "give a whole number from 0 to 4294967295, or a list of them";
  if (typeof seed === "number") {
    if (!isWord(seed)) throw new RangeError(`seed is ${shown(seed)}; ${mend}`);
    return seed;
  }
  if (!Array.isArray(seed)) throw new TypeError(`seed is ${shown(seed)}; ${mend}`);
  if (seed.length === 0) throw new RangeError(`seed is an empty list; ${mend}`);
  const wrong = seed.findIndex((word) => !isWord(word));
  if (wrong >= 0) throw new RangeError(`seed[${wrong}] is ${shown(seed[wrong])}; ${mend}`);
  return seed;
}

/** The shape that a size stands for: 3 is [3]. */
export function checkedShape(name: string, size: Size): Shape {
  const shape = typeof size === "number" ? [size] : size;
  if (!Array.isArray(shape)) {
    throw new TypeError(`${name} is ${shown(size)}; give a whole number or a list of them`);
  }
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new RangeError(`${name} is ${shown(size)}; give whole numbers that are not negative`);
    }
  }
  return [...shape];
}

export function checkedCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`${name} is ${shown(value)}; give a whole number that is not negative`);
}

export function checkedInteger(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${name} is ${shown(value)}; give a whole number of at most 2^53 - 1 in size`);
}

export function checkedFinite(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${name} is ${shown(value)}; give a finite number`);
}

/** Throws `TypeError` unless options are an object; `example` is one of them. */
export function checkRecord(where: string, options: unknown, example: string): void {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  throw new TypeError(`${where}: the options are ${shown(options)}; give an object, such as ${example}`);
}
