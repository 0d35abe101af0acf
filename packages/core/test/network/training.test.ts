import { describe, expect, test } from "vitest";
import type { Reading } from "../../src/array/reading.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { differenceSum, halfSquaredError, squaredError } from "../../src/losses/squared.ts";
import { loadCheckpoint, saveCheckpoint } from "../../src/network/checkpoint.ts";
import { type Network, type NetworkOptions, network } from "../../src/network/network.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { momentum } from "../../src/optimizers/momentum.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { print } from "../../src/program/print/print.ts";
import { expectSameBits } from "../program/bits.ts";
import { type Matrix, trainByHand, type Weights } from "./loops.ts";

const inputs = [
  [1, 0, 1],
  [0, 1, 1],
  [0, 0, 1],
  [1, 1, 1],
  [0.1, -0.7, 1 / 3],
  [-2, 0.25, 0],
  [0.3, 0.3, -0.3],
];
const targets = [
  [1, 0],
  [1, 0.5],
  [0, -1],
  [0, 0.1],
  [0.2, 1 / 7],
  [-0.5, 0],
  [0, 0],
];
const data = { inputs, targets };

const chapterData = { inputs: inputs.slice(0, 4), targets: [1, 1, 0, 0] };
const bookish = { loss: halfSquaredError, optimizer: sgd(0.2) };

function chapter(options: NetworkOptions = {}): Network {
  return network(3, [dense(4, { activation: relu, bias: false }), dense(1, { bias: false })], {
    seed: 1,
    ...options,
  });
}

function wide(bias: boolean, options: NetworkOptions = {}): Network {
  return network(3, [dense(5, { activation: relu, bias }), dense(2, { bias })], { seed: 7, ...options });
}

function matrix(read: Reading): Matrix {
  const [rows, columns] = read.shape as [number, number];
  return Array.from({ length: rows }, (_, row) =>
    Array.from(read.data.slice(row * columns, (row + 1) * columns)),
  );
}

function weightsOf(net: Network): Weights {
  const bias = (name: string) =>
    net.weightNames.includes(name) ? Array.from(net.read(name).data) : undefined;
  const [bias_1, bias_2] = [bias("bias_1"), bias("bias_2")];
  return {
    weights_0_1: matrix(net.read("weights_0_1")),
    weights_1_2: matrix(net.read("weights_1_2")),
    ...(bias_1 ? { bias_1 } : {}),
    ...(bias_2 ? { bias_2 } : {}),
  };
}

function numbersOf(net: Network): number[] {
  return net.weightNames.flatMap((name) => Array.from(net.read(name).data));
}

test("the chapter's network prints the notebook's errors, to the last digit", async () => {
  const errors: number[] = [];
  for await (const epoch of chapter().train(chapterData, { ...bookish, batch: 1, epochs: 60 }))
    if (epoch.number % 10 === 0) errors.push(epoch.metrics.squaredError);
  expect(errors).toEqual([
    0.6342311598444467, 0.35838407676317513, 0.0830183113303298, 0.006467054957103705, 0.0003292669000750734,
    1.5055622665134859e-5,
  ]);
});

/** Batches of so many rows, over and over. */
function batches(size: number, epochs: number): number[][] {
  const rows = inputs.map((_, row) => row);
  return Array.from({ length: epochs }, () =>
    rows.flatMap((row) => (row % size === 0 ? [rows.slice(row, row + size)] : [])),
  ).flat();
}

describe("training gives the bits of plain loops", () => {
  for (const batch of [1, 2, 3, 7, 100, "full"] as const)
    for (const bias of [false, true])
      for (const mean of [false, true])
        for (const precision of ["float64", "float32"] as const)
          test(`batch ${batch}${bias ? ", bias" : ""}${mean ? ", mean" : ""}, ${precision}`, async () => {
            const net = wide(bias, { precision });
            const start = weightsOf(net);
            const epochs = await net.fit(data, {
              loss: mean ? meanOf(halfSquaredError) : halfSquaredError,
              optimizer: sgd(0.1),
              epochs: 3,
              batch,
            });
            const byHand = trainByHand(start, {
              inputs,
              targets,
              batches: batches(typeof batch === "number" ? Math.min(batch, 7) : 7, 3),
              alpha: 0.1,
              mean,
              ...(precision === "float32" ? { round: Math.fround } : {}),
            });
            const wanted = byHand.weights;
            expectSameBits(
              numbersOf(net),
              [wanted.weights_0_1, wanted.bias_1 ?? [], wanted.weights_1_2, wanted.bias_2 ?? []].flat(2),
            );
            expect(epochs).toHaveLength(3);
            // The epochs' errors are sums of their own; only of one epoch is the whole sum the same number.
            const first = trainByHand(start, {
              inputs,
              targets,
              batches: batches(typeof batch === "number" ? Math.min(batch, 7) : 7, 1),
              alpha: 0.1,
              mean,
              ...(precision === "float32" ? { round: Math.fround } : {}),
            });
            expect(epochs[0]!.metrics.squaredError).toBe(first.error);
          });
});

