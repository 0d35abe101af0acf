import { checksum } from "../files/checksum.ts";
import { readJson } from "../files/json.ts";
import { type Bounds, boundsOf, type Limits } from "../files/limits.ts";
import {
  checkedGenerator,
  checkFileFields,
  FileError,
  isCount,
  isRecord,
  stored,
  unstored,
} from "../files/stored.ts";
import type { ArrayDeclaration } from "../program/data.ts";
import { shown } from "../random/arguments.ts";
import type { Block, Shape } from "../shape/block.ts";
import { flatten } from "../shape/numbers.ts";
import { checkShape, networkOf, ofDtype } from "./arrays.ts";
import type { Network } from "./network.ts";

/** Beyond these, batches and schedules could no longer be counted: such a file cannot be meant. */
const mostEpochs = 0x7fffffff;

/**
 * A training that can go on, as JSON: `{ "format": "streetlight-checkpoint", "version": 2, "predictor": { … },
 * "seed": 1, "epochs": 12, "shuffler": { … }, "weights": { name: { shape, numbers } }, "states": { … }, "checksum": "…" }`, numbers as
 * base64 of little-endian float64; with `chance: "book"` also `"generator": { … }`. The checksum is that of the JSON without it and
 * without white space. A network that is restored and trained ends with
 * the bits of one that never stopped.
 */
export function saveCheckpoint(net: Network): string {
  const { predictor, seed, progress } = networkOf("saveCheckpoint", net);
  const all = (arrays: ReadonlyMap<string, Block>) =>
    Object.fromEntries([...arrays].map(([name, numbers]) => [name, stored(flatten(name, numbers))]));
  const file = {
    format: "streetlight-checkpoint",
    version: 2,
    predictor: predictor.data,
    seed,
    epochs: progress.epochs,
    shuffler: progress.shuffler.state,
    generator: progress.generator,
    weights: all(progress.weights),
    states: all(progress.states),
  };
  return JSON.stringify({ ...file, checksum: checksum(JSON.stringify(file)) });
}

/**
 * Goes back to a checkpoint of the same network; a training then ends with the bits of one that never stopped. Throws
 * `FileError` for a file that is none, was changed or cut, is of a newer version, is of another network or seed, or would take more than
 * `limits`; then nothing has been changed. Version 1, which has no checksum, is still read. Whether what an optimizer carried fits the optimizer is seen when a training begins.
 */
export function loadCheckpoint(
  net: Network,
  text: string,
  { limits }: { readonly limits?: Limits } = {},
): void {
  const { predictor, progress } = networkOf("loadCheckpoint", net);
  const file = parsed(text, boundsOf(limits));
  if (JSON.stringify(file.predictor) !== JSON.stringify(predictor.data))
    throw new FileError("this checkpoint is of another network: its layers, precision or start differ");
  checkSeed(net, file.seed);
  if (!isCount(file.epochs) || file.epochs > mostEpochs)
    throw new FileError(`the checkpoint's "epochs" must be a whole number from 0 to ${mostEpochs}`);
  const { dtype } = predictor.data.arrays.find(({ role }) => role === "weights") ?? { dtype: "float64" };
  const weights = new Map<string, Block>();
  const states = new Map<string, Block>();
  for (const [name, array] of Object.entries(file.states)) {
    if (predictor.has(name) && predictor.array(name).role !== "state")
      throw new FileError(`states.${name}: ${name} is no state of this network`);
    states.set(name, ofDtype(name, dtype, unstored(`states.${name}`, array)));
  }
  for (const name of Object.keys(file.weights))
    if (!predictor.has(name) || predictor.array(name).role !== "weights")
      throw new FileError(`the checkpoint has weights.${name}, which this network does not have`);
  for (const declared of predictor.data.arrays) {
    const { name, role } = declared;
    if (role === "weights") weights.set(name, arrayOf(declared, "weights", file.weights));
    if (role === "state") states.set(name, arrayOf(declared, "states", file.states));
  }
  const shuffler = { state: checkedGenerator("the checkpoint's", file.shuffler, "shuffler") };
  if ((file.generator === undefined) !== (progress.generator === undefined))
    throw new FileError(
      `this checkpoint is of a network ${file.generator === undefined ? "without" : "with"} chance: "book": make yours so`,
    );
  const generator =
    file.generator === undefined ? undefined : checkedGenerator("the checkpoint's", file.generator);
  progress.restore({ weights, states, epochs: file.epochs, shuffler, generator });
}

/** Throws unless dropout masks, which depend on the seed, go on as they began. Files of old hold no seed. */
function checkSeed({ seed }: Network, saved: unknown): void {
  if (saved !== undefined && JSON.stringify(saved) !== JSON.stringify(seed))
    throw new FileError(
      `this checkpoint is of a network with the seed ${shown(saved)}, but this one has ${shown(seed)}: ` +
        `make it with { seed: ${shown(saved)} }, or take the weights alone (saveWeights, loadWeights)`,
    );
}

function arrayOf(
  { name, shape, dtype }: ArrayDeclaration,
  part: string,
  all: Readonly<Record<string, unknown>>,
): Block {
  const array = unstored(`${part}.${name}`, all[name]);
  checkShape(name, shape as Shape, array);
  return ofDtype(name, dtype, array);
}

const fields = "format version predictor seed epochs shuffler generator weights states".split(" ");

function parsed(text: string, bounds: Bounds) {
  let file: unknown;
  try {
    file = readJson(text, bounds);
  } catch (error) {
    throw new FileError(`not a checkpoint: ${(error as Error).message}`);
  }
  if (!isRecord(file) || file.format !== "streetlight-checkpoint")
    throw new FileError('not a checkpoint: "format" must be "streetlight-checkpoint"');
  if (file.version !== 1 && file.version !== 2)
    throw new FileError(
      `checkpoint version ${JSON.stringify(file.version)} is not known here: only versions 1 and 2 are`,
    );
  const { checksum: kept, ...rest } = file;
  checkFileFields("the checkpoint", file.version === 1 ? file : rest, fields);
  if (file.version === 2 && kept !== checksum(JSON.stringify(rest)))
    throw new FileError("the checkpoint is not as it was saved: its checksum is of another content");
  const { weights, states, predictor, seed, epochs, shuffler, generator } = rest;
  if (!isRecord(weights) || !isRecord(states))
    throw new FileError('a checkpoint has "weights" and "states" by name');
  return { weights, states, predictor, seed, epochs, shuffler, generator };
}
