import { expect } from "vitest";
import type { Block } from "../../src/shape/block.ts";

const numbers = new Float64Array(1);
const words = new BigUint64Array(numbers.buffer);

/** The bits of a float64 as text; all NaNs are one. */
export function bits(value: number): string {
  numbers[0] = Number.isNaN(value) ? NaN : value;
  return Number.isNaN(value) ? "nan" : words[0]!.toString(16).padStart(16, "0");
}

/** Expects the same numbers to the last bit: -0 is not 0, NaN is NaN. On failure both sides show as numbers. */
export function expectSameBits(found: ArrayLike<number>, wanted: ArrayLike<number>, what = ""): void {
  if (areSame(found, wanted)) return;
  // `toEqual` tells -0 from 0 too, so it fails; it is the message that is wanted.
  expect(Array.from(found), what).toEqual(Array.from(wanted));
  expect.fail(`other bits: ${what}`);
}

function areSame(found: ArrayLike<number>, wanted: ArrayLike<number>): boolean {
  if (found.length !== wanted.length) return false;
  for (let k = 0; k < wanted.length; k++) if (!Object.is(found[k], wanted[k])) return false;
  return true;
}

/** The numbers of an array that a session read. */
export function valuesOf(read: Block): number[] {
  return Array.from(read.data);
}
