import { compile, parse } from "../ops/expression.ts";
import { checkRate, type Rate, type Schedule } from "../optimizers/optimizer.ts";
import { recordOf } from "../program/given.ts";
import { shown } from "../shape/shown.ts";

const cosine = compile(parse("cos(x)"), ["x"], (value) => value);

/** So many multiplications in a row are done at most; what lies beyond is a power of what they come to. */
const inARow = 65536;
/** The distance of the values that are kept, so that one which is asked for out of order is at most so far away. */
const keptEvery = 256;

/** `start · factor · factor · …`, each product rounded, in bounded time wherever it is asked for. */
class Decay {
  readonly #factor: number;
  /** The values after 0, 256, 512, … multiplications, as far as they were asked for. */
  readonly #kept: number[];
  #last: { readonly count: number; readonly value: number };
  #ofARow: number | undefined;

  constructor(start: number, factor: number) {
    this.#factor = factor;
    this.#kept = [start];
    this.#last = { count: 0, value: start };
  }

  after(count: number): number {
    const rows = Math.floor(count / inARow);
    const value = this.#inARow(count % inARow);
    if (rows === 0 || value === 0) return value;
    this.#ofARow ??= new Decay(1, this.#factor).#inARow(inARow);
    return value * power(this.#ofARow, rows);
  }

  #inARow(count: number): number {
    const kept = this.#kept;
    const nearest = Math.min(Math.floor(count / keptEvery), kept.length - 1);
    let { count: at, value } = this.#last;
    if (at > count || at < nearest * keptEvery) [at, value] = [nearest * keptEvery, kept[nearest]!];
    while (at < count) {
      value *= this.#factor;
      if (++at === kept.length * keptEvery) kept.push(value);
    }
    this.#last = { count, value };
    return value;
  }
}

/** By squaring: the fewest products for a large exponent. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let [square, rest] = [base, exponent]; rest > 0; rest = Math.floor(rest / 2), square *= square)
    if (rest % 2 === 1) result *= square;
  return result;
}

/**
 * Begins with `start` and multiplies by `factor` after every `every` epochs: one product after the other up to 65,535, then
 * by powers of what 65,536 come to, so that a late epoch costs no more than an early one. Throws `RangeError` unless all are
 * finite and `every` is above 0.
 */
export function stepDecay(start: number, options: { factor: number; every: number }): Schedule {
  recordOf("stepDecay", options, "{ factor: 0.5, every: 10 }");
  const { factor, every } = options;
  finite("stepDecay", { start, factor, every });
  if (every <= 0) throw new RangeError(`stepDecay: every is ${every}, but must be above 0 epochs`);
  const decay = new Decay(start, factor);
  return ({ batch, batchesPerEpoch }) => decay.after(Math.floor(batch / (every * batchesPerEpoch)));
}

/**
 * Half a wave of a cosine from `start` down to `end` (default 0) over so many epochs, then `end`: Loshchilov and Hutter
 * 2016. The cosine is the library's own, so the schedule has the same bits on every machine. Throws `RangeError` unless all are
 * finite and `epochs` is above 0.
 */
export function cosineDecay(start: number, options: { end?: number; epochs: number }): Schedule {
  recordOf("cosineDecay", options, "{ epochs: 10 }");
  const { end = 0, epochs } = options;
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
export function warmUp(rate: Rate, options: { epochs: number }): Schedule {
  checkRate("warmUp", rate);
  recordOf("warmUp", options, "{ epochs: 2 }");
  const { epochs } = options;
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
