import { expect, test } from "vitest";
import { quantile, ratio, summarize } from "../src/harness/statistics.ts";

test("quantiles lie between neighbours in proportion, as NumPy's do", () => {
  // np.quantile([1, 2, 4, 8], [0, 0.25, 0.5, 0.75, 1])
  const sorted = [1, 2, 4, 8];
  expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(sorted, share))).toEqual([1, 1.75, 3, 5, 8]);
  expect(quantile([7], 0.25)).toBe(7);
});

test("a summary is of the sorted measurements, and leaves them as they are", () => {
  const values = [5, 1, 3];
  expect(summarize(values)).toEqual({
    median: 3,
    lowerQuartile: 2,
    upperQuartile: 4,
    least: 1,
    most: 5,
    count: 3,
  });
  expect(values).toEqual([5, 1, 3]);
  expect(() => summarize([])).toThrow("there are no measurements");
});

test("what slows a whole round down cancels in a ratio", () => {
  const { median, least, most } = ratio([2, 20, 2], [1, 10, 1]);
  expect([median, least, most]).toEqual([2, 2, 2]);
});

test("rounds in which one had no turn do not count; without a common one, medians are compared", () => {
  expect(ratio([2, undefined, 6], [1, 1, 2])).toMatchObject({ count: 2, median: 2.5 });
  expect(ratio([2, undefined], [undefined, 4])).toMatchObject({ count: 1, median: 0.5 });
});
