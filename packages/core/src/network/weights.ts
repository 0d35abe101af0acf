import type { Shape } from "../shape/block.ts";
import { FileError } from "../trace/stored.ts";
import { checkShape, ofDtype } from "./arrays.ts";
import type { Network } from "./network.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** The weights of a network, and its running statistics if it has such, by name as a safetensors file. */
export function saveWeights({ learnt }: Network): Uint8Array {
  return writeSafetensors(learnt, { format: "streetlight" });
}

/**
 * Takes weights and running statistics from a safetensors file. Throws `FileError`, and changes nothing, where one is missing,
 * too much or of another shape.
 */
export function loadWeights({ predictor, progress }: Network, file: Uint8Array): void {
  const arrays = readSafetensors(file);
  const wanted = predictor.data.arrays.filter(({ role }) => role === "weights" || role === "state");
  const surplus = [...arrays.keys()].find((name) => !wanted.some((declared) => declared.name === name));
  if (surplus !== undefined) throw new FileError(`the file has ${surplus}, which this network does not have`);
  const read = wanted.map(({ name, shape, dtype, role }) => {
    const found = arrays.get(name);
    if (found === undefined) throw new FileError(`the file has no ${name}`);
    checkShape(name, shape as Shape, found);
    return [role, name, ofDtype(dtype, found)] as const;
  });
  for (const [role, name, numbers] of read)
    (role === "state" ? progress.states : progress.weights).set(name, numbers);
}
