import type { Program } from "../program/program.ts";
import { type Block, count } from "../shape/block.ts";
import { asBlock, type Flat } from "../shape/numbers.ts";

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

/** Rows of both sides as a program calls them. */
export function named(
  { data: { arrays } }: Program,
  { inputs, targets }: Side,
  from = 0,
  to = inputs.shape[0]!,
): Record<string, Block> {
  const rows: Record<string, Block> = {};
  for (const { name, role } of arrays)
    if (role === "input" || role === "target")
      rows[name] = asBlock(rowsBetween(role === "input" ? inputs : targets, from, to));
  return rows;
}

/** A part of the rows, seen where they are. */
export function rowsBetween({ shape, values }: Flat, from: number, to: number): Flat {
  const width = count(shape.slice(1));
  return { shape: [to - from, ...shape.slice(1)], values: values.subarray(from * width, to * width) };
}
