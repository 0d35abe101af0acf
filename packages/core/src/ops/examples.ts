import type { Example, ExampleInput } from "./op.ts";

export function input(shape: readonly number[], ...values: readonly number[]): ExampleInput {
  return { shape, values };
}

export function example(...inputs: readonly ExampleInput[]): Example {
  return { inputs };
}

/** Numbers on which sloppy kernels part: signed zeros, NaN, infinities, denormals, halves that round. */
const awkward = [
  0,
  -0,
  1,
  -1,
  0.1,
  -0.3,
  1 / 3,
  2.5,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  -2e-310,
  1.7e308,
  -1e16,
];

const tame = [0.5, -1.25, 2, 0.75, -3, 1.5];

/** For an op of one operand. */
export const single: readonly Example[] = [
  example(input([2, 3], ...tame)),
  example(input([1, awkward.length], ...awkward)),
  example(input([1, 1], -0.7)),
  example(input([0, 3])),
  example(input([], 0.3)),
];

/** For an op of two operands of one shape: every awkward number meets every other. */
export const pairs: readonly Example[] = [
  example(input([2, 3], ...tame), input([2, 3], 1.5, 0.25, -0.5, 3, 1.1, -2)),
  example(
    input([awkward.length, awkward.length], ...awkward.flatMap((left) => awkward.map(() => left))),
    input([awkward.length, awkward.length], ...awkward.flatMap(() => awkward)),
  ),
  example(input([1, 1], 3), input([1, 1], -0.1)),
  example(input([3, 0]), input([3, 0])),
  example(input([2], 0.1, 0.7), input([2], 0.2, -0.1)),
];

/** For an op of a scalar and an array. */
export const scalarAndArray: readonly Example[] = [
  example(input([], 0.2), input([2, 3], ...tame)),
  example(input([], -3), input([1, awkward.length], ...awkward)),
  example(input([], -0), input([1, awkward.length], ...awkward)),
  example(input([], 0.1), input([0, 2])),
  example(input([], 0.7), input([], -1.1)),
];

/** For an op that means something for positive numbers only: tame ones, and the awkward ones for what they give. */
export const positive: readonly Example[] = [
  example(input([2, 3], 0.5, 1.25, 2, 0.75, 3, 1.5)),
  example(input([1, awkward.length], ...awkward)),
  example(input([1, 1], 0.7)),
  example(input([0, 3])),
  example(input([], 0.3)),
];

/** For an op that saturates: numbers from where nothing is lost to where everything is. */
export const saturating: readonly Example[] = [
  ...single,
  example(input([2, 5], -1000, -745.2, -100, -37, -20, 1000, 709.9, 100, 37, 20)),
  example(input([5], 1e-17, -1e-17, 1e-9, -1e-9, 22.5)),
];

/** Rows on which a softmax without a shift overflows or loses everything, and rows that are no numbers. */
export const rowsOfSums: readonly Example[] = [
  example(input([2, 3], 0.5, -1.25, 2, 0.75, -3, 1.5)),
  example(input([4, 2], 1000, -1000, -1000, 1000, -1000, -1001, 1000, 1000)),
  example(input([1, 4], 0.1, 30, 29.5, -0.3)),
  example(input([3, 3], 1, NaN, 2, Infinity, 1, 2, -Infinity, 1, 2)),
  example(input([2, 1], -0, 7)),
  example(input([0, 3])),
  example(input([2, 0])),
];
