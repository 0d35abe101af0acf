import type { Shape } from "./block.ts";

/** A size known when the program is built, or the number of rows of a run, the only one that varies. */
export type Size = number | "batch";

/** The size of each axis, of which the first may be the number of rows. */
export type SizeShape = readonly Size[];

/** More axes an array does not have; it is as many as NumPy's may have. */
export const mostAxes = 64;

/** `batch × 3`; a scalar's shape prints as `scalar`. */
export function formatShape(shape: SizeShape): string {
  return shape.length === 0 ? "scalar" : shape.join(" × ");
}

/** The shape in a run of `rows` rows. */
export function withRows(shape: SizeShape, rows: number): Shape {
  return shape.map((size) => (size === "batch" ? rows : size));
}

export function sameShape(left: SizeShape, right: SizeShape): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}
