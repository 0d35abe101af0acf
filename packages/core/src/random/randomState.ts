import { type Block, block, count, type Dtype } from "../shape/block.ts";
import type { Numbers } from "../shape/numbers.ts";
import { reachable, remember } from "../shape/reachable.ts";
import type { TypedNumbers } from "../shape/typed.ts";
import {
  checkedCount,
  checkedFinite,
  checkedInteger,
  checkedShape,
  type Size,
  type Sizes,
  shown,
  sizeOf,
} from "./arguments.ts";
import { type ChoiceArguments, type ChoiceOptions, choiceOf, chooseIndices } from "./choice.ts";
import { integersBetween } from "./integers.ts";
import { blockOf, fitsInt32, rowSwapper, takeRows, vectorOf } from "./rows.ts";
import { elementSwapper, shuffledRange, shuffleWith } from "./shuffle.ts";
import { RandomSource } from "./source.ts";
import { checkState, type RandomStateSnapshot } from "./state.ts";

/**
 * NumPy's `np.random.RandomState`, bit for bit: the same seed and the same calls give the same numbers and
 * leave the generator in the same state. `np.random.seed(1)` and what follows is `new RandomState(1)`.
 *
 * Without a shape a method returns one number; with a shape, a block of them, filled row after row. A shape is a list or
 * spelled out, the same for every method: `random([2, 3])` or `random(2, 3)`, `randn([2, 3])` or `randn(2, 3)`. Gaussians
 * alone may differ from NumPy's, by at most 2 ulp and in less than one draw of a thousand: their logarithm
 * is correctly rounded here, and that of the C library under NumPy nearly always is.
 */
export class RandomState {
  readonly #source: RandomSource;

  /**
   * @param seed a whole number below 2^32, or a list of one or more of them, as NumPy takes them (`[1]` and
   * `1` start two different sequences). Throws a RangeError or TypeError for anything else.
   */
  constructor(seed: number | readonly number[]) {
    remember(this);
    this.#source = new RandomSource(seed);
  }

