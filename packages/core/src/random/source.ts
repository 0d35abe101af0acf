import { logExact } from "../math/logExact.ts";
import { MersenneTwister } from "./mersenneTwister.ts";
import { shuffledRange } from "./shuffle.ts";
import type { RandomStateSnapshot } from "./state.ts";

/**
 * What a training draws from NumPy's legacy generator, number by number; `RandomState` is NumPy's whole interface to
 * the same stream. Gaussians may differ from NumPy's, by at most 2 ulp and in less than one draw of a thousand: their
 * logarithm is correctly rounded here, and that of the C library under NumPy nearly always is.
 */
export class RandomSource {
  readonly twister: MersenneTwister;
  /** The second number of a pair of gaussians, until a call takes it. */
  #spareGaussian: number | undefined;

  /**
   * @param seed a whole number below 2^32, or a list of one or more of them, as NumPy takes them (`[1]` and
   * `1` start two different sequences). Throws a RangeError or TypeError for anything else.
   */
  constructor(seed: number | readonly number[]) {
    this.twister = new MersenneTwister(seed);
  }

  /** A number from [0, 1), a multiple of 2^-53. */
  double(): number {
    return this.twister.nextDouble();
  }

  /**
   * A number of mean 0 and deviation 1, by Marsaglia's polar method (Marsaglia & Bray, "A convenient method for
   * generating normal variables", SIAM Review 6, 1964). For (x, y) uniform in the unit disc with r² = x² + y², both
   * coordinates of (x, y) √(-2 log(r²) / r²) are normally distributed and independent: one is returned, one kept.
   */
  gaussian(): number {
    if (this.#spareGaussian !== undefined) {
      const spare = this.#spareGaussian;
      this.#spareGaussian = undefined;
      return spare;
    }
    let x: number;
    let y: number;
    let squaredRadius: number;
    do {
      x = 2 * this.double() - 1;
      y = 2 * this.double() - 1;
      squaredRadius = x * x + y * y;
    } while (squaredRadius >= 1 || squaredRadius === 0);
    const scale = Math.sqrt((-2 * logExact(squaredRadius)) / squaredRadius);
    this.#spareGaussian = scale * x;
    return scale * y;
  }

  /** 0, 1, … length - 1 in random order. */
  permutation(length: number): Int32Array {
    return shuffledRange(this.twister, length);
  }

  /** Where the generator stands, as plain JSON: what NumPy's `set_state` takes. */
  getState(): RandomStateSnapshot {
    return {
      bit_generator: "MT19937",
      state: { key: [...this.twister.key], pos: this.twister.position },
      has_gauss: this.#spareGaussian === undefined ? 0 : 1,
      gauss: this.#spareGaussian ?? 0,
    };
  }

  /** Continues where a state was taken that is known to be one. */
  setState({ state, has_gauss, gauss }: RandomStateSnapshot): void {
    this.twister.key.set(state.key);
    this.twister.position = state.pos;
    this.#spareGaussian = has_gauss === 1 ? gauss : undefined;
  }
}
