import type { Limits } from "../files/limits.ts";
import { FileError } from "../files/stored.ts";
import type { Shape } from "../shape/block.ts";
import { checkShape, networkOf, ofDtype } from "./arrays.ts";
import type { Network } from "./network.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/**
 * The weights of a network, and its running statistics if it has such, as a safetensors file: by name, in order of declaration
 * and in the precision of the network.
 */
export function saveWeights(net: Network): Uint8Array {
  return writeSafetensors(networkOf("saveWeights", net).progress.learnt, { format: "streetlight" });
}

/**
 * Takes weights and running statistics from a safetensors file. Throws `FileError`, and changes nothing, where one is missing,
 * too much, of another shape, not of floating point or too large for the precision, or where the file would take more than `limits`;
 * `TypeError` for what is no bytes.
 */
export function loadWeights(
  net: Network,
  file: Uint8Array | ArrayBuffer,
  options: { readonly limits?: Limits } = {},
): void {
  const { predictor, progress } = networkOf("loadWeights", net);
  const arrays = readSafetensors(file, options);
  const wanted = predictor.data.arrays.filter(({ role }) => role === "weights" || role === "state");
  const surplus = [...arrays.keys()].find((name) => !wanted.some((declared) => declared.name === name));
  if (surplus !== undefined) throw new FileError(`the file has ${surplus}, which this network does not have`);
  const read = wanted.map(({ name, shape, dtype }) => {
    const found = arrays.get(name);
    if (found === undefined) throw new FileError(`the file has no ${name}`);
    checkShape(name, shape as Shape, found);
    if (found.dtype !== "float64" && found.dtype !== "float32")
      throw new FileError(`${name} is ${dtype} in this network but ${found.dtype} in the file`);
    return [name, ofDtype(name, dtype, found)] as const;
  });
  for (const [name, numbers] of read) progress.set(name, numbers);
}
