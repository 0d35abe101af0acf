import { settingAt } from "../program/loop.ts";
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
 * a schedule would set it anew. `events` are in order, and `to` is the batch to stop before.
 */
export function keptSetting<Names extends string>(
  score: Score<Names>,
  events: readonly TraceEvent[],
  { array, batch, step, value }: TraceEvent,
  to: number,
): Score<Names> {
  const { settings } = score.loop;
  const given = settings?.[array];
  if (given === undefined) return score;
  const next = events.find(
    (other) => other.array === array && (other.batch > batch || (other.batch === batch && other.step > step)),
  );
  const values = Float64Array.from({ length: to }, (_, at) => settingAt(array, given, at));
  values.fill(value, batch + 1, next === undefined ? to : next.batch + 1);
  return { ...score, loop: { ...score.loop, settings: { ...settings, [array]: values } } };
}
