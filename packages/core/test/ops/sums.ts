import { elementary } from "../../src/ops/expression.ts";

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

/** A metric by its definition: each row's term joins the total, one after the other. Float64. */
export function running(start: number, predictions: Matrix, targets: Matrix, term: RowTerm): number {
  return predictions.reduce((total, row, n) => total + term(row, targets[n]!), start);
}

type Row = readonly number[];
type RowTerm = (prediction: Row, target: Row) => number;

/** The terms of a row's elements, summed in order. */
function sumOf(term: (prediction: number, target: number) => number): RowTerm {
  return (prediction, target) =>
    inOrder(
      prediction.map((value, m) => term(value, target[m]!)),
      rounding.float64,
    );
}

const exp = elementary("exp");

function crossEntropy(prediction: Row, target: Row): number {
  const shifted = prediction.map((value) => value - Math.max(...prediction));
  const logarithm = elementary("log")(inOrder(shifted.map(exp), rounding.float64));
  return inOrder(
    shifted.map((value, m) => target[m]! * (logarithm - value)),
    rounding.float64,
  );
}

function rightClasses(prediction: Row, target: Row): number {
  if ([...prediction, ...target].some(Number.isNaN)) return 0;
  const largest = (row: Row) => row.indexOf(Math.max(...row) + 0);
  return largest(prediction) === largest(target) ? 1 : 0;
}

/** Each metric's term for a row; a metric that the registry has and this table lacks fails its test. */
export const terms: Readonly<Record<string, RowTerm>> = {
  runningTotal: sumOf((p) => p),
  differenceSum: sumOf((p, t) => p - t),
  squaredError: sumOf((p, t) => (p - t) * (p - t)),
  halfSquaredError: sumOf((p, t) => ((p - t) * (p - t)) / 2),
  meanSquaredError: sumOf((p, t) => (p - t) * (p - t)),
  absoluteError: sumOf((p, t) => Math.abs(p - t)),
  meanAbsoluteError: sumOf((p, t) => Math.abs(p - t)),
  huber: sumOf((p, t) => (Math.abs(p - t) <= 1 ? ((p - t) * (p - t)) / 2 : Math.abs(p - t) - 0.5)),
  binaryCrossEntropy: sumOf((p, t) => Math.max(p, 0) - p * t + elementary("log1p")(exp(-Math.abs(p)))),
  categoricalCrossEntropy: crossEntropy,
  rightSides: sumOf((p, t) => (Number.isNaN(p) || Number.isNaN(t) || p > 0.5 !== t > 0.5 ? 0 : 1)),
  rightClasses,
};

/** A softmax by its definition, and its logarithm: rows shifted by their maximum, powers summed in order. */
export function softmaxOf(row: Row, round: Rounding): { shares: number[]; logarithms: number[] } {
  const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const shifted = row.map((value) => round(value - most));
  const powers = shifted.map((value) => round(exp(value)));
  const sum = inOrder(powers, round);
  const logarithm = round(elementary("log")(sum));
  return {
    shares: powers.map((power) => round(power / sum)),
    logarithms: shifted.map((value) => round(value - logarithm)),
  };
}
