import { integerUpTo } from "../random/integers.ts";
import { fillMask, maskKey } from "../random/mask.ts";
import type { RandomSource } from "../random/source.ts";
import { allocate } from "../shape/block.ts";
import type { ArrayDeclaration, ProgramData } from "./data.ts";

/**
 * Where noise comes from. `"book"` draws masks as the book's listings do, `np.random.randint(2, size=…)` for every batch,
 * from the one generator that drew the weights. Otherwise a mask depends on nothing but seed, name, batch and place.
 */
export type Chance = "book";

/** Noise of a program: a dropout mask that is drawn anew for every batch. */
export interface Mask {
  readonly name: string;
  readonly key: number;
  readonly columns: number;
  readonly rate: number;
  /** What stands for a unit that is kept. */
  readonly kept: number;
}

/**
 * The masks of a program. Throws `TypeError` where it has some and there is no seed to draw them from, `RangeError` where the
 * book's cannot be had.
 */
export function masksOf(
  program: ProgramData,
  seed: number | readonly number[] | undefined,
  chance?: Chance,
): readonly Mask[] {
  if (chance !== undefined && chance !== "book")
    throw new RangeError(`chance is ${JSON.stringify(chance)}, but must be "book" or left out`);
  return program.arrays.filter(isNoise).map(({ name, shape, initial }) => {
    const [rate, kept] = "bits" in initial ? [initial.bits, 1] : [initial.mask, 1 / (1 - initial.mask)];
    if (seed === undefined) throw new TypeError(`${name} is drawn by chance: give a seed, such as seed: 1`);
    if (chance && rate !== 0.5)
      throw new RangeError(
        `${name}: the book's masks silence one half, randint(2), but the rate is ${rate}: make it 0.5`,
      );
    return { name, key: maskKey(seed, name), columns: shape[1] as number, rate, kept };
  });
}

/** Draws a mask for the first `rows` rows of a batch, row after row; the book's from its generator. */
export function drawMask(
  { key, columns, rate, kept }: Mask,
  batch: number,
  rows: number,
  book?: RandomSource,
): Float64Array {
  const drawn = allocate("float64", rows * columns) as Float64Array;
  if (book) for (let k = 0; k < drawn.length; k++) drawn[k] = kept * integerUpTo(book.twister, 1);
  else fillMask(drawn, { key, batch, rows, columns, rate, kept });
  return drawn;
}

/** Whether an array is drawn anew for every batch. */
export function isNoise(
  array: ArrayDeclaration,
): array is ArrayDeclaration & { initial: { mask: number } | { bits: number } } {
  return array.initial !== undefined && ("mask" in array.initial || "bits" in array.initial);
}
