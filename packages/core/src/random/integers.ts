import type { MersenneTwister } from "./mersenneTwister.ts";

const largestWord = 0xffffffff;

/**
 * A whole number from 0 to `most`, both included, each as likely as the others; `most` is below 2^32.
 * As many low bits of a word as `most` has are kept, and words that exceed it are thrown away. Where there
 * is nothing to decide (`most` is 0) no word is used.
 */
export function integerUpTo(twister: MersenneTwister, most: number): number {
  if (most === 0) return 0;
  const mask = largestWord >>> Math.clz32(most);
  for (;;) {
    const word = (twister.nextWord() & mask) >>> 0;
    if (word <= most) return word;
  }
}

/**
 * Draws whole numbers in [low, high), safe integers with low < high: from one word each while the range
 * has at most 2^32 numbers, beyond that from two, the upper one first.
 */
export function integersBetween(twister: MersenneTwister, low: number, high: number): () => number {
  const most = high - 1 - low;
  if (most <= largestWord) return () => low + integerUpTo(twister, most);

  // The difference of two safe integers need not be one.
  const exactMost = BigInt(high) - 1n - BigInt(low);
  const mostUpper = Number(exactMost >> 32n);
  const mostLower = Number(exactMost & 0xffffffffn);
  const mask = largestWord >>> Math.clz32(mostUpper);
  return () => {
    for (;;) {
      const upper = (twister.nextWord() & mask) >>> 0;
      const lower = twister.nextWord();
      if (upper < mostUpper || (upper === mostUpper && lower <= mostLower)) {
        return low + upper * 0x100000000 + lower;
      }
    }
  };
}
