import type { Shape } from "../shape/block.ts";
import { original } from "../shape/reachable.ts";
import { FileError } from "../trace/stored.ts";
import { checkShape, ofDtype } from "./arrays.ts";
import type { Network } from "./network.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/**
 * The weights of a network, and its running statistics if it has such, as a safetensors file: by name, in order of declaration
 * and in the precision of the network.
 */
export function saveWeights(net: Network): Uint8Array {
  return writeSafetensors(original(net).progress.learnt, { format: "streetlight" });
}

/**
 * Takes weights and running statistics from a safetensors file. Throws `FileError`, and changes nothing, where one is missing,
 * too much, of another shape or too large for the precision, `TypeError` for what is no bytes.
 */
export function loadWeights(net: Network, file: Uint8Array | ArrayBuffer): void {
  const { predictor, progress } = original(net);
  const arrays = readSafetensors(file);
  const wanted = predictor.data.arrays.filter(({ role }) => role === "weights" || role === "state");
  const surplus = [...arrays.keys()].find((name) => !wanted.some((declared) => declared.name === name));
  if (surplus !== undefined) throw new FileError(`the file has ${surplus}, which this network does not have`);
  const read = wanted.map(({ name, shape, dtype }) => {
    const found = arrays.get(name);
    if (found === undefined) throw new FileError(`the file has no ${name}`);
    checkShape(name, shape as Shape, found);
    return [name, ofDtype(name, dtype, found)] as const;
  });
  for (const [name, numbers] of read) progress.set(name, numbers);
}
