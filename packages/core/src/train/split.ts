import { block } from "../shape/block.ts";
import type { Flat } from "../shape/numbers.ts";

export interface Side {
  readonly inputs: Flat;
  readonly targets: Flat;
}

/**
 * Takes the last `share` of the rows away for validation, at least one row and not all of them.
 * Throws `RangeError` unless 0 < share < 1, and where there are fewer than two rows.
 */
export function split(
  { inputs, targets }: Side,
  share: number,
): { readonly training: Side; readonly validation: Side } {
  if (!(share > 0 && share < 1))
    throw new RangeError(
      `validation is ${share}, but must be a share of the rows between 0 and 1, or examples`,
    );
  const rows = inputs.shape[0]!;
  if (rows < 2) throw new RangeError("validation: one row cannot be split; give validation examples instead");
  const held = Math.min(rows - 1, Math.max(1, Math.floor(share * rows + 0.5)));
  const part = (from: number, to: number): Side => ({
    inputs: rowsBetween(inputs, from, to),
    targets: rowsBetween(targets, from, to),
  });
  return { training: part(0, rows - held), validation: part(rows - held, rows) };
}

/** A part of the rows, in place where the numbers are a typed array. */
export function rowsBetween({ shape, values }: Flat, from: number, to: number): Flat {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const part = Float64Array.from({ length: (to - from) * width }, (_, k) => values[from * width + k]!);
  return { shape: [to - from, ...shape.slice(1)], values: part };
}

export function asBlock({ shape, values }: Flat) {
  return block("float64", shape, values instanceof Float64Array ? values : Float64Array.from(values));
}
