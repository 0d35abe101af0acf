import { expect } from "vitest";

/** Largest difference of two lists of numbers, relative to the largest number expected, unless all are 0. */
export function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  return (
    Math.max(...Array.from(found, (value, place) => Math.abs(value - expected[place]!))) / (largest || 1)
  );
}
