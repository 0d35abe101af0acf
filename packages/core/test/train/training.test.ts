import { expect, test } from "vitest";
import { lossValue, meanOf } from "../../src/losses/loss.ts";
import { halfSquaredError, squaredError } from "../../src/losses/squared.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { cosineDecay, stepDecay, warmUp } from "../../src/train/schedules.ts";
import { runPython } from "../oracle/python.ts";
import { data, learning, small, weightsOf } from "./nets.ts";

test("shuffled epochs visit the rows as NumPy's RandomState([seed, 1]) permutes them", async () => {
  const orders: number[][] = JSON.parse(
    runPython(`
import json, numpy as np
chance = np.random.RandomState([5, 1])
print(json.dumps([chance.permutation(7).tolist() for _ in range(3)]))
`),
  );
  const shuffled = small({ seed: 5 });
  await shuffled.fit(data, { ...learning, epochs: 3, batch: 2, shuffle: true });

  const byHand = small({ seed: 5 });
  for (const order of orders) {
    const rows = {
      inputs: order.map((row) => data.inputs[row]!),
      targets: order.map((row) => data.targets[row]!),
    };
    await byHand.fit(rows, { ...learning, epochs: 1, batch: 2 });
  }
  expect(weightsOf(shuffled)).toEqual(weightsOf(byHand));
});

test.each([false, true])("two trainings in a row end with the bits of one (shuffle: %s)", async (shuffle) => {
  const optimizer = sgd(warmUp(cosineDecay(0.2, { epochs: 8 }), { epochs: 2 }));
  const options = { loss: halfSquaredError, optimizer, batch: 3, shuffle };
  const once = small();
  const epochs = await once.fit(data, { ...options, epochs: 9 });
  const twice = small();
  const parts = [
    ...(await twice.fit(data, { ...options, epochs: 4 })),
    ...(await twice.fit(data, { ...options, epochs: 5 })),
  ];
  // What is wrong is said at the end of each training.
  const numbers = (reports: typeof parts) => reports.map(({ warnings, ...report }) => report);
  expect(numbers(parts)).toEqual(numbers(epochs));
  expect(weightsOf(twice)).toEqual(weightsOf(once));
});

test("a fresh training keeps the weights and begins to count anew", async () => {
  const net = small();
  await net.fit(data, { ...learning, epochs: 3 });
  const [first] = await net.fit(data, { ...learning, epochs: 1, fresh: true });
  expect(first!.number).toBe(1);
});

test("break keeps what is learnt, and a training after it goes on", async () => {
  const whole = small();
  await whole.fit(data, { ...learning, epochs: 6, shuffle: true });
  const broken = small();
  for await (const epoch of broken.train(data, { ...learning, epochs: 6, shuffle: true }))
    if (epoch.number === 4) break;
  await broken.fit(data, { ...learning, epochs: 2, shuffle: true });
  expect(weightsOf(broken)).toEqual(weightsOf(whole));
});

test("an aborted training throws the signal's reason and keeps the epochs before", async () => {
  const controller = new AbortController();
  const net = small();
  const numbers: number[] = [];
  const training = (async () => {
    for await (const epoch of net.train(data, { ...learning, epochs: 50, signal: controller.signal })) {
      numbers.push(epoch.number);
      if (epoch.number === 3) controller.abort();
    }
  })();
  await expect(training).rejects.toMatchObject({ name: "AbortError" });
  expect(numbers).toEqual([1, 2, 3]);
  const three = small();
  await three.fit(data, { ...learning, epochs: 3 });
  expect(weightsOf(net)).toEqual(weightsOf(three));
});

test("validation by share holds the last rows back and reports on them with the epoch's weights", async () => {
  const held = small();
  const epochs = await held.fit(data, { ...learning, epochs: 4, batch: 2, validation: 0.3 });
  const front = { inputs: data.inputs.slice(0, 5), targets: data.targets.slice(0, 5) };
  const back = { inputs: data.inputs.slice(5), targets: data.targets.slice(5) };
  const given = small();
  expect(await given.fit(front, { ...learning, epochs: 4, batch: 2, validation: back })).toEqual(epochs);
  const predictions = await held.predict(back.inputs);
  const byHand = back.targets.reduce((sum, [goal], row) => {
    const difference = predictions.at(row, 0) - goal!;
    return sum + difference * difference;
  }, 0);
  expect(epochs[3]!.validation!.squaredError).toBe(byHand);
  expect(epochs[3]!.rows).toBe(5);
});