  /** Numbers from [0, 1), each a multiple of 2^-53. */
  random(shape?: null): number;
  random(shape: Size): Block;
  random(...shape: [number, number, ...number[]]): Block;
  random(...shape: Sizes): number | Block {
    return draw("float64", shape, () => this.#source.double());
  }

  /**
   * Numbers from [low, high); rounding may give `high` itself. Throws a RangeError unless both and their
   * difference are finite.
   */
  uniform(low?: number, high?: number, shape?: null): number;
  uniform(low: number, high: number, shape: Size): Block;
  uniform(low: number, high: number, ...shape: [number, number, ...number[]]): Block;
  uniform(low = 0, high = 1, ...shape: Sizes): number | Block {
    const range = checkedFinite("high", high) - checkedFinite("low", low);
    checkedFinite("high - low", range);
    return draw("float64", shape, () => low + range * this.#source.double());
  }

  /** Numbers with mean 0 and deviation 1, normally distributed. */
  randn(shape?: null): number;
  randn(shape: Size): Block;
  randn(...shape: [number, number, ...number[]]): Block;
  randn(...shape: number[]): number | Block;
  randn(...shape: Sizes): number | Block {
    return draw("float64", shape, () => this.#source.gaussian());
  }

  /**
   * Normally distributed numbers, `mean + deviation * randn()`. Throws a RangeError unless both are finite
   * and `deviation` is not negative.
   */
  normal(mean?: number, deviation?: number, shape?: null): number;
  normal(mean: number, deviation: number, shape: Size): Block;
  normal(mean: number, deviation: number, ...shape: [number, number, ...number[]]): Block;
  normal(mean = 0, deviation = 1, ...shape: Sizes): number | Block {
    checkedFinite("mean", mean);
    checkedFinite("deviation", deviation);
    if (deviation < 0) throw new RangeError(`deviation is ${deviation}; give a number that is not negative`);
    return draw("float64", shape, () => mean + deviation * this.#source.gaussian());
  }

  /**
   * Whole numbers from [low, high), or from [0, low) where `high` is left out, all equally likely. The block
   * is int32, or float64 where low < -2^31 or high > 2^31. Throws a RangeError unless both are safe integers
   * and low < high; a shape without elements asks for no order of the two.
   */
  randint(low: number, high?: number | null, shape?: null): number;
  randint(low: number, high: number | null | undefined, shape: Size): Block;
  randint(low: number, high: number | null | undefined, ...shape: [number, number, ...number[]]): Block;
  randint(low: number, high?: number | null, ...shape: Sizes): number | Block {
    const from = high == null ? 0 : checkedInteger("low", low);
    const to = high == null ? checkedInteger("low", low) : checkedInteger("high", high);
    const dtype = fitsInt32(from, to) ? "int32" : "float64";
    const size = sizeOf(shape);
    const sizes = size === null ? null : checkedShape("shape", size);
    if (sizes && count(sizes) === 0) return block(dtype, sizes);
    if (from >= to) {
      throw new RangeError(
        high == null
          ? `low is ${low} and high is left out: randint(n) draws from 0 to n - 1, so n must be above 0`
          : `low is ${low} and high is ${high}; give a high above low`,
      );
    }
    return draw(dtype, [sizes], integersBetween(this.#source.twister, from, to));
  }

  /**
   * Members of a population in random order, as a new block. A number n stands for 0, 1, … n - 1 (int32). Of
   * a block with several axes the rows change places. Throws a RangeError for a negative n.
   */
  permutation(population: number | Numbers): Block {
    if (typeof population === "number") {
      const length = checkedCount("population", population);
      return block("int32", [length], shuffledRange(this.#source.twister, length));
    }
    const view = blockOf("population", population);
    if (view.shape.length === 0) {
      throw new RangeError("population has no axis; give a number, a list or a block of rows");
    }
    return takeRows(view, shuffledRange(this.#source.twister, view.shape[0]!));
  }

  /** Brings a list, a typed array or the rows of a block into random order, in place. */
  shuffle(values: unknown[] | TypedNumbers | Block): void {
    const { twister } = this.#source;
    if (Array.isArray(values)) {
      shuffleWith(twister, values.length, elementSwapper(values));
      return;
    }
    const { shape } = blockOf("values", values);
    if (shape.length === 0)
      throw new TypeError(`values is ${shown(values)}; give a list, a typed array or a block with rows`);
    // The caller's own numbers change places, not those of the block, which may be a copy.
    if (ArrayBuffer.isView(values)) shuffleWith(twister, values.length, elementSwapper(values));
    // NumPy shuffles no array without elements, even one of several (empty) rows: no word is used.
    else if (count(shape) > 0) shuffleWith(twister, shape[0]!, rowSwapper(values));
  }

  /**
   * Members drawn from a population: a list, a typed array, a block with one axis, or n for 0, 1, … n - 1
   * (int32, float64 where n > 2^31). How is said by options, `choice(5, { size: 3, replace: false })`, or in NumPy's order,
   * `choice(5, 3, false, p)`. Throws a RangeError where the population is empty though something is
   * to be drawn, where more is drawn than there is without `replace`, and unless `p` has one number per member,
   * none negative, with the sum 1 and, without `replace`, as many above 0 as are drawn.
   */
  choice(population: number | Numbers, options?: ChoiceOptions & { size?: null }): number;
  choice(population: number | Numbers, options: ChoiceOptions & { size: Size }): Block;
  choice(population: number | Numbers, size: null, replace?: boolean, p?: Numbers | null): number;
  choice(population: number | Numbers, size: Size, replace?: boolean, p?: Numbers | null): Block;
  choice(population: number | Numbers, ...given: ChoiceArguments): number | Block {
    const options = choiceOf(...given);
    const shape = options.size == null ? [] : checkedShape("size", options.size);
    const members =
      typeof population === "number"
        ? checkedCount("population", population)
        : vectorOf("population", population);
    const size = typeof members === "number" ? members : members.shape[0]!;
    const indices = chooseIndices(this.#source.twister, size, count(shape), options);
    const { dtype, data } =
      typeof members === "number"
        ? block(indices instanceof Int32Array ? "int32" : "float64", [indices.length], indices)
        : takeRows(members, indices);
    return options.size == null ? data[0]! : block(dtype, shape, data);
  }

  /** Where the generator stands, as plain JSON: what NumPy's `set_state` takes. */
  getState(): RandomStateSnapshot {
    return this.#source.getState();
  }

  /**
   * Continues where `getState()` was taken, here or by NumPy's `get_state(legacy=False)`. Throws a RangeError
   * or TypeError, and changes nothing, unless the state is complete.
   */
  setState(snapshot: RandomStateSnapshot): void {
    checkState(snapshot);
    this.#source.setState(snapshot);
  }
}

reachable(RandomState);

/** One number for no shape, otherwise a block filled row after row. */
function draw(dtype: Dtype, sizes: Sizes, next: () => number): number | Block {
  const shape = sizeOf(sizes);
  if (shape === null) return next();
  const drawn = block(dtype, checkedShape("shape", shape));
  for (let i = 0; i < drawn.data.length; i++) drawn.data[i] = next();
  return drawn;
}
