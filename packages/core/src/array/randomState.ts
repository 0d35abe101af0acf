import { type Size, type Sizes, sizeOf } from "../random/arguments.ts";
import type { ChoiceArguments, ChoiceOptions } from "../random/choice.ts";
import { RandomState as Generator } from "../random/randomState.ts";
import type { Block } from "../shape/block.ts";
import type { Numbers } from "../shape/numbers.ts";
import { wrap } from "./create.ts";
import type { NumericArray } from "./numericArray.ts";

/**
 * NumPy's `np.random.RandomState`, bit for bit, which draws arrays: what follows `np.random.seed(1)` there follows
 * `new RandomState(1)` here. See the methods' documentation in `random/randomState.ts`.
 */
export class RandomState extends Generator {
  override random(shape?: null): number;
  override random(shape: Size): NumericArray;
  override random(...shape: [number, number, ...number[]]): NumericArray;
  override random(...shape: Sizes): number | NumericArray {
    return drawn(super.random(sizeOf(shape) as Size));
  }

  override uniform(low?: number, high?: number, shape?: null): number;
  override uniform(low: number, high: number, shape: Size): NumericArray;
  override uniform(low: number, high: number, ...shape: [number, number, ...number[]]): NumericArray;
  override uniform(low = 0, high = 1, ...shape: Sizes): number | NumericArray {
    return drawn(super.uniform(low, high, sizeOf(shape) as Size));
  }

  override randn(shape?: null): number;
  override randn(shape: Size): NumericArray;
  override randn(...shape: [number, number, ...number[]]): NumericArray;
  override randn(...shape: number[]): number | NumericArray;
  override randn(...shape: Sizes): number | NumericArray {
    return drawn(super.randn(sizeOf(shape) as Size));
  }

  override normal(mean?: number, deviation?: number, shape?: null): number;
  override normal(mean: number, deviation: number, shape: Size): NumericArray;
  override normal(mean: number, deviation: number, ...shape: [number, number, ...number[]]): NumericArray;
  override normal(mean = 0, deviation = 1, ...shape: Sizes): number | NumericArray {
    return drawn(super.normal(mean, deviation, sizeOf(shape) as Size));
  }

  override randint(low: number, high?: number | null, shape?: null): number;
  override randint(low: number, high: number | null | undefined, shape: Size): NumericArray;
  override randint(
    low: number,
    high: number | null | undefined,
    ...shape: [number, number, ...number[]]
  ): NumericArray;
  override randint(low: number, high?: number | null, ...shape: Sizes): number | NumericArray {
    return drawn(super.randint(low, high, sizeOf(shape) as Size));
  }

  override permutation(population: number | Numbers): NumericArray {
    return wrap(super.permutation(population));
  }

  override choice(population: number | Numbers, options?: ChoiceOptions & { size?: null }): number;
  override choice(population: number | Numbers, options: ChoiceOptions & { size: Size }): NumericArray;
  override choice(population: number | Numbers, size: null, replace?: boolean, p?: Numbers | null): number;
  override choice(
    population: number | Numbers,
    size: Size,
    replace?: boolean,
    p?: Numbers | null,
  ): NumericArray;
  override choice(population: number | Numbers, ...given: ChoiceArguments): number | NumericArray {
    return drawn(super.choice(population, ...(given as [Size])));
  }
}

function drawn(result: number | Block): number | NumericArray {
  return typeof result === "number" ? result : wrap(result);
}
