import { checkedSeed } from "./arguments.ts";

/** Words of state. */
export const keyLength = 624;
const middle = 397;

const upperBit = 0x80000000;
const lowerBits = 0x7fffffff;
const twistMatrix = 0x9908b0df;

/**
 * MT19937, the generator of 32-bit words with period 2^19937 - 1 (Matsumoto & Nishimura, "Mersenne Twister:
 * a 623-dimensionally equidistributed uniform pseudo-random number generator", ACM TOMACS 8, 1998), seeded
 * as the authors' revision of 2002 does and NumPy's `RandomState` after it.
 */
export class MersenneTwister {
  /** The last 624 words of the recurrence, before tempering. */
  readonly key = new Uint32Array(keyLength);
  /** The next word of `key` to hand out; 624 when all are used up. */
  position = keyLength;

  /**
   * @param seed a whole number below 2^32, or a list of one or more of them. `[1]` and `1` start two
   * different sequences. Throws a RangeError or TypeError for anything else.
   */
  constructor(seed: number | readonly number[]) {
    const checked = checkedSeed(seed);
    if (typeof checked === "number") this.#seedByNumber(checked);
    else this.#seedByList(checked);
  }

  /** The next word, a whole number below 2^32. */
  nextWord(): number {
    if (this.position === keyLength) this.#twist();
    let word = this.key[this.position++]!;
    // Tempering: without it the bits of one word are not equidistributed enough (equations 2.2 to 2.5).
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** The next multiple of 2^-53 in [0, 1): 27 bits of one word, then 26 of another. */
  nextDouble(): number {
    const high = this.nextWord() >>> 5;
    const low = this.nextWord() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** The recurrence x[k + 624] = x[k + 397] xor (upper bit of x[k], lower bits of x[k + 1]) A, 624 times. */
  #twist(): void {
    const { key } = this;
    for (let i = 0; i < keyLength; i++) {
      const joined = (key[i]! & upperBit) | (key[(i + 1) % keyLength]! & lowerBits);
      const shifted = (joined >>> 1) ^ (joined & 1 ? twistMatrix : 0);
      key[i] = key[(i + middle) % keyLength]! ^ shifted;
    }
    this.position = 0;
  }

  /** A linear congruence after Knuth (The Art of Computer Programming 2, 3rd edition, page 106). */
  #seedByNumber(seed: number): void {
    this.key[0] = seed;
    for (let i = 1; i < keyLength; i++) this.key[i] = Math.imul(this.#stirred(i), 1812433253) + i;
  }

  /** Every word of the seed stirs every word of the key: one pass adds the seed, a second mixes. */
  #seedByList(seed: readonly number[]): void {
    const { key } = this;
    this.#seedByNumber(19650218);

    let i = 1;
    const advance = () => {
      if (++i < keyLength) return;
      key[0] = key[keyLength - 1]!;
      i = 1;
    };
    for (let step = 0; step < Math.max(keyLength, seed.length); step++) {
      const j = step % seed.length;
      key[i] = (key[i]! ^ Math.imul(this.#stirred(i), 1664525)) + seed[j]! + j;
      advance();
    }
    for (let step = 1; step < keyLength; step++) {
      key[i] = (key[i]! ^ Math.imul(this.#stirred(i), 1566083941)) - i;
      advance();
    }
    key[0] = upperBit; // so that the state is never all zeros
  }

  /** The word before `i`, its upper bits folded into its lower ones. */
  #stirred(i: number): number {
    const before = this.key[i - 1]!;
    return before ^ (before >>> 30);
  }
}
