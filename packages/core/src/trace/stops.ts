import { type Phase, phases } from "../program/data.ts";
import type { Program } from "../program/program.ts";
import { TraceError, type Unit } from "./place.ts";

/** The steps of a phase, up to but not including the second; all of them, where none is named. Throws `TraceError`. */
export function rangeOf(program: Program, phase: Phase | undefined): readonly [start: number, end: number] {
  const { steps } = program.data;
  if (phase === undefined) return [0, steps.length];
  const start = steps.findIndex((step) => step.phase === phase);
  if (start < 0) throw new TraceError(`${program.name} has no ${phase}: it has ${program.phases.join(", ")}`);
  return [start, start + steps.filter((step) => step.phase === phase).length];
}

/** After how many steps of a batch a walk by steps, lines or phases stops, ascending; first at its start, with its rows in place. */
export function stopsOf(program: Program, unit: Exclude<Unit, "batch" | "epoch">): readonly number[] {
  const { steps } = program.data;
  if (unit === "step") return [0, ...steps.map((_, position) => position + 1)];
  const ends =
    unit === "line"
      ? program.lines.map((line) => line.steps[line.steps.length - 1]! + 1)
      : phases
          .map((phase) => steps.map((step) => step.phase).lastIndexOf(phase) + 1)
          .filter((stop) => stop > 0);
  return [0, ...[...ends].sort((a, b) => a - b)];
}
