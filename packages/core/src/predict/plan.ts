import { count } from "../shape/block.ts";
import { type SizeShape, withRows } from "../shape/size.ts";
import type { PreparedStep } from "./steps.ts";

/** A step, the arrays that it reads with their shapes, and the one that it writes. */
export interface ReadyStep extends PreparedStep {
  readonly reads: readonly string[];
  readonly given: readonly SizeShape[];
  readonly writes: string;
}

/** So many numbers are computed at a time, if one row does not have more. */
const numbersAtOnce = 0x40000;

/** For how many rows at a time steps may run: all, where some step compares rows with each other. */
export function rowsAtOnce(steps: readonly ReadyStep[]): number {
  const apart = steps.every(
    ({ shape, given }) =>
      [shape, ...given].every((each) => !each.slice(1).includes("batch")) &&
      (shape[0] === "batch" || !given.flat().includes("batch")),
  );
  const numbers = numbersOf(
    steps.map(({ shape }) => shape),
    1,
  );
  return apart ? Math.max(1, Math.floor(numbersAtOnce / (numbers + 1))) : Infinity;
}

/** How many numbers arrays of these shapes hold in a run of so many rows. */
export function numbersOf(shapes: readonly SizeShape[], rows: number): number {
  return shapes.reduce((sum, shape) => sum + count(withRows(shape, rows)), 0);
}
