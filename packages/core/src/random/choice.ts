import { positions } from "../shape/block.ts";
import type { Numbers } from "../shape/numbers.ts";
import { type Size, shown } from "./arguments.ts";
import { integersBetween } from "./integers.ts";
import type { MersenneTwister } from "./mersenneTwister.ts";
import { fitsInt32, vectorOf } from "./rows.ts";
import { shuffledRange } from "./shuffle.ts";

/** How `choice` draws. */
export interface ChoiceOptions {
  /** How many, or a shape of them. Default: one, returned as a number. */
  size?: Size | null;
  /** Whether a member may be drawn more than once. Default true. */
  replace?: boolean;
  /** The probability of each member; they sum to 1. Default: all members are equally likely. */
  p?: Numbers | null;
}

/** What `choice` may be given after the population: options, or NumPy's size, replace and p. */
export type ChoiceArguments = readonly [
  how?: ChoiceOptions | Size | null,
  replace?: boolean,
  p?: Numbers | null,
];

const options: readonly string[] = ["size", "replace", "p"];

/** The same as options. Throws a TypeError for what is neither a size nor options that there are. */
export function choiceOf(...[how, replace, p]: ChoiceArguments): ChoiceOptions {
  const isOptions = typeof how === "object" && how !== null && !Array.isArray(how);
  const given = isOptions ? (how as ChoiceOptions) : { size: how as Size, replace, p };
  if (isOptions && (replace !== undefined || p !== undefined))
    throw new TypeError("choice: give options, or size, replace and p in this order, not both");
  const unknown = Object.keys(given).find((key) => !options.includes(key));
  if (unknown !== undefined)
    throw new TypeError(`choice: there is no option "${unknown}"; there are ${options.join(", ")}`);
  const { replace: again = true } = given;
  if (typeof again !== "boolean") throw new TypeError(`replace is ${shown(again)}; give true or false`);
  return { ...given, replace: again };
}

/** The indices of `drawn` members of a population of `size`; float64 where int32 is too small for some. */
export function chooseIndices(
  twister: MersenneTwister,
  size: number,
  drawn: number,
  { replace = true, p }: ChoiceOptions,
): Int32Array | Float64Array {
  if (size === 0 && drawn > 0) {
    throw new RangeError(`population is empty; give at least one member to draw ${drawn}`);
  }
  if (!replace && drawn > size) {
    throw new RangeError(
      `size is ${drawn} for a population of ${size}; draw no more, or let replace be true`,
    );
  }
  if (p == null) {
    return replace ? drawIndices(twister, size, drawn) : shuffledRange(twister, size).slice(0, drawn);
  }
  const probabilities = checkedProbabilities(p, size);
  if (replace) return drawWeightedIndices(twister, probabilities, drawn);
  const possible = probabilities.filter((probability) => probability > 0).length;
  if (drawn > possible) {
    throw new RangeError(
      `size is ${drawn}, but only ${possible} of p are above 0; draw no more, or let replace be true`,
    );
  }
  return drawDistinctWeightedIndices(twister, probabilities, drawn);
}

function drawIndices(twister: MersenneTwister, size: number, drawn: number): Int32Array | Float64Array {
  const indices = fitsInt32(0, size) ? new Int32Array(drawn) : new Float64Array(drawn);
  if (drawn === 0) return indices;
  const next = integersBetween(twister, 0, size);
  return indices.map(next);
}

/** Draws index i with probability `p[i]`, by inverting the distribution function. */
function drawWeightedIndices(twister: MersenneTwister, p: Float64Array, drawn: number): Int32Array {
  const distribution = cumulative(p);
  return Int32Array.from({ length: drawn }, () => firstAbove(distribution, twister.nextDouble()));
}

/**
 * Different indices, drawn one after another with the probabilities `p` of those that remain. As
 * many as are missing are drawn at once, repetitions dropped, what was found struck out of `p`, and so on.
 * At least `drawn` probabilities must be above 0.
 */
function drawDistinctWeightedIndices(twister: MersenneTwister, p: Float64Array, drawn: number): Int32Array {
  const remaining = p.slice();
  const found = new Set<number>();
  while (found.size < drawn) {
    for (const index of found) remaining[index] = 0;
    for (const index of drawWeightedIndices(twister, remaining, drawn - found.size)) found.add(index);
  }
  return Int32Array.from(found);
}

/** The probabilities of a population of `size`, checked: as many, none negative, their sum 1. */
function checkedProbabilities(p: Numbers, size: number): Float64Array {
  const view = vectorOf("p", p);
  const numbers = Float64Array.from(positions(view), (position) => view.data[position]!);
  if (numbers.length !== size) {
    throw new RangeError(
      `p has ${numbers.length} probabilities for a population of ${size}; give one for each`,
    );
  }
  const wrong = numbers.findIndex((probability) => !(probability >= 0));
  if (wrong >= 0) {
    throw new RangeError(`p[${wrong}] is ${shown(numbers[wrong])}; give numbers that are not negative`);
  }

  const sum = compensatedSum(numbers);
  const precision = view.dtype === "float32" ? 1.1920928955078125e-7 : 2.220446049250313e-16; // 2^-23, 2^-52
  if (!(Math.abs(sum - 1) <= Math.sqrt(precision))) {
    throw new RangeError(`p sums to ${sum}; divide each probability by the sum, so that it becomes 1`);
  }
  return numbers;
}

/** Running sums of `p`, divided by the last, which so becomes exactly 1. */
function cumulative(p: Float64Array): Float64Array {
  let sum = 0;
  const sums = p.map((probability) => (sum += probability));
  return sums.map((partial) => partial / sum);
}

/** The index of the first element above x, in ascending numbers whose last is above x. */
function firstAbove(ascending: Float64Array, x: number): number {
  let from = 0;
  let to = ascending.length - 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (ascending[middle]! > x) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** A sum that carries what each addition lost (Kahan, Communications of the ACM 8, 1965). */
function compensatedSum(terms: Float64Array): number {
  let sum = 0;
  let excess = 0;
  for (const term of terms) {
    const wanted = term - excess;
    const next = sum + wanted;
    excess = next - sum - wanted;
    sum = next;
  }
  return sum;
}
