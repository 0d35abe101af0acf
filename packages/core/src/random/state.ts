import { isWord, shown } from "./arguments.ts";
import { keyLength } from "./mersenneTwister.ts";

/**
 * Where a generator stands, as plain JSON, in the words of NumPy's `get_state(legacy=False)`: written as
 * JSON and read back, either side's state continues on the other.
 */
export interface RandomStateSnapshot {
  readonly bit_generator: "MT19937";
  readonly state: {
    /** 624 whole numbers below 2^32. */
    readonly key: readonly number[];
    /** How many of them are used up, 0 to 624. */
    readonly pos: number;
  };
  /** 1 where `gauss` holds the second number of a pair of gaussians, for the next call to take. */
  readonly has_gauss: 0 | 1;
  readonly gauss: number;
}

/** Throws a TypeError or RangeError that names the part of the state that is wrong. */
export function checkState(snapshot: RandomStateSnapshot): void {
  const { bit_generator, state, has_gauss, gauss } = snapshot ?? {};
  const mend = "give what getState() returned";
  if (bit_generator !== "MT19937") {
    throw new TypeError(`state: bit_generator is ${shown(bit_generator)}, not "MT19937"; ${mend}`);
  }
  const { key, pos } = state ?? {};
  if (!Array.isArray(key)) throw new TypeError(`state: key is ${shown(key)}, not a list; ${mend}`);
  if (key.length !== keyLength) {
    throw new RangeError(`state: key has ${key.length} words, not ${keyLength}; ${mend}`);
  }
  const wrong = key.findIndex((word) => !isWord(word));
  if (wrong >= 0) {
    throw new RangeError(
      `state: key[${wrong}] is ${shown(key[wrong])}, not a whole number below 2^32; ${mend}`,
    );
  }
  if (!isWord(pos) || pos > keyLength) {
    throw new RangeError(`state: pos is ${shown(pos)}, not a whole number from 0 to ${keyLength}; ${mend}`);
  }
  if (has_gauss !== 0 && has_gauss !== 1) {
    throw new RangeError(`state: has_gauss is ${shown(has_gauss)}, neither 0 nor 1; ${mend}`);
  }
  if (!Number.isFinite(gauss)) throw new RangeError(`state: gauss is ${shown(gauss)}, not finite; ${mend}`);
}
