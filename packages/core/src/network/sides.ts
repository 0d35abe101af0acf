import type { Program } from "../program/program.ts";
import { type Examples, examplesOf } from "../train/data.ts";
import { type Side, split } from "../train/split.ts";

/**
 * The rows that are learnt from and those that are held out, if any. The latter are in memory of their own: they are read after
 * every epoch, where the others are copied once. Throws what `examplesOf` and `split` throw.
 */
export function sidesOf(
  { data: declared }: Program,
  outputs: number,
  data: Examples,
  validation: number | Examples | undefined,
): { readonly training: Side; readonly validation?: Side } {
  const all = examplesOf(data, declared, outputs);
  if (validation === undefined) return { training: all };
  const parts =
    typeof validation === "number"
      ? split(all, validation)
      : { training: all, validation: examplesOf(validation, declared, outputs, "validation ") };
  return { training: parts.training, validation: copied(parts.validation) };
}

function copied({ inputs, targets }: Side): Side {
  return {
    inputs: { ...inputs, values: inputs.values.slice() },
    targets: { ...targets, values: targets.values.slice() },
  };
}
