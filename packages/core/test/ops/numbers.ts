import fc from "fast-check";
import type { Precision } from "../../src/program/data.ts";
import { bits, blockOf } from "./bits.ts";
import { precisions } from "./cases.ts";
import type { Library } from "./library.ts";
import { type Matrix, rounding } from "./sums.ts";

/** How hard to look: how many random inputs, and where chance starts (anywhere, if it is not said). */
export interface Effort {
  readonly numRuns: number;
  readonly seed?: number;
}

/** A law that holds for any input. Throws with the smallest counterexample that it finds. */
export type Property = (library: Library, engine: string, effort: Effort) => void;

export const size = fc.integer({ min: 0, max: 5 });
export const precision = fc.constantFrom(...precisions);
/** Numbers near each other, whose sums round; numbers that absorb others; now and then a special one. */
export const number = fc.oneof(
  { weight: 6, arbitrary: fc.noBias(fc.double({ min: -3, max: 3, noNaN: true })) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(-0, 0, 1, -1, 1e16, -1e16, 1e8, -1e8, 16777216, 5e-324) },
);

export const matrix = (rows: number, columns: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(number, { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  });

/** A matrix of numbers of one size and nothing else; `fc.double` gives all exponents alike, so most of its are tiny. */
export const smooth = (rows: number, columns: number): fc.Arbitrary<number[][]> => {
  const near = fc.noBias(fc.integer({ min: -3_000_000, max: 3_000_000 })).map((n) => n / 1_000_003);
  const row = fc.array(near, { minLength: columns, maxLength: columns });
  return fc.array(row, { minLength: rows, maxLength: rows });
};

/** A matrix as a program of this precision holds it. */
export const stored = (numbers: Matrix, to: Precision): Matrix => numbers.map((row) => row.map(rounding[to]));

export const block = (numbers: Matrix, columns: number) =>
  blockOf("float64", [numbers.length, columns], numbers.flat());

export function same(found: Iterable<number>, wanted: Iterable<number>): boolean {
  return [...found].map(bits).join() === [...wanted].map(bits).join();
}

export const rowsOf = (numbers: Matrix, columns: number) => ({
  shape: [numbers.length, columns],
  values: numbers.flat(),
});

export const columnsOf = (numbers: Matrix, columns: number): number[][] =>
  Array.from({ length: columns }, (_, column) => numbers.map((row) => row[column]!));

/** A precision and two matrices that can be multiplied, n × k and k × m. */
export const matrices = fc.record({ to: precision, n: size, k: size, m: size }).chain(({ to, n, k, m }) =>
  fc.record({
    to: fc.constant(to),
    sizes: fc.constant([n, k, m] as const),
    left: matrix(n, k),
    right: matrix(k, m),
  }),
);
