import { quantile } from "../harness/statistics.ts";

/** A ratio, and between which two it lies with 95 % confidence. */
export interface Interval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** With fewer pairs no interval of this kind has 95 % confidence: one of six differences in one direction is 2 of 64. */
export const fewestPairs = 6;

/** Half of the 5 % on either side. */
const tail = 0.025;

/**
 * How many times as long one takes as the other, from times taken in pairs: Hodges and Lehmann's estimate of the center of the
 * log ratios, the median of the means of all two of them (each with itself as well), and the interval that goes with
 * Wilcoxon's signed-rank test, from the k-th lowest of these means to the k-th highest. Its confidence is exact for
 * independent pairs whose log ratios are spread symmetrically, however far: a few pairs that something else slowed down widen
 * it hardly. Throws `RangeError` where there are fewer than 6 pairs.
 */
export function ratioInterval(pairs: readonly (readonly [ours: number, theirs: number])[]): Interval {
  if (pairs.length < fewestPairs)
    throw new RangeError(
      `${pairs.length} pairs are too few for a 95 % interval: take ${fewestPairs} or more`,
    );
  const logs = pairs.map(([ours, theirs]) => Math.log(ours / theirs));
  const means = logs.flatMap((one, k) => logs.slice(k).map((other) => (one + other) / 2));
  means.sort((a, b) => a - b);
  const outside = ranksOutside(pairs.length);
  return {
    ratio: Math.exp(quantile(means, 0.5)),
    low: Math.exp(means[outside]!),
    high: Math.exp(means.at(-1 - outside)!),
  };
}

/**
 * How many means lie outside the interval at either end: the largest k with P(W ≤ k) ≤ 2.5 %, where W is the sum of those ranks
 * 1 … n whose differences are positive. Without a difference each of the 2^n sets of ranks is as likely as any other.
 */
export function ranksOutside(pairs: number): number {
  const share = new Float64Array((pairs * (pairs + 1)) / 2 + 1);
  share[0] = 1;
  for (let rank = 1, most = 0; rank <= pairs; rank++) {
    most += rank;
    for (let sum = most; sum >= 0; sum--)
      share[sum] = (share[sum]! + (sum >= rank ? share[sum - rank]! : 0)) / 2;
  }
  let sum = 0;
  for (let upTo = share[0]!; upTo <= tail; upTo += share[sum]!) sum++;
  return sum - 1;
}
