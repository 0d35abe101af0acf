import type { Phase } from "../program/data.ts";
import type { Course } from "../program/loop.ts";

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

const units = ["step", "line", "phase", "batch", "epoch"] as const;

/** How far to walk at once. */
export type Unit = (typeof units)[number];

/** Throws `RangeError` unless it is a unit. */
export function checkUnit(unit: Unit): void {
  if (!units.includes(unit))
    throw new RangeError(
      `there is no unit ${JSON.stringify(unit) ?? String(unit)}: walk by ${units.slice(0, -1).join(", ")} or ${units.at(-1)}`,
    );
}

/** Throws `TraceError` unless a number counts something that is there. */
export function within(what: string, value: number, most: number, least = 0): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new TraceError(`there is no ${what} ${value}: they are counted from ${least} to ${most}`);
}

/** Throws `TraceError` unless a course begins with an epoch. */
export function checkStart({ from, batchesPerEpoch }: Pick<Course, "from" | "batchesPerEpoch">): void {
  if (from % Math.max(1, batchesPerEpoch) !== 0)
    throw new TraceError(
      `a trace begins with an epoch, but loop.from is ${from} and epochs have ${batchesPerEpoch} batches`,
    );
}
