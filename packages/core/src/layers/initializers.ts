import type { Initial } from "../program/data.ts";

/** Evenly distributed from `low` up to but not including `high`: `(high − low) · random + low`. */
export function uniform(low: number, high: number): Initial {
  if (!Number.isFinite(low) || !Number.isFinite(high) || !(low < high))
    throw new RangeError(`uniform(${low}, ${high}): give two finite numbers, the lower first`);
  return { uniform: [low + 0, high + 0] };
}

/** Normally distributed: `deviation · randn + mean`. */
export function normal(mean: number, deviation: number): Initial {
  if (!Number.isFinite(mean) || !Number.isFinite(deviation) || deviation < 0)
    throw new RangeError(`normal(${mean}, ${deviation}): give a finite mean and a deviation of at least 0`);
  return { normal: [mean + 0, deviation + 0] };
}

/** All the same number. */
export function constant(value: number): Initial {
  if (!Number.isFinite(value)) throw new RangeError(`constant(${value}): give a finite number`);
  return { value: value + 0 };
}
