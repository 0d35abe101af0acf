import type { RandomSource } from "../random/source.ts";
import { count, type Data, type Shape } from "../shape/block.ts";
import type { ArrayDeclaration, ProgramData } from "./data.ts";
import { isNoise } from "./noise.ts";

/**
 * The numbers with which weights, states and settings start, as float64, by name. One generator serves all programs' arrays in
 * order of declaration; an array that several programs share is drawn once.
 *
 * Throws `TypeError` where an array is drawn by chance and there is no generator.
 */
export function initialNumbers(
  programs: readonly ProgramData[],
  chance: RandomSource | undefined,
): Map<string, Data> {
  const numbers = new Map<string, Data>();
  for (const program of programs)
    for (const array of program.arrays)
      if (array.initial && !isNoise(array) && !numbers.has(array.name))
        numbers.set(array.name, draw(array, chance));
  return numbers;
}

export function isDrawn({ initial }: ArrayDeclaration): boolean {
  return initial !== undefined && ("uniform" in initial || "normal" in initial);
}

function draw(array: ArrayDeclaration, chance: RandomSource | undefined): Data {
  const { name, initial } = array;
  const shape = array.shape as Shape;
  if ("value" in initial!) return new Float64Array(count(shape)).fill(initial.value);
  if ("values" in initial!) {
    if (initial.values.length !== count(shape))
      throw new RangeError(`${name} holds ${count(shape)} numbers, but ${initial.values.length} are given`);
    return Float64Array.from(initial.values);
  }
  if (chance === undefined)
    throw new TypeError(`${name} starts with random numbers: give a seed, such as seed: 1`);
  if ("uniform" in initial!) {
    const [low, high] = initial.uniform;
    return Float64Array.from({ length: count(shape) }, () => (high - low) * chance.double() + low);
  }
  const [mean, deviation] = (initial as { normal: readonly [number, number] }).normal;
  return Float64Array.from({ length: count(shape) }, () => mean + deviation * chance.gaussian());
}
