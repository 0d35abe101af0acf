import type { Size } from "../random/arguments.ts";
import type { ChoiceOptions } from "../random/choice.ts";
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
  override random(shape?: Size | null): number | NumericArray {
    return drawn(super.random(shape as Size));
  }

  override uniform(low?: number, high?: number, shape?: null): number;
  override uniform(low: number, high: number, shape: Size): NumericArray;
  override uniform(low = 0, high = 1, shape?: Size | null): number | NumericArray {
    return drawn(super.uniform(low, high, shape as Size));
  }

  override randn(): number;
  override randn(...shape: [number, ...number[]]): NumericArray;
  override randn(...shape: number[]): number | NumericArray;
  override randn(...shape: number[]): number | NumericArray {
    return drawn(super.randn(...shape));
  }

  override normal(mean?: number, deviation?: number, shape?: null): number;
  override normal(mean: number, deviation: number, shape: Size): NumericArray;
  override normal(mean = 0, deviation = 1, shape?: Size | null): number | NumericArray {
    return drawn(super.normal(mean, deviation, shape as Size));
  }

  override randint(low: number, high?: number | null, shape?: null): number;
  override randint(low: number, high: number | null | undefined, shape: Size): NumericArray;
  override randint(low: number, high?: number | null, shape?: Size | null): number | NumericArray {
    return drawn(super.randint(low, high, shape as Size));
  }

  override permutation(population: number | Numbers): NumericArray {
    return wrap(super.permutation(population));
  }

  override choice(population: number | Numbers, options?: ChoiceOptions & { size?: null }): number;
  override choice(population: number | Numbers, options: ChoiceOptions & { size: Size }): NumericArray;
  override choice(population: number | Numbers, options: ChoiceOptions = {}): number | NumericArray {
    return drawn(super.choice(population, options as ChoiceOptions & { size: Size }));
  }
}

function drawn(result: number | Block): number | NumericArray {
  return typeof result === "number" ? result : wrap(result);
}
