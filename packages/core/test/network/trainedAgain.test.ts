import fc from "fast-check";
import { expect, test } from "vitest";
import {
  adam,
  dense,
  halfSquaredError,
  type Loss,
  loadCheckpoint,
  type Metric,
  meanSquaredError,
  momentum,
  network,
  type Optimizer,
  saveCheckpoint,
  sgd,
  stepDecay,
  tanh,
} from "../../src/index.ts";

// Objects made once and objects made anew: trainings have the same program as one before either way.
const losses: Loss<Metric>[] = [halfSquaredError, meanSquaredError];
const kinds: (() => Optimizer)[] = [
  () => sgd(0.1),
  () => sgd(0.2),
  () => sgd(stepDecay(0.2, { every: 3, factor: 0.5 })),
  () => momentum(0.05),
  () => adam(0.01),
];
const once = kinds.map((make) => make());
const optimizer = fc
  .tuple(fc.nat(kinds.length - 1), fc.boolean())
  .map(([kind, anew]) => (anew ? kinds[kind]!() : once[kind]!));
const sets = [3, 8].map((rows) => ({
  inputs: Array.from({ length: rows }, (_, row) => [Math.sin(row), Math.cos(3 * row), row / rows]),
  targets: Array.from({ length: rows }, (_, row) => [Math.sin(5 * row)]),
}));

const training = fc.record({
  loss: fc.constantFrom(...losses),
  optimizer,
  set: fc.constantFrom(...sets),
  epochs: fc.integer({ min: 1, max: 3 }),
  batch: fc.constantFrom(1, 2, "full" as const),
  shuffle: fc.boolean(),
  fresh: fc.boolean(),
  /** Breaks off after an epoch. */
  stops: fc.boolean(),
  /** Writes a weight by hand before. */
  writes: fc.boolean(),
});

function made() {
  return network(3, [dense(4, { activation: tanh, dropout: 0.25 }), dense(1)], { seed: 3 });
}

test("a network that is trained again and again has the bits of one that is loaded for each training", async () => {
  const run = async (
    net: ReturnType<typeof made>,
    each: typeof training extends fc.Arbitrary<infer T> ? T : never,
  ) => {
    const { set, stops, writes, ...options } = each;
    if (writes) net.write("weights_1_2", [[0.5], [-0.25], [0.125], [1]]);
    for await (const _ of net.train(set, options)) if (stops) break;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(training, { minLength: 2, maxLength: 6 }), async (trainings) => {
      const going = made();
      let loaded = made();
      for (const each of trainings) {
        const next = made();
        loadCheckpoint(next, saveCheckpoint(loaded));
        loaded = next;
        await run(going, each);
        await run(loaded, each);
        expect(saveCheckpoint(going)).toEqual(saveCheckpoint(loaded));
      }
    }),
    { numRuns: 60 },
  );
});
