import type { Precision } from "../program/data.ts";
import { type Block, block } from "../shape/block.ts";

/** Rows of numbers: lists or typed arrays. */
export type Rows = readonly ArrayLike<number>[];

/** Lays rows out one after the other. Throws `RangeError` for the first that has another width, or a number that is not finite. */
export function readRows(rows: Rows, width: number, precision: Precision): Block {
  const read = block(precision, [rows.length, width]);
  for (let row = 0; row < rows.length; row++) {
    const numbers = rows[row];
    if (numbers?.length !== width) throw new RangeError(`row ${row} must be a list of ${width} numbers`);
    for (let column = 0; column < width; column++) {
      const number: unknown = numbers[column];
      read.data[row * width + column] = typeof number === "number" ? number : NaN;
      if (!Number.isFinite(read.data[row * width + column]))
        throw new RangeError(`row ${row}, column ${column} is ${number}; every number must be finite`);
    }
  }
  return read;
}
