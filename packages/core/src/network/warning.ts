/** What is wrong with a training that ended without an error, and what usually helps. */
export type Warning = Diverged | DeadUnits;

/** The numbers are finite, but have grown instead of coming nearer to the targets. */
export interface Diverged {
  readonly kind: "diverged";
  readonly text: string;
}

/** Units of a relu that are 0 for all rows: nothing passes back through them, so they do not learn. */
export interface DeadUnits {
  readonly kind: "dead units";
  /** What the relu computes, and the columns that are 0, counted from 0. */
  readonly array: string;
  readonly units: readonly number[];
  readonly text: string;
}
