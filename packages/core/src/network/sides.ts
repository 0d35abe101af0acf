import type { Program } from "../program/program.ts";
import { type Examples, ownExamples } from "../train/data.ts";
import { type Side, split } from "../train/split.ts";

/** The rows that a training is given, copied: those that are learnt from, and those that are held out, if any. */
interface Sides {
  /** Both, but for validation examples of their own. */
  readonly all: Side;
  readonly training: Side;
  readonly validation?: Side;
}

/** Throws what `examplesOf` and `split` throw. */
export function sidesOf(
  { data: declared }: Program,
  outputs: number,
  data: Examples,
  validation: number | Examples | undefined,
): Sides {
  const all = ownExamples(data, declared, outputs);
  if (validation === undefined) return { all, training: all };
  if (typeof validation === "number") return { all, ...split(all, validation) };
  return { all, training: all, validation: ownExamples(validation, declared, outputs, "validation ") };
}
