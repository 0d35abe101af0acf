import { type Course, settingAt } from "../program/loop.ts";
import type { Program } from "../program/program.ts";
import { TraceError } from "./place.ts";
import type { Score, TraceEvent } from "./player.ts";

/**
 * The position, row after row, of an element that may be set by hand. Throws `TraceError` where the array is computed, the
 * element is not there or the number is not finite, `NameError` for an unknown name.
 */
export function editable(program: Program, name: string, at: readonly number[], value: number): number {
  const { role, shape } = program.array(name);
  if (role !== "weights" && role !== "state" && role !== "setting")
    throw new TraceError(`${name} is ${role}, which is computed: edit weights, a state or a setting`);
  if (!Number.isFinite(value)) throw new TraceError(`${name}: ${value} cannot be set, give a finite number`);
  if (
    at.length !== shape.length ||
    at.some((index, axis) => !Number.isInteger(index) || index < 0 || index >= (shape[axis] as number))
  )
    throw new TraceError(
      `${name} is ${shape.join(" × ") || "a scalar"} and has no element [${at.join(", ")}]`,
    );
  return at.reduce((sum, index, axis) => sum * (shape[axis] as number) + index, 0);
}

/**
 * A score whose loop keeps a setting as it was edited, from the next batch up to the last, or up to the next edit of it:
 * a schedule would set it anew. `events` are in order, and the loop goes from batch `from` to before batch `to`.
 */
export function keptSetting<Names extends string>(
  score: Score<Names>,
  events: readonly TraceEvent[],
  { array, batch, step, value }: TraceEvent,
  { from, to }: Pick<Course, "from" | "to">,
): Score<Names> {
  const { settings, settingsFrom = 0 } = score.loop;
  const given = settings?.[array];
  if (given === undefined) return score;
  const next = events.find(
    (other) => other.array === array && (other.batch > batch || (other.batch === batch && other.step > step)),
  );
  // Lists of one loop all begin with the same batch.
  const first = Object.values(settings!).every((each) => typeof each === "number") ? from : settingsFrom;
  const values = Float64Array.from({ length: to - first }, (_, at) =>
    settingAt(array, given, first + at, settingsFrom),
  );
  values.fill(value, batch + 1 - first, (next === undefined ? to : next.batch + 1) - first);
  const loop = { ...score.loop, settings: { ...settings, [array]: values } };
  return { ...score, loop: first === 0 ? loop : { ...loop, settingsFrom: first } };
}
