import type { Reading } from "../array/reading.ts";
import type { Phase } from "../program/data.ts";
import { placeOf } from "../shape/place.ts";
import { TraceError } from "./place.ts";
import type { Trace } from "./trace.ts";

/** Where two trainings part: the first number that differs, what it is in each, and the step that computed it. */
export type Difference = DifferingNumber & (Computed | Given);

/** A step of a batch and its phase. */
interface Computed {
  readonly phase: Phase;
  readonly step: number;
}

/** What a batch begins with: data, settings, weights. */
interface Given {
  readonly phase?: undefined;
  readonly step?: undefined;
}

/** A number that is another in two trainings. Epochs and batches are counted from 0. */
export interface DifferingNumber {
  readonly epoch: number;
  readonly batch: number;
  readonly array: string;
  /** The number's place in the array, such as `[2, 0]`. */
  readonly element: readonly number[];
  readonly left: number;
  readonly right: number;
}

/**
 * The first step and element at which two traces of one program differ, in bits (all NaNs count as equal);
 * undefined if they never do. Compares hashes batch by batch and plays only the first batch that differs.
 *
 * Throws `TraceError` where the programs are different ones. A training that is longer than the other is compared as
 * far as both go. Leaves the traces where they stand.
 */
export function compare(left: Trace, right: Trace): Difference | undefined {
  if (JSON.stringify(left.program) !== JSON.stringify(right.program))
    throw new TraceError("these traces are of different programs, so their steps cannot be compared");
  const first = Math.max(left.first, right.first);
  const batches = Math.min(left.batches, right.batches);
  for (let batch = first; batch <= batches; batch++) {
    if (sameHash(left, right, batch)) continue;
    // What a batch begins with came about in the one before, or is its own: its rows, its settings, the first weights.
    for (const at of [batch - 1, batch]) {
      if (at < first || at >= batches) continue;
      const found = left.aside(() => right.aside(() => partIn(left, right, at)));
      if (found) return found;
    }
  }
  return undefined;
}

function sameHash(left: Trace, right: Trace, batch: number): boolean {
  const at = 2 * (batch - left.first);
  const to = 2 * (batch - right.first);
  return left.hashes[at] === right.hashes[to] && left.hashes[at + 1] === right.hashes[to + 1];
}

function partIn(left: Trace, right: Trace, batch: number): Difference | undefined {
  const { epoch, batch: inEpoch } = left.placeOf(batch);
  const { steps, arrays } = left.program.data;
  left.seek({ epoch, batch: inEpoch });
  const other = right.placeOf(batch);
  right.seek({ epoch: other.epoch, batch: other.batch });
  for (const { name, role } of arrays) {
    if (["activation", "delta", "gradient"].includes(role)) continue;
    const found = firstDifference(left.read(name), right.read(name));
    if (found) return { epoch, batch: inEpoch, array: name, ...found };
  }
  for (const [position, { phase, writes }] of steps.entries()) {
    left.forward("step");
    right.forward("step");
    for (const name of new Set([
      writes,
      ...left.editedAt(batch, position + 1),
      ...right.editedAt(batch, position + 1),
    ])) {
      const found = firstDifference(left.read(name), right.read(name));
      if (found) return { epoch, batch: inEpoch, phase, step: position, array: name, ...found };
    }
  }
  return undefined;
}

function firstDifference(
  left: Reading | undefined,
  right: Reading | undefined,
): Pick<DifferingNumber, "element" | "left" | "right"> | undefined {
  if (left === undefined || right === undefined) return undefined;
  const [a, b] = [left.toTyped(), right.toTyped()];
  for (let position = 0; position < Math.max(a.length, b.length); position++) {
    const [x, y] = [a[position] ?? Number.NaN, b[position] ?? Number.NaN];
    if (!Object.is(x, y)) return { element: placeOf(position, left.shape), left: x, right: y };
  }
  return undefined;
}
