import { type Block, count, positions } from "../shape/block.ts";
import { type Numbers, viewOf } from "../shape/numbers.ts";

/** An array in five numbers. */
export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** The standard deviation of these numbers: √ of the mean of the squared distances from the mean. */
  readonly deviation: number;
  /** The share of zeros, from 0 to 1; −0 is one. */
  readonly zeros: number;
}

/** The statistics of all elements. Throws a RangeError where there are none. */
export function statistics(numbers: Numbers): Statistics {
  const collected = new Collected();
  collected.add(viewOf(numbers));
  return collected.statistics;
}

/**
 * Statistics of numbers that come in parts. Each number is taken in by itself, in order, so the parts that it comes in
 * change no bit. The deviation is Welford's (1962): with the mean m of k − 1 numbers, the kth, x, moves it by
 * (x − m) / k and adds (x − m)(x − m′) to the squared distances; nothing large cancels, as in Σx² − (Σx)²/k it would.
 */
export class Collected {
  #count = 0;
  #sum = -0;
  #zeros = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #runningMean = 0;
  #squares = 0;
  /** For each column, whether it was other than 0 in a row. */
  #alive: Uint8Array | undefined;

  add(numbers: Block): void {
    const columns = count(numbers.shape.slice(1));
    this.#alive ??= new Uint8Array(columns);
    let next = 0;
    for (const position of positions(numbers)) {
      const x = numbers.data[position]!;
      this.#take(x);
      if (x !== 0) this.#alive[next % columns] = 1;
      next++;
    }
  }

  /** Throws a RangeError before the first number. */
  get statistics(): Statistics {
    if (this.#count === 0) throw new RangeError("statistics: there are no numbers");
    return {
      min: this.#min,
      max: this.#max,
      mean: this.#sum / this.#count,
      deviation: Math.sqrt(this.#squares / this.#count),
      zeros: this.#zeros / this.#count,
    };
  }

  /** How many columns were 0 in every row. */
  get dead(): number {
    return this.#alive?.reduce((sum, alive) => sum + 1 - alive, 0) ?? 0;
  }

  #take(x: number): void {
    this.#count++;
    this.#sum += x;
    if (x === 0) this.#zeros++;
    this.#min = Math.min(this.#min, x);
    this.#max = Math.max(this.#max, x);
    const distance = x - this.#runningMean;
    this.#runningMean += distance / this.#count;
    this.#squares += distance * (x - this.#runningMean);
  }
}
