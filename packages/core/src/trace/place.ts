import type { Phase } from "../program/data.ts";

/** A place in a training that a trace cannot go to, or a trace that cannot be made. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** Between two steps of a batch. All are counted from 0; `step` is how many steps of the batch have run. */
export interface Position {
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
}

/** Where to go. Without `step`, to the start of the phase; without `phase`, of the batch; without `batch`, of the epoch. */
export interface Destination {
  readonly epoch: number;
  readonly batch?: number;
  readonly phase?: Phase;
  /** How many steps have run: of the phase, if one is named, else of the batch. */
  readonly step?: number;
}

/** How far to walk at once. */
export type Unit = "step" | "line" | "phase" | "batch" | "epoch";

/** Throws `TraceError` unless a number counts something that is there. */
export function within(what: string, value: number, most: number, least = 0): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new TraceError(`there is no ${what} ${value}: they are counted from ${least} to ${most}`);
}
