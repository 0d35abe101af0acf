import type { Shape } from "../shape/block.ts";
import { shown } from "../shape/shown.ts";

export { shown };

/** How much to draw: that many numbers, or a shape to fill row after row. */
export type Size = number | Shape;

const largestWord = 0xffffffff;

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
  return [...seed];
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

/** Sizes as a method is given them: spelled out, `(2, 3)`, or as one argument, `([2, 3])`, `(3)`. */
export type Sizes = readonly (Size | null | undefined)[];

/** What the sizes that a method is given stand for; null where there are none. */
export function sizeOf(sizes: Sizes): Size | null {
  const [size, ...others] = sizes;
  return (others.length > 0 ? (sizes as readonly number[]) : size) ?? null;
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
