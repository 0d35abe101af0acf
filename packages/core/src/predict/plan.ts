import { count } from "../shape/block.ts";
import { type SizeShape, withRows } from "../shape/size.ts";
import type { PreparedStep } from "./steps.ts";

/** A step, the arrays that it reads with their shapes, and the one that it writes. */
export interface ReadyStep extends PreparedStep {
  readonly reads: readonly string[];
  readonly given: readonly SizeShape[];
  readonly writes: string;
}

/** In what order, and for how many rows at a time, a file's steps run. */
export interface Plan {
  /** What does not depend on rows: it runs once, and first. */
  readonly once: readonly ReadyStep[];
  readonly each: readonly ReadyStep[];
  /** For how many rows at a time; undefined where rows are compared with each other, and all must run together. */
  readonly rows: number | undefined;
}

/** So many numbers are computed at a time, if one row does not have more. */
const numbersAtOnce = 0x40000;

export function planOf(steps: readonly ReadyStep[]): Plan {
  const depends = ({ shape, given }: ReadyStep) => [shape, ...given].flat().includes("batch");
  const each = steps.filter(depends);
  const apart = each.every(({ shape, given }) => shape[0] === "batch" && [shape, ...given].every(isOfRows));
  if (!apart) return { once: [], each: steps, rows: undefined };
  const numbers = each.reduce((sum, { shape }) => sum + numbersOf([shape], 1), 1);
  return {
    once: steps.filter((step) => !depends(step)),
    each,
    rows: Math.max(1, Math.floor(numbersAtOnce / numbers)),
  };
}

/** How many numbers arrays of these shapes hold in a run of so many rows. */
export function numbersOf(shapes: readonly SizeShape[], rows: number): number {
  return shapes.reduce((sum, shape) => sum + count(withRows(shape, rows)), 0);
}

/** Whether an array depends on the number of rows in its first axis only, or not at all. */
function isOfRows(shape: SizeShape): boolean {
  return !shape.slice(1).includes("batch");
}
