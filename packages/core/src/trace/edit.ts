import type { Program } from "../program/program.ts";
import { TraceError } from "./place.ts";

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
