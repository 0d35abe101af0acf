import { existsSync, readFileSync, renameSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { loadCheckpoint, saveCheckpoint } from "../../src/network/checkpoint.ts";
import { network } from "../../src/network/network.ts";
import { adam } from "../../src/optimizers/adam.ts";

/** How many epochs the whole training has. */
export const epochs = 120;
const inputs = [
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 1],
  [0, 0, 1],
  [1, 1, 0],
];
const targets = [1, 1, 0, 0, 0];

const make = () =>
  network(3, [dense(40, { activation: relu, dropout: 0.25 }), dense(30), dense(1)], { seed: 7 });
const options = { loss: halfSquaredError, optimizer: adam(0.01), batch: 2, shuffle: true };

/** The checkpoint of a training that nobody disturbs. */
export async function undisturbed(): Promise<string> {
  const net = make();
  await net.fit({ inputs, targets }, { ...options, epochs });
  return saveCheckpoint(net);
}

/** The recipe of docs/training.md. */
async function keep(path: string, text: string): Promise<void> {
  const beside = await open(`${path}.new`, "w");
  await beside.writeFile(text);
  await beside.sync();
  await beside.close();
  await rename(`${path}.new`, path);
}

/** Goes on from the checkpoint, if there is one, to the last epoch. */
async function goOn(path: string): Promise<void> {
  const net = make();
  if (existsSync(path)) loadCheckpoint(net, readFileSync(path, "utf8"));
  const left = epochs - net.progress.epochs;
  if (left > 0)
    for await (const _ of net.train({ inputs, targets }, { ...options, epochs: left })) {
      await keep(path, saveCheckpoint(net));
      console.log("kept");
    }
  renameSync(path, `${path}.done`);
}

const [, , path] = process.argv;
if (path?.endsWith("checkpoint.json")) await goOn(path);
