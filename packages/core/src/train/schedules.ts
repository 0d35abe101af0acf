import { compile, parse } from "../ops/expression.ts";
import type { Rate, Schedule } from "../optimizers/optimizer.ts";
import { shown } from "../shape/shown.ts";

const cosine = compile(parse("cos(x)"), ["x"], (value) => value);

/**
 * Begins with `start` and multiplies by `factor` after every `every` epochs. Throws `RangeError` unless all are finite and
 * `every` is above 0.
 */
export function stepDecay(start: number, { factor, every }: { factor: number; every: number }): Schedule {
  finite("stepDecay", { start, factor, every });
  if (every <= 0) throw new RangeError(`stepDecay: every is ${every}, but must be above 0 epochs`);
  return ({ batch, batchesPerEpoch }) => {
    let value = start;
    for (let passed = Math.floor(batch / (every * batchesPerEpoch)); passed > 0; passed--) value *= factor;
    return value;
  };
}

/**
 * Half a wave of a cosine from `start` down to `end` (default 0) over so many epochs, then `end`: Loshchilov and Hutter
 * 2016. The cosine is the library's own, so the schedule has the same bits on every machine. Throws `RangeError` unless all are
 * finite and `epochs` is above 0.
 */
export function cosineDecay(start: number, { end = 0, epochs }: { end?: number; epochs: number }): Schedule {
  finite("cosineDecay", { start, end, epochs });
  if (epochs <= 0) throw new RangeError(`cosineDecay: epochs is ${epochs}, but must be above 0`);
  return ({ batch, batchesPerEpoch }) => {
    const share = Math.min(1, batch / (epochs * batchesPerEpoch));
    return end + ((start - end) * (1 + cosine([Math.PI * share]))) / 2;
  };
}

/**
 * Rises evenly from 0 to the rate's own value over so many epochs: of n batches the first has 1 / n of it, the nth all. Throws
 * `RangeError` unless `epochs` is finite and from 0 up.
 */
export function warmUp(rate: Rate, { epochs }: { epochs: number }): Schedule {
  finite("warmUp", { epochs });
  if (epochs < 0) throw new RangeError(`warmUp: epochs is ${epochs}, but must be at least 0`);
  return (at) => {
    const value = typeof rate === "number" ? rate : rate(at);
    return value * Math.min(1, (at.batch + 1) / Math.max(1, epochs * at.batchesPerEpoch));
  };
}

function finite(schedule: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (!Number.isFinite(value))
      throw new RangeError(`${schedule}: ${name} is ${shown(value)}, but must be a finite number`);
}
