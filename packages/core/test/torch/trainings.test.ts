import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dense } from "../../src/layers/dense.ts";
import { lossValue } from "../../src/losses/loss.ts";
import { network } from "../../src/network/network.ts";
import { adam, adamw } from "../../src/optimizers/adam.ts";
import { distance } from "../oracle/distance.ts";
import { type Run, runs } from "./runs.ts";

interface Problem {
  readonly inputs: number[][];
  /** Rows of numbers, or the number of each row's class. */
  readonly targets: number[][] | number[];
  readonly batch: number;
  readonly weights: Readonly<Record<string, Weights>>;
}

type Weights = number[] | number[][];

interface Stored {
  readonly problem: string;
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, Weights>>;
}

const file = new URL("trainings.json", import.meta.url);
const stored: {
  readonly made: { readonly updates: number };
  readonly problems: Readonly<Record<string, Problem>>;
  readonly runs: Readonly<Record<string, Stored>>;
} = JSON.parse(readFileSync(file, "utf8"));

/**
 * Both sides round each of some 10⁵ operations, in orders of their own. What that leaves after 200 updates is lost in
 * the 13 digits that are stored, which alone put the two up to 5e-13 apart.
 */
const tolerance = 1e-9;

/** Trains as a stored run did: how far the losses and the weights end from it, whichever is farthest. */
async function apart(name: string, [first, second, loss, optimizer]: Run): Promise<number> {
  const wanted = stored.runs[name]!;
  const { inputs, targets, batch, weights } = stored.problems[wanted.problem]!;
  const widths = Object.keys(weights)
    .filter((array) => array.startsWith("bias"))
    .map((array) => weights[array]!.length);
  const net = network(inputs[0]!.length, [
    dense(widths[0]!, { activation: first }),
    dense(widths[1]!, { activation: second }),
    dense(widths[2]!),
  ]);
  for (const [array, numbers] of Object.entries(weights)) net.write(array, numbers);
  const rows = targets.map((row) =>
    typeof row === "number" ? Array.from({ length: widths[2]! }, (_, k) => Number(k === row)) : row,
  );
  const epochs = await net.fit(
    { inputs, targets: rows },
    { loss, optimizer, batch, epochs: wanted.losses.length, metrics: [lossValue] },
  );
  expect(epochs.length * Math.ceil(inputs.length / batch)).toBe(stored.made.updates);
  return Math.max(
    ...epochs.map(({ metrics }, epoch) => distance([metrics.loss], [wanted.losses[epoch]!])),
    ...net.weightNames.map((array) => distance(net.read(array).data, wanted.weights[array]!.flat())),
  );
}

test("every run that is stored has its row here", () => {
  expect(stored.made.updates).toBe(200);
  expect(Object.keys(runs)).toEqual(Object.keys(stored.runs));
});

test.each(Object.keys(runs))(
  "%s: the losses of all epochs and the weights at the end are PyTorch's",
  async (name) => {
    expect(await apart(name, runs[name]!)).toBeLessThan(tolerance);
  },
);

const [first, second, loss] = runs.adam!;
test.each([
  ["rate", "adam", adam(0.010001)],
  ["beta1", "adam", adam(0.01, { beta1: 0.90001 })],
  ["beta2", "adam", adam(0.01, { beta2: 0.99901 })],
  ["epsilon", "adam", adam(0.01, { epsilon: 2e-8 })],
  ["decay", "adamw", adamw(0.01, { weightDecay: 0.010001 })],
] as const)("%s, a little off, shows", async (_, name, optimizer) => {
  expect(await apart(name, [first, second, loss, optimizer])).toBeGreaterThan(100 * tolerance);
});