test("validation does not change a bit of the training", async () => {
  const plain = small();
  const front = { inputs: data.inputs.slice(0, 5), targets: data.targets.slice(0, 5) };
  await plain.fit(front, { ...learning, epochs: 4, batch: 2 });
  const watched = small();
  await watched.fit(data, { ...learning, epochs: 4, batch: 2, validation: 0.3 });
  expect(weightsOf(watched)).toEqual(weightsOf(plain));
});

test("early stopping stops after its patience and goes back to the best weights", async () => {
  // The held-out row contradicts the others, so learning makes it worse at some point.
  const validation = { inputs: [[1, 0, 1]], targets: [[0.6]] };
  const options = { ...learning, epochs: 60, validation, earlyStopping: { patience: 3 } };
  const net = small();
  const epochs = await net.fit(data, options);
  const errors = epochs.map((epoch) => epoch.validation!.squaredError);
  const best = errors.indexOf(Math.min(...errors));
  expect(epochs.length).toBeLessThan(60);
  expect(epochs.length - 1 - best).toBe(3);
  expect(epochs.map((epoch) => epoch.stopped)).toEqual([
    ...new Array(epochs.length - 1).fill(undefined),
    "early",
  ]);
  const until = small();
  await until.fit(data, { ...learning, epochs: best + 1 });
  expect(weightsOf(net)).toEqual(weightsOf(until));
});

test("the mean of a loss divides the deltas by the rows of the batch, and its report by all rows", async () => {
  const mean = small();
  const [epoch] = await mean.fit(data, {
    loss: meanOf(halfSquaredError),
    optimizer: sgd(0.7),
    epochs: 1,
    batch: "full",
    metrics: [lossValue, squaredError],
  });
  const sum = small();
  await sum.fit(data, { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 1, batch: "full" });
  for (const name of mean.weightNames) {
    const [left, right] = [mean.read(name).toTyped(), sum.read(name).toTyped()];
    for (const [k, value] of left.entries()) expect(value).toBeCloseTo(right[k]!, 13);
  }
  expect(epoch!.metrics.loss).toBeCloseTo(epoch!.metrics.squaredError / 14, 13);
});

test("schedules are their formulas, batch by batch", () => {
  const batches = Array.from({ length: 40 }, (_, batch) => batch);
  const at = (batch: number) => ({ batch, batchesPerEpoch: 4 });
  const oracle: Record<string, number[]> = JSON.parse(
    runPython(`
import json, math
batches = range(40)
print(json.dumps({
    'step': [0.4 * 0.5 ** (b // 12) for b in batches],
    'cosine': [0.01 + (0.4 - 0.01) * (1 + math.cos(math.pi * min(1, b / 20))) / 2 for b in batches],
    'warm': [0.3 * min(1, (b + 1) / 8) for b in batches],
}))
`),
  );
  const schedules = {
    step: stepDecay(0.4, { factor: 0.5, every: 3 }),
    cosine: cosineDecay(0.4, { end: 0.01, epochs: 5 }),
    warm: warmUp(0.3, { epochs: 2 }),
  };
  for (const [name, schedule] of Object.entries(schedules))
    for (const batch of batches)
      expect(schedule(at(batch)), `${name} ${batch}`).toBeCloseTo(oracle[name]![batch]!, 14);
});

test.each([
  [{ validation: 1.5 }, "validation is 1.5, but must be a share of the rows between 0 and 1, or examples"],
  [
    { earlyStopping: { patience: 0 } },
    "earlyStopping: patience is 0, but must be a whole number of epochs, at least 1",
  ],
  [
    { earlyStopping: { patience: 1, metric: "acuracy" } },
    'earlyStopping: there is no metric "acuracy" to watch; there are squaredError',
  ],
])("options that cannot be are refused before the first update: %#", async (options, message) => {
  const net = small();
  const before = weightsOf(net);
  await expect(net.fit(data, { ...learning, epochs: 2, ...options })).rejects.toThrow(message);
  expect(weightsOf(net)).toEqual(before);
});

test("rates that cannot be are refused", () => {
  expect(() => sgd(Number.NaN)).toThrow("sgd(NaN): the step size must be a finite number");
  expect(() => stepDecay(1, { factor: 0.5, every: 0 })).toThrow(
    "stepDecay: every is 0, but must be above 0 epochs",
  );
  expect(() => cosineDecay(1, { epochs: Number.NaN })).toThrow(
    "cosineDecay: epochs is NaN, but must be a finite number",
  );
  expect(() => warmUp(1, { epochs: -1 })).toThrow("warmUp: epochs is -1, but must be at least 0");
});
