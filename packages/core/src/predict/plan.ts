import { count } from "../shape/block.ts";
import { type SizeShape, withRows } from "../shape/size.ts";
import type { PreparedStep } from "./steps.ts";

/** A step, the arrays that it reads, and the one that it writes. */
export interface ReadyStep extends PreparedStep {
  readonly reads: readonly string[];
  readonly writes: string;
  /** Whether the number of rows is in the shape of one of them. */
  readonly varies: boolean;
  /** Whether each row of the result is computed from that row alone, and what has no rows. */
  readonly apart: boolean;
}

/** Whether a step that gives the first of these shapes, and reads the others, does not compare rows with each other. */
export function areApart(shapes: readonly SizeShape[]): boolean {
  const isOfRows = shapes.every((shape) => !shape.slice(1).includes("batch"));
  return isOfRows && (shapes[0]![0] === "batch" || !shapes.flat().includes("batch"));
}

/** So many numbers are computed at a time, if one row does not have more. */
const numbersAtOnce = 0x40000;

/** For how many rows at a time steps may run: all, where some step compares rows with each other. */
export function rowsAtOnce(steps: readonly ReadyStep[]): number {
  const varying = steps.filter(({ varies }) => varies).map(({ shape }) => shape);
  return steps.every(({ apart }) => apart)
    ? Math.max(1, Math.floor(numbersAtOnce / (numbersOf(varying, 1) + 1)))
    : Infinity;
}

/** How many numbers arrays of these shapes hold in a run of so many rows. */
export function numbersOf(shapes: readonly SizeShape[], rows: number): number {
  return shapes.reduce((sum, shape) => sum + count(withRows(shape, rows)), 0);
}
