import { ops } from "../ops/table.ts";
import { type ArrayDeclaration, type Phase, phases, rowCount } from "../program/data.ts";
import { unknownName } from "../program/names.ts";
import { Program } from "../program/program.ts";
import { shown } from "../random/arguments.ts";
import { original } from "../shape/reachable.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { type Programs, SessionError } from "./engine.ts";
import { isComputed } from "./filled.ts";

/** A list of programs. Throws `SessionError` for what is none. */
export function programsOf(given: Programs): readonly Program[] {
  const programs = (Array.isArray(given) ? given : [given]).map((each) => original(each as Program));
  const wrong = programs.find((each) => !(each instanceof Program)) as unknown;
  if (programs.every((each) => each instanceof Program)) return programs;
  const kind = (wrong as { constructor?: { name?: string } } | null | undefined)?.constructor?.name;
  throw new SessionError(
    `a session runs programs, such as net.predictor, net.trainer({ … }) or builder.build(), not ${kind ?? shown(wrong)}`,
  );
}

/** Which arrays are to be kept. Throws `SessionError` for what is no list of names. */
export function checkKeep(keep: unknown): void {
  if (keep !== "all" && !Array.isArray(keep))
    throw new SessionError(
      `keep is ${shown(keep)}, but must be a list of names, such as ["layer_1"], or "all"`,
    );
}

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
export function checkedRange({ name, data }: Program, steps: readonly [number, number]): [number, number] {
  const [from, to] = Array.isArray(steps) ? (steps as [number, number]) : [NaN, NaN];
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

/** Throws `SessionError` for an array that cannot be written. */
export function checkWritable({ name, role }: ArrayDeclaration): void {
  if (name === rowCount || isComputed({ role }))
    throw new SessionError(`${name} is computed by the program: it cannot be written`);
  if (role === "noise") throw new SessionError(`${name} is drawn for every batch: it cannot be written`);
}

/** The metrics that some steps of a program add to. */
export function metricsOf({ data: { steps } }: Program, from: number, to: number): string[] {
  return steps.slice(from, to).flatMap(({ op, writes }) => (ops[op].kind === "metric" ? writes : []));
}
