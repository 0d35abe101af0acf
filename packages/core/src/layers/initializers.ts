import type { Initial } from "../program/data.ts";
import { shown } from "../shape/shown.ts";

/** How weights start that read `fanIn` numbers for each unit and whose numbers `fanOut` units read. */
export type Initializer = (fanIn: number, fanOut: number) => Initial;

/**
 * Evenly distributed from `low` up to but not including `high`: `(high − low) · random + low`. Throws `RangeError` unless both
 * are finite and `low` is the lower.
 */
export function uniform(low: number, high: number): Initial {
  if (!Number.isFinite(low) || !Number.isFinite(high) || !(low < high))
    throw new RangeError(`uniform(${shown(low)}, ${shown(high)}): give two finite numbers, the lower first`);
  return { uniform: [low + 0, high + 0] };
}

/** Normally distributed: `deviation · randn + mean`. Throws `RangeError` unless both are finite, the deviation from 0 up. */
export function normal(mean: number, deviation: number): Initial {
  if (!Number.isFinite(mean) || !Number.isFinite(deviation) || deviation < 0)
    throw new RangeError(
      `normal(${shown(mean)}, ${shown(deviation)}): give a finite mean and a deviation of at least 0`,
    );
  return { normal: [mean + 0, deviation + 0] };
}

/** All the same number. Throws `RangeError` unless it is finite. */
export function constant(value: number): Initial {
  if (!Number.isFinite(value)) throw new RangeError(`constant(${shown(value)}): give a finite number`);
  return { value: value + 0 };
}

/**
 * Evenly distributed within ±√(6 / (fan-in + fan-out)), so that neither sums nor derivatives grow from layer to layer
 * where activations are nearly linear, as tanh is near 0: Glorot and Bengio 2010, formula 16. Also known as Xavier.
 */
export const glorotUniform: Initializer = (fanIn, fanOut) => symmetric(Math.sqrt(6 / (fanIn + fanOut)));

/** Normally distributed with the deviation √(2 / (fan-in + fan-out)): Glorot and Bengio 2010. */
export const glorotNormal: Initializer = (fanIn, fanOut) => normal(0, Math.sqrt(2 / (fanIn + fanOut)));

/** Evenly distributed within ±√(6 / fan-in), which makes up for the half that relu drops: He and others 2015. */
export const heUniform: Initializer = (fanIn) => symmetric(Math.sqrt(6 / fanIn));

/** Normally distributed with the deviation √(2 / fan-in): He and others 2015, formula 10. */
export const heNormal: Initializer = (fanIn) => normal(0, Math.sqrt(2 / fanIn));

function symmetric(limit: number): Initial {
  return uniform(-limit, limit);
}
