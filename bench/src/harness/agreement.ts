/** What came of a piece of work: its loss, and numbers such as the weights. */
export interface Outcome {
  readonly loss: number;
  readonly numbers: Float64Array;
}

/** How far apart contenders may be that do the same work in another order of operations. */
export interface Tolerance {
  /** Of the loss, as a share of it. */
  readonly loss: number;
  /** Of any number, as a share of the farthest that any number moved from where it began. */
  readonly numbers: number;
}

/**
 * How far an outcome lies from the expected one. Weights are held to how far they moved, so that one who trains with another
 * step, or not at all, is found out.
 */
export function distance(found: Outcome, expected: Outcome, initial: Float64Array): Tolerance {
  const farthest = largestDifference(expected.numbers, initial) || 1;
  return {
    loss: Math.abs(found.loss - expected.loss) / (Math.abs(expected.loss) || 1),
    numbers: largestDifference(expected.numbers, found.numbers) / farthest,
  };
}

/** How an outcome differs from the expected one, in words; undefined where it is the same work. */
export function difference(
  found: Outcome,
  expected: Outcome,
  initial: Float64Array,
  tolerance: Tolerance | "exact",
): string | undefined {
  if (found.numbers.length !== expected.numbers.length)
    return `it gives ${found.numbers.length} numbers instead of ${expected.numbers.length}`;
  if (tolerance === "exact") {
    const at = expected.numbers.findIndex((number, k) => !Object.is(number, found.numbers[k]));
    if (at >= 0)
      return `number ${at} is ${exactly(found.numbers[at]!)} instead of ${exactly(expected.numbers[at]!)}, bit for bit`;
    return found.loss === expected.loss
      ? undefined
      : `its loss is ${found.loss} instead of ${expected.loss}, bit for bit`;
  }
  const off = distance(found, expected, initial);
  if (!(off.numbers <= tolerance.numbers))
    return `its numbers are off by ${percent(off.numbers)} of the farthest that one moved, more than ${percent(tolerance.numbers)}`;
  return off.loss <= tolerance.loss
    ? undefined
    : `its loss is ${found.loss} instead of ${expected.loss}: off by ${percent(off.loss)}, more than ${percent(tolerance.loss)}`;
}

/** NaN where one of them holds a number that is not finite. */
function largestDifference(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    const off = Math.abs(a[k]! - b[k]!);
    if (!(off <= largest)) largest = off;
    if (Number.isNaN(largest)) return largest;
  }
  return largest;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

function exactly(number: number): string {
  return Object.is(number, -0) ? "-0" : String(number);
}
