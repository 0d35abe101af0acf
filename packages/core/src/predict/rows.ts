import { type Block, block, type Dtype } from "../shape/block.ts";

/** Rows of numbers: lists or typed arrays. */
export type Rows = readonly ArrayLike<number>[];

/**
 * Lays rows out one after the other, those from `from` up to but not `to`. Throws `RangeError` for the first that has another width, a number that is not finite or,
 * where bytes are wanted, one that is none.
 */
export function readRows(rows: Rows, from: number, to: number, width: number, dtype: Dtype): Block {
  const read = block(dtype, [to - from, width]);
  for (let row = from; row < to; row++) {
    const numbers = rows[row];
    if (numbers?.length !== width) throw new RangeError(`row ${row} must be a list of ${width} numbers`);
    for (let column = 0; column < width; column++) {
      const number: unknown = numbers[column];
      const place = (row - from) * width + column;
      read.data[place] = typeof number === "number" ? number : NaN;
      const found = read.data[place]!;
      if (dtype === "uint8" ? found !== number : !Number.isFinite(found))
        throw new RangeError(
          `row ${row}, column ${column} is ${number}; every number must be ${dtype === "uint8" ? "a whole one from 0 to 255" : "finite"}`,
        );
    }
  }
  return read;
}
