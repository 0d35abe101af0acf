import { fillMask, maskKey } from "../random/mask.ts";
import type { ArrayDeclaration, ProgramData } from "./data.ts";

/** Noise of a program: a dropout mask that is drawn anew for every batch. */
export interface Mask {
  readonly name: string;
  readonly key: number;
  readonly columns: number;
  readonly rate: number;
}

/** The masks of a program. Throws `TypeError` where it has some and there is no seed to draw them from. */
export function masksOf(program: ProgramData, seed: number | readonly number[] | undefined): readonly Mask[] {
  return program.arrays.filter(isNoise).map(({ name, shape, initial }) => {
    if (seed === undefined) throw new TypeError(`${name} is drawn by chance: give a seed, such as seed: 1`);
    return { name, key: maskKey(seed, name), columns: shape[1] as number, rate: initial.mask };
  });
}

/** Draws a mask for the first `rows` rows of a batch, row after row. */
export function drawMask({ key, columns, rate }: Mask, batch: number, rows: number): Float64Array {
  const drawn = new Float64Array(rows * columns);
  fillMask(drawn, { key, batch, rows, columns, rate });
  return drawn;
}

function isNoise(array: ArrayDeclaration): array is ArrayDeclaration & { initial: { mask: number } } {
  return array.initial !== undefined && "mask" in array.initial;
}
