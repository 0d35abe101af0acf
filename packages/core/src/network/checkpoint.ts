import type { ArrayDeclaration } from "../program/data.ts";
import type { Program } from "../program/program.ts";
import type { RandomState } from "../random/randomState.ts";
import { type Block, block, type Shape } from "../shape/block.ts";
import { flatten } from "../shape/numbers.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import { FileError, isCount, isRecord, stored, unstored } from "../trace/stored.ts";
import { Shuffler } from "../train/order.ts";
import type { Progress } from "./training.ts";

/**
 * A training that can go on, as JSON: `{ "format": "streetlight-checkpoint", "version": 1, "predictor": { … },
 * "epochs": 12, "shuffler": { … }, "weights": { name: { shape, numbers } }, "states": { … } }`, numbers as base64 of
 * little-endian float64. A network that is restored and trained ends with the bits of one that never stopped.
 */
export function writeCheckpoint(predictor: Program, progress: Progress): string {
  const all = (arrays: ReadonlyMap<string, Block>) =>
    Object.fromEntries([...arrays].map(([name, numbers]) => [name, stored(flatten(name, numbers))]));
  return JSON.stringify({
    format: "streetlight-checkpoint",
    version: 1,
    predictor: predictor.data,
    epochs: progress.epochs,
    shuffler: progress.shuffler.state,
    weights: all(progress.weights),
    states: all(progress.states),
  });
}

/**
 * Reads a checkpoint of the same network. Throws `FileError` for a file that is none, is of a newer version, or is of
 * another network; then nothing has been changed.
 */
export function readCheckpoint(text: string, predictor: Program): Progress {
  const file = parsed(text);
  if (JSON.stringify(file.predictor) !== JSON.stringify(predictor.data))
    throw new FileError("this checkpoint is of another network: its layers, precision or start differ");
  if (!isCount(file.epochs)) throw new FileError('the checkpoint\'s "epochs" must be a whole number');
  const { dtype } = predictor.data.arrays.find(({ role }) => role === "weights") ?? { dtype: "float64" };
  const weights = new Map<string, Block>();
  for (const declared of predictor.data.arrays)
    if (declared.role === "weights") weights.set(declared.name, weightsOf(declared, file.weights));
  const states = new Map<string, Block>();
  for (const [name, array] of Object.entries(file.states))
    states.set(name, ofDtype(dtype, unstored(`states.${name}`, array)));
  const shuffler = new Shuffler(0);
  try {
    shuffler.state = file.shuffler as ReturnType<RandomState["getState"]>;
  } catch (error) {
    throw new FileError(
      `the checkpoint's "shuffler" is no state of a generator: ${(error as Error).message}`,
    );
  }
  return { weights, states, epochs: file.epochs, shuffler };
}

/** Checks named arrays against the weights of a network. Throws `FileError` for what is missing, too much or misshapen. */
export function checkedWeights(predictor: Program, arrays: ReadonlyMap<string, Block>): Map<string, Block> {
  const wanted = predictor.data.arrays.filter(({ role }) => role === "weights");
  const surplus = [...arrays.keys()].find((name) => !wanted.some((declared) => declared.name === name));
  if (surplus !== undefined) throw new FileError(`the file has ${surplus}, which this network does not have`);
  return new Map(
    wanted.map(({ name, shape, dtype }) => {
      const found = arrays.get(name);
      if (found === undefined) throw new FileError(`the file has no ${name}`);
      checkShape(name, shape as Shape, found);
      return [name, ofDtype(dtype, found)];
    }),
  );
}

function weightsOf({ name, shape, dtype }: ArrayDeclaration, all: Readonly<Record<string, unknown>>): Block {
  const array = unstored(`weights.${name}`, all[name]);
  checkShape(name, shape as Shape, array);
  return ofDtype(dtype, array);
}

function checkShape(name: string, shape: Shape, found: Block): void {
  if (!sameShape(shape, found.shape))
    throw new FileError(
      `${name} is ${formatShape(shape)} in this network but ${formatShape(found.shape)} in the file`,
    );
}

function ofDtype(dtype: Block["dtype"], { shape, data }: Block): Block {
  const converted = block(dtype, shape);
  converted.data.set(data);
  return converted;
}

function parsed(text: string) {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new FileError(`not a checkpoint: ${(error as Error).message}`);
  }
  if (!isRecord(file) || file.format !== "streetlight-checkpoint")
    throw new FileError('not a checkpoint: "format" must be "streetlight-checkpoint"');
  if (file.version !== 1)
    throw new FileError(
      `checkpoint version ${JSON.stringify(file.version)} is not known here: only version 1 is`,
    );
  const { weights, states, predictor, epochs, shuffler } = file;
  if (!isRecord(weights) || !isRecord(states))
    throw new FileError('a checkpoint has "weights" and "states" by name');
  return { weights, states, predictor, epochs, shuffler };
}