describe("a training", () => {
  test("counts epochs from 1 and reports all rows", async () => {
    const epochs = await wide(true).fit(data, { ...bookish, epochs: 3, batch: 2 });
    expect(epochs.map(({ number, rows }) => [number, rows])).toEqual([
      [1, 7],
      [2, 7],
      [3, 7],
    ]);
  });

  test("of no epochs learns nothing", async () => {
    const net = chapter();
    const before = numbersOf(net);
    expect(await net.fit(chapterData, { ...bookish, epochs: 0 })).toEqual([]);
    expectSameBits(numbersOf(net), before);
  });

  test("is one row at a time unless asked otherwise", async () => {
    const [one, other] = [chapter(), chapter()];
    await one.fit(chapterData, { ...bookish, epochs: 2 });
    await other.fit(chapterData, { ...bookish, epochs: 2, batch: 1 });
    expectSameBits(numbersOf(one), numbersOf(other));
  });

  test("gives the same bits for the same seed, and others for another", async () => {
    const [one, same, other] = [chapter(), chapter(), chapter({ seed: 2 })];
    for (const net of [one, same, other]) await net.fit(chapterData, { ...bookish, epochs: 5 });
    expectSameBits(numbersOf(one), numbersOf(same));
    expect(numbersOf(other)).not.toEqual(numbersOf(one));
  });

  test("after another goes on from its weights: two in a row are one long one", async () => {
    const [twice, once] = [chapter(), chapter()];
    const epochs = [
      ...(await twice.fit(chapterData, { ...bookish, epochs: 4 })),
      ...(await twice.fit(chapterData, { ...bookish, epochs: 6 })),
    ];
    const long = await once.fit(chapterData, { ...bookish, epochs: 10 });
    expectSameBits(numbersOf(twice), numbersOf(once));
    expect(epochs.map(({ metrics }) => metrics)).toEqual(long.map(({ metrics }) => metrics));
    expect(epochs.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("that is broken off leaves the weights of the last epoch that ended, and can go on", async () => {
    const [broken, short, long] = [chapter(), chapter(), chapter()];
    for await (const epoch of broken.train(chapterData, { ...bookish, epochs: 100, batch: 3 }))
      if (epoch.number === 4) break;
    await short.fit(chapterData, { ...bookish, epochs: 4, batch: 3 });
    expectSameBits(numbersOf(broken), numbersOf(short));
    await broken.fit(chapterData, { ...bookish, epochs: 3, batch: 3 });
    await long.fit(chapterData, { ...bookish, epochs: 7, batch: 3 });
    expectSameBits(numbersOf(broken), numbersOf(long));
  });

  test("that ends with an error of the caller leaves a consistent network too", async () => {
    const [failed, short] = [chapter(), chapter()];
    await expect(async () => {
      for await (const epoch of failed.train(chapterData, { ...bookish, epochs: 9 }))
        if (epoch.number === 2) throw new Error("enough");
    }).rejects.toThrow("enough");
    await short.fit(chapterData, { ...bookish, epochs: 2 });
    expectSameBits(numbersOf(failed), numbersOf(short));
  });

  test("lets the weights be read and predictions be made after each epoch", async () => {
    const net = chapter();
    for await (const epoch of net.train(chapterData, { ...bookish, epochs: 3 })) {
      const other = chapter();
      await other.fit(chapterData, { ...bookish, epochs: epoch.number });
      expectSameBits((await net.predict(inputs)).data, (await other.predict(inputs)).data);
    }
  });

  test("does not change the data", async () => {
    const mine = { inputs: chapterData.inputs.map((row) => [...row]), targets: [...chapterData.targets] };
    await chapter().fit(mine, { ...bookish, epochs: 2, batch: 3 });
    expect(mine).toEqual(chapterData);
  });

  test("shows its program, before it the one that predicts", async () => {
    const net = chapter();
    expect(net.program).toBe(net.predictor);
    await net.fit(chapterData, { ...bookish, epochs: 1 });
    expect(net.program.phases).toEqual(["predict", "compare", "backpropagate", "update"]);
    expect(print(net.program)).toBe(print(net.trainer(bookish)));
  });
});

describe("metrics", () => {
  test("are those that go with the loss, or those asked for, under their keys", async () => {
    const options = { ...bookish, epochs: 1, batch: "full" } as const;
    const [byDefault] = await chapter().fit(chapterData, options);
    expect(Object.keys(byDefault!.metrics)).toEqual(["squaredError"]);
    const [both] = await chapter().fit(chapterData, { ...options, metrics: [differenceSum, squaredError] });
    expect(Object.keys(both!.metrics)).toEqual(["differenceSum", "squaredError"]);
    expect(both!.metrics.squaredError).toBe(byDefault!.metrics.squaredError);
    // Row by row: prediction - target, added up.
    const predictions = await chapter().predict(chapterData.inputs);
    const differences = chapterData.targets.map((target, row) => predictions.data[row]! - target);
    expect(both!.metrics.differenceSum).toBe(differences.reduce((sum, each) => sum + each));
  });

  test("may be none", async () => {
    const [epoch] = await chapter().fit(chapterData, { ...bookish, epochs: 1, metrics: [] });
    expect(epoch!.metrics).toEqual({});
  });

  test("are named in programs after the last layer, a second of one kind after itself", () => {
    const names = (metrics: readonly (typeof squaredError | typeof differenceSum)[]) =>
      chapter()
        .trainer({ ...bookish, metrics })
        .data.arrays.filter(({ role }) => role === "metric")
        .map(({ name }) => name);
    expect(names([squaredError])).toEqual(["layer_2_error"]);
    expect(names([differenceSum, squaredError])).toEqual(["layer_2_error", "layer_2_squared_error"]);
  });
});

describe("a training lets the host's other work through", () => {
  test("a signal that a timer aborts stops it", async () => {
    const options = { ...bookish, epochs: 10_000_000, signal: AbortSignal.timeout(40) };
    const net = chapter();
    await expect(net.fit(chapterData, options)).rejects.toThrow("aborted due to timeout");
    expect(net.progress.epochs).toBeGreaterThan(0);
  });

  test("and so does a condition of an event in a loop", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    for await (const epoch of chapter().train(chapterData, { ...bookish, epochs: 10_000_000 }))
      if (ticks === 3) {
        expect(epoch.number).toBeGreaterThan(3);
        break;
      }
    clearInterval(timer);
    expect(ticks).toBe(3);
  });
});

test.each(["reference", "wasm"] as const)(
  "a batch larger than the data takes all of them, %s",
  async (engine) => {
    const trained = async (batch: number | "full", shuffle: boolean) => {
      const net = wide(true, { engine });
      await net.fit(data, { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 2, batch, shuffle });
      return numbersOf(net);
    };
    for (const shuffle of [false, true])
      for (const batch of [8, 100_000, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER])
        expect(await trained(batch, shuffle)).toEqual(await trained("full", shuffle));
  },
);

test("another optimizer begins with nothing that the last one carried", async () => {
  const options = { loss: halfSquaredError, epochs: 2 };
  const switched = wide(true);
  await switched.fit(data, { ...options, optimizer: rmsprop(0.01) });
  const clean = wide(true);
  for (const name of clean.weightNames) clean.write(name, switched.read(name));
  for (const net of [switched, clean]) await net.fit(data, { ...options, optimizer: adam(0.01) });
  expect(numbersOf(switched)).toEqual(numbersOf(clean));
  expect([...switched.progress.states.keys()].sort()).toEqual([...clean.progress.states.keys()].sort());
});

test("what is wrong with validation examples says that it is they", async () => {
  const options = { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 1 };
  const validation = { inputs: [[1, 2, 3]], targets: [[0, Number.NaN]] };
  await expect(wide(true).fit(data, { ...options, validation })).rejects.toThrow(
    "validation targets: row 0, column 1 is NaN",
  );
});

test("many trainings by a schedule ask it only for their own batches", async () => {
  let asked = 0;
  const schedule = () => {
    asked++;
    return 0.1;
  };
  const net = chapter();
  for (let training = 0; training < 5; training++)
    await net.fit(chapterData, { loss: halfSquaredError, optimizer: sgd(schedule), epochs: 10 });
  // And once for the number with which the setting of the program starts, which is one for all.
  expect(asked).toBe(5 * 10 * 4 + 1);
});

test("what is missing, or not called, is named", async () => {
  const fit = (options: object | undefined) => wide(true).fit(data, options as never);
  const options = { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 1 };
  await expect(fit(undefined)).rejects.toThrow("train: say how, as in { loss:");
  await expect(fit({ ...options, loss: undefined })).rejects.toThrow("train: give a loss, such as");
  await expect(fit({ ...options, optimizer: sgd })).rejects.toThrow("call sgd(…)");
  expect(() => network(3, undefined as never)).toThrow("network: give at least one layer");
});

test("a checkpoint's state of another shape is refused before the first update", async () => {
  const options = { loss: halfSquaredError, optimizer: momentum(0.1), epochs: 1 };
  const net = wide(true);
  await net.fit(data, options);
  const file = JSON.parse(saveCheckpoint(net));
  file.states.weights_0_1_velocity = file.states.bias_1_velocity;
  // Version 1 has no checksum.
  Object.assign(file, { version: 1, checksum: undefined });
  const other = wide(true);
  loadCheckpoint(other, JSON.stringify(file));
  const before = numbersOf(other);
  await expect(other.fit(data, options)).rejects.toThrow(
    "weights_0_1_velocity is 3 × 5 in this training, but the network carries 5: train with fresh: true",
  );
  expect(numbersOf(other)).toEqual(before);
});

test("early stopping goes back to the best weights, and what the optimizer carried goes on", async () => {
  const validation = { inputs, targets: targets.map((row) => row.map((x) => -x)) };
  const net = wide(true);
  const reports = await net.fit(data, {
    loss: halfSquaredError,
    optimizer: momentum(0.05),
    epochs: 50,
    validation,
    earlyStopping: { patience: 2 },
  });
  expect(reports.at(-1)!.stopped).toBe("early");
  const carried = [...net.progress.states.values()];
  expect(carried).toHaveLength(4);
  expect(carried.some(({ data: velocity }) => velocity.some((x) => x !== 0))).toBe(true);
});
