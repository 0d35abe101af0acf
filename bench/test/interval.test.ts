import { RandomState } from "@streetlight/core";
import { expect, test } from "vitest";
import { ranksOutside, ratioInterval } from "../src/against/interval.ts";

test("as many means lie outside as the published tables of the signed-rank test say", () => {
  // Wilcoxon and Wilcox (1964), two-sided 5 %: the largest sum of ranks that is significant.
  const critical = { 6: 0, 7: 2, 8: 3, 9: 5, 10: 8, 12: 13, 15: 25, 20: 52, 25: 89 };
  for (const [pairs, largest] of Object.entries(critical))
    expect(ranksOutside(Number(pairs)), `${pairs} pairs`).toBe(largest);
});

test("six pairs: the interval is from the lowest ratio to the highest", () => {
  const { ratio, low, high } = ratioInterval([2, 3, 4, 5, 6, 7].map((times) => [times * 10, 10]));
  expect(low).toBeCloseTo(2, 12);
  expect(high).toBeCloseTo(7, 12);
  // The products of two, each with itself as well: 4 6 8 9 10 12 12 14 15 16, then the eleventh of 21, 18, and larger ones.
  expect(ratio).toBeCloseTo(Math.sqrt(18), 12);
});

test("fewer than six pairs are refused", () => {
  expect(() => ratioInterval(new Array(5).fill([1, 1]))).toThrow(
    "5 pairs are too few for a 95 % interval: take 6 or more",
  );
});

/** Times of two builds in rounds: the machine drifts from round to round, and each time is off by a noise of its own. */
function rounds(random: RandomState, count: number, ratio: number, noise: () => number) {
  return Array.from({ length: count }, () => {
    const drift = Math.exp(random.random() * 2);
    return [ratio * drift * Math.exp(noise()), drift * Math.exp(noise())] as const;
  });
}

const noises = {
  "of 2 %, normal": (random: RandomState) => 0.02 * (random.normal(0, 1) as number),
  "of 1 %, one time in ten longer by up to a half": (random: RandomState) =>
    0.01 * (random.normal(0, 1) as number) + (random.random() < 0.1 ? Math.log1p(random.random() / 2) : 0),
};

test.each(Object.entries(noises))("noise %s: 95 of 100 intervals hold the true ratio", (_, noise) => {
  const random = new RandomState(1);
  for (const ratio of [0.5, 1, 1.05]) {
    let holding = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const { low, high } = ratioInterval(rounds(random, 15, ratio, () => noise(random)));
      if (low <= ratio && ratio <= high) holding++;
    }
    // The exact confidence is 95.2 %: 952 are expected, with a deviation of 7.
    expect(holding, `of ratio ${ratio}`).toBeGreaterThan(930);
    expect(holding, `of ratio ${ratio}`).toBeLessThan(975);
  }
});

test("fifteen rounds tell 8 % more from 3 % more, and no difference from 3 % more", () => {
  const random = new RandomState(2);
  for (let trial = 0; trial < 200; trial++) {
    const noise = () => noises["of 2 %, normal"](random);
    expect(ratioInterval(rounds(random, 15, 1, noise)).low).toBeLessThan(1.03);
    expect(ratioInterval(rounds(random, 15, 1.08, noise)).low).toBeGreaterThan(1.03);
  }
});
