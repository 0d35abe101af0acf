import { type Phase, phases } from "../program/data.ts";
import { unknownName } from "../program/names.ts";
import type { Program } from "../program/program.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { SessionError } from "./engine.ts";

/** The steps of a phase; all of them, where none is named. */
export function rangeOf(program: Program, phase: Phase | undefined): readonly [number, number] {
  const { steps } = program.data;
  if (phase === undefined) return [0, steps.length];
  if (!phases.includes(phase)) throw unknownName("phase", phase, program.name, phases);
  const first = steps.findIndex((step) => step.phase === phase);
  if (first < 0)
    throw new SessionError(`${program.name} has no ${phase}: its phases are ${program.phases.join(", ")}`);
  return [first, first + steps.filter((step) => step.phase === phase).length];
}

/** Throws `SessionError` unless a range lies within the steps of a program. */
export function checkedRange(
  { name, data }: Program,
  [from, to]: readonly [number, number],
): [number, number] {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > data.steps.length)
    throw new SessionError(
      `run: steps ${from} to ${to}: ${name} has ${data.steps.length} steps, counted from 0, and to is not before from`,
    );
  return [from, to];
}

/** The number of rows that all have. Throws `ShapeError` naming two arrays that differ. */
export function agreed(rows: ReadonlyMap<string, number>): number | undefined {
  const [first] = rows;
  for (const [name, count] of rows)
    if (count !== first![1])
      throw new ShapeError(`${name} has ${count} rows but ${first![0]} has ${first![1]}`);
  return first?.[1];
}

/** Throws `SessionError` unless it is the number of a batch. */
export function checkedBatch(batch: number): number {
  if (!Number.isSafeInteger(batch) || batch < 0)
    throw new SessionError(`a run of batch ${batch}: batches are counted from 0`);
  return batch;
}
