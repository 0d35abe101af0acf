import fc from "fast-check";
import { expect, test } from "vitest";
import { array } from "../../src/array/create.ts";
import { Collected, statistics } from "../../src/checks/statistics.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { constant } from "../../src/layers/initializers.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { type Network, network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { NameError } from "../../src/program/names.ts";
import { RandomState } from "../../src/random/randomState.ts";
import { runPython } from "../oracle/python.ts";

test("by hand", () => {
  // Mean 2.5; squared distances 6.25, 2.25, 0.25, 12.25 … of 0, 1, 3, 6: sum 21, over 4.
  expect(statistics([0, 1, 3, 6])).toEqual({
    min: 0,
    max: 6,
    mean: 2.5,
    deviation: Math.sqrt(21 / 4),
    zeros: 0.25,
  });
  expect(statistics([[-0, 5]])).toEqual({ min: -0, max: 5, mean: 2.5, deviation: 2.5, zeros: 0.5 });
  expect(statistics(7)).toEqual({ min: 7, max: 7, mean: 7, deviation: 0, zeros: 0 });
  expect(statistics([1, Number.NaN])).toEqual({
    min: Number.NaN,
    max: Number.NaN,
    mean: Number.NaN,
    deviation: Number.NaN,
    zeros: 0,
  });
  expect(() => statistics([])).toThrow("statistics: there are no numbers");
});

test("NumPy's, of numbers of all sizes, and of views", () => {
  const chance = new RandomState(3);
  const lists = [
    Array.from(chance.normal(0, 1, 500).data),
    Array.from(chance.normal(1e8, 1e-3, 200).data),
    Array.from(chance.uniform(-1e-9, 1e12, 100).data),
    Array.from(chance.randint(0, 3, 60).data),
  ];
  const script = `
import json, sys, numpy as np
for values in json.load(sys.stdin):
    a = np.array(values, dtype=float)
    print(json.dumps([a.min(), a.max(), a.mean(), a.std(), np.mean(a == 0)]))
`;
  const printed = runPython(script, lists).trim().split("\n");
  for (const [k, values] of lists.entries()) {
    const found = statistics(values);
    const [min, max, mean, deviation, zeros] = JSON.parse(printed[k]!);
    expect([found.min, found.max, found.zeros]).toEqual([min, max, zeros]);
    expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(1e-13 * Math.abs(mean) + 1e-16);
    expect(Math.abs(found.deviation - deviation)).toBeLessThan(1e-6 * deviation);
  }
  const square = array([
    [1, 2],
    [3, 4],
  ]);
  expect(statistics(square.slice(null, 0))).toMatchObject({ min: 1, max: 3, mean: 2, deviation: 1 });
});

test("the parts in which numbers come change no bit", () => {
  const part = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const collected = new Collected();
      for (const each of parts) collected.add(array(each));
      expect(collected.statistics).toEqual(statistics(parts.flat()));
    }),
    { seed: 1 },
  );
});

const inputs = [
  [1, 2],
  [3, -1],
  [0, 1],
  [2, 2],
  [-1, 0],
];
const targets = [[1], [0], [2], [1], [0]];

/** Of the three hidden units the second is never above 0, since its weights are. */
function withDeadUnit(): Network {
  const net = network(2, [dense(3, { activation: relu }), dense(1)], { initialize: constant(0.25) });
  net.write("weights_0_1", [
    [0.5, -1, 0.25],
    [-0.25, -1, 0.5],
  ]);
  net.write("bias_1", [0, -9, 0.125]);
  return net;
}

test("the statistics of an epoch are those of all its rows, with the dead units", async () => {
  // A step size of 0 leaves the weights as they are, so the rows can be predicted by hand.
  const net = withDeadUnit();
  const [epoch] = await net.fit(
    { inputs, targets },
    {
      loss: halfSquaredError,
      optimizer: sgd(0),
      epochs: 1,
      batch: 2,
      watch: ["layer_1", "weights_1_2", "bias_2"],
    },
  );
  const layer_1 = inputs.map(([a, b]) =>
    [0.5 * a! - 0.25 * b!, -a! - b! - 9, 0.25 * a! + 0.5 * b! + 0.125].map((sum) => Math.max(0, sum)),
  );
  const all = layer_1.flat();
  const mean = all.reduce((sum, x) => sum + x) / 15;
  const found = epoch!.statistics!.layer_1!;
  expect(found).toMatchObject({
    // As in the book, relu turns negatives into -0.
    min: -0,
    max: Math.max(...all),
    zeros: all.filter((x) => x === 0).length / 15,
    dead: 1,
  });
  expect(found.mean).toBeCloseTo(mean, 14);
  expect(found.deviation).toBeCloseTo(Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 15), 14);
  // Three batches, three times the same weights; units are counted for activations only.
  expect(epoch!.statistics!.weights_1_2).toEqual({
    min: 0.25,
    max: 0.25,
    mean: 0.25,
    deviation: 0,
    zeros: 0,
  });
  expect(epoch!.statistics!.bias_2).toMatchObject({ zeros: 1 });
});

test("a unit that is above 0 for one row of one batch is not dead, and each epoch counts anew", async () => {
  const net = withDeadUnit();
  net.write("bias_1", [-1.4, -9, -0.9]);
  // Unit 0: 0.5 a - 0.25 b > 1.4 holds for [3, -1] alone (1.75); unit 2: 0.25 a + 0.5 b > 0.9 for [1, 2], [2, 2].
  const run = { loss: halfSquaredError, optimizer: sgd(0), batch: 1, watch: ["layer_1"] };
  const both = await net.fit({ inputs, targets }, { ...run, epochs: 2 });
  expect(both.map(({ statistics }) => statistics!.layer_1!.dead)).toEqual([1, 1]);
  const [without] = await net.fit(
    { inputs: inputs.filter(([a]) => a !== 3), targets: targets.slice(1) },
    { ...run, epochs: 1 },
  );
  expect(without!.statistics!.layer_1!.dead).toBe(2);
});

test("watching changes no bit of the training", async () => {
  const options = { loss: halfSquaredError, optimizer: sgd(0.05), epochs: 4, batch: 2, shuffle: true };
  const watching = withDeadUnit();
  const plain = withDeadUnit();
  const watched = await watching.fit(
    { inputs, targets },
    { ...options, validation: 0.4, watch: ["layer_2_delta"] },
  );
  const unwatched = await plain.fit({ inputs, targets }, { ...options, validation: 0.4 });
  expect(watched.map(({ statistics: _, ...rest }) => rest)).toEqual(unwatched);
  for (const name of plain.weightNames)
    expect(watching.read(name).toArray()).toEqual(plain.read(name).toArray());
  expect(watched[0]!.statistics!.layer_2_delta!.dead).toBeUndefined();
  await expect(withDeadUnit().fit({ inputs, targets }, { ...options, watch: ["layer_7"] })).rejects.toThrow(
    NameError,
  );
});
