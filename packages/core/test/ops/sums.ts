/** Rounds to a precision, as a program of it does after every operation. */
export const rounding = { float64: (value: number) => value, float32: Math.fround } as const;

export type Rounding = (typeof rounding)[keyof typeof rounding];

/** A sum by its definition: from the first term, in ascending order, and +0 where there is none. */
export function inOrder(terms: readonly number[], round: Rounding): number {
  return terms.length === 0 ? 0 : terms.reduce((sum, term) => round(sum + term));
}

export type Matrix = readonly (readonly number[])[];

/** Row n of the left times column m of the right, term after term; `m` is needed where the right has no rows. */
export function product(left: Matrix, right: Matrix, m: number, round: Rounding): number[] {
  return left.flatMap((row) =>
    Array.from({ length: m }, (_, column) =>
      inOrder(
        row.map((value, k) => round(value * right[k]![column]!)),
        round,
      ),
    ),
  );
}

/** A metric by its definition: each row's terms are summed in order, then that sum joins the total. Float64. */
export function running(
  start: number,
  predictions: Matrix,
  targets: Matrix,
  term: (prediction: number, target: number) => number,
): number {
  return predictions.reduce(
    (total, row, n) =>
      total +
      inOrder(
        row.map((value, m) => term(value, targets[n]![m]!)),
        rounding.float64,
      ),
    start,
  );
}

/** Each metric's term; a metric that the registry has and this table lacks fails its test. */
export const terms: Readonly<Record<string, (prediction: number, target: number) => number>> = {
  differenceSum: (p, t) => p - t,
  squaredError: (p, t) => (p - t) * (p - t),
  halfSquaredError: (p, t) => ((p - t) * (p - t)) / 2,
};
