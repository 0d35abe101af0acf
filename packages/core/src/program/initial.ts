import type { RandomSource } from "../random/source.ts";
import { allocate, count, type Data, type Shape } from "../shape/block.ts";
import { formatShape } from "../shape/size.ts";
import type { ArrayDeclaration, ProgramData } from "./data.ts";
import { isNoise } from "./noise.ts";

/**
 * The numbers with which weights, states and settings start, as float64, by name. One generator serves all programs' arrays in
 * order of declaration; an array that several programs share is drawn once.
 *
 * Throws `TypeError` where an array is drawn by chance and there is no generator, `RangeError` where one takes more memory than
 * there is.
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
  const room = (): Data => allocate("float64", count(shape), `${name} (${formatShape(shape)})`);
  if ("value" in initial!) return room().fill(initial.value);
  if ("values" in initial!) {
    if (initial.values.length !== count(shape))
      throw new RangeError(`${name} holds ${count(shape)} numbers, but ${initial.values.length} are given`);
    return Float64Array.from(initial.values);
  }
  if (chance === undefined)
    throw new TypeError(`${name} starts with random numbers: give a seed, such as seed: 1`);
  if ("uniform" in initial!) {
    const [low, high] = initial.uniform;
    return filled(room(), () => (high - low) * chance.double() + low);
  }
  const [mean, deviation] = (initial as { normal: readonly [number, number] }).normal;
  return filled(room(), () => mean + deviation * chance.gaussian());
}

function filled(numbers: Data, next: () => number): Data {
  for (let place = 0; place < numbers.length; place++) numbers[place] = next();
  return numbers;
}
