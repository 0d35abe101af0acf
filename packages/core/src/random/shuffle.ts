import { integerUpTo } from "./integers.ts";
import type { MersenneTwister } from "./mersenneTwister.ts";

/**
 * Brings `length` things into random order, each order equally likely: from the last place down, each
 * place takes what lies at a random place not after it (Durstenfeld, "Algorithm 235", CACM 7, 1964).
 */
export function shuffleWith(
  twister: MersenneTwister,
  length: number,
  swap: (left: number, right: number) => void,
): void {
  for (let place = length - 1; place > 0; place--) swap(place, integerUpTo(twister, place));
}

/** Exchanges two elements of a list or typed array in place. */
export function elementSwapper(values: { [index: number]: unknown }): (left: number, right: number) => void {
  return (left, right) => {
    const held = values[left];
    values[left] = values[right];
    values[right] = held;
  };
}

/** 0, 1, … length - 1 in random order. */
export function shuffledRange(twister: MersenneTwister, length: number): Int32Array {
  const range = Int32Array.from({ length }, (_, index) => index);
  shuffleWith(twister, length, elementSwapper(range));
  return range;
}
