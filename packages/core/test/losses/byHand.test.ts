import { describe, expect, it } from "vitest";
import { dense } from "../../src/layers/dense.ts";
import { accuracyAt } from "../../src/losses/accuracy.ts";
import { type Loss, lossValue, type Metric, meanOf } from "../../src/losses/loss.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { checkGradients } from "../../src/network/checks.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";

/** Σ (prediction − target)⁴, put together of ops that other things are made of, too. */
const quartic: Loss<typeof lossValue> = {
  name: "quartic",
  reduce: "sum",
  metrics: [lossValue],
  append: (b, prediction, target) =>
    b.ops.total(b.ops.square(b.ops.square(b.ops.subtract(prediction, target)))),
};

const data = {
  inputs: [
    [1, 2],
    [0.5, -1],
    [0, 1],
  ],
  targets: [
    [0, 1],
    [0.5, 0],
    [1, 1],
  ],
};
const build = (engine: "reference" | "wasm" = "wasm") => network(2, [dense(2)], { seed: 2, engine });

describe("a loss that was written by hand", () => {
  it.each(["reference", "wasm"] as const)(
    "reports itself over batches and validation, on %s",
    async (engine) => {
      for (const loss of [quartic, meanOf(quartic)]) {
        const net = build(engine);
        const predictions = (await net.predict(data.inputs)).toArray() as number[][];
        const sum = predictions
          .flatMap((row, n) => row.map((value, m) => (value - data.targets[n]![m]!) ** 4))
          .reduce((total, term) => total + term);
        const options = { loss, optimizer: sgd(0), epochs: 2, batch: 2, validation: data };
        for (const { metrics, validation } of await net.fit(data, options))
          for (const reported of [metrics.loss, validation!.loss])
            expect(reported).toBeCloseTo(loss.reduce === "mean" ? sum / 3 : sum, 12);
      }
    },
  );

  it("is learnt by its derivative", async () => {
    expect((await checkGradients(build(), data, { loss: quartic })).passed).toBe(true);
    const [first, ...others] = await build().fit(data, { loss: quartic, optimizer: sgd(0.001), epochs: 50 });
    expect(others.at(-1)!.metrics.loss).toBeLessThan(first!.metrics.loss);
  });

  it("and a metric may be any number of a batch, too", async () => {
    const norm: Metric<"norm", "norm"> = {
      key: "norm",
      label: "Norm",
      suffix: "norm",
      reduce: "mean",
      append: (b, prediction) => b.ops.total(b.ops.square(prediction)),
    };
    const net = build();
    const squares = ((await net.predict(data.inputs)).toArray() as number[][])
      .flat()
      .map((value) => value * value);
    const [epoch] = await net.fit(data, {
      loss: halfSquaredError,
      metrics: [norm],
      optimizer: sgd(0),
      epochs: 1,
      batch: 2,
    });
    expect(epoch!.metrics.norm).toBeCloseTo(squares.reduce((sum, one) => sum + one) / 3, 12);
  });

  it.each([
    [
      { ...quartic, metrics: undefined },
      "train: the loss has no metrics: give it a list of what to report, such as [lossValue]",
    ],
    [
      { ...quartic, reduce: "average" },
      'train: the loss\'s reduce is "average", but must be "sum" or "mean"',
    ],
    [{ ...quartic, append: undefined }, "train: give a loss, such as halfSquaredError"],
  ])("that lacks something is told so", async (loss, message) => {
    const options = { loss: loss as never, optimizer: sgd(0.1), epochs: 1 };
    await expect(build().fit(data, options)).rejects.toThrow(new TypeError(message));
  });

  it.each([
    [["accuracy"], "train: metrics[0] is not a metric, such as accuracy"],
    [[lossValue, accuracyAt], "train: metrics[1] is not a metric, such as accuracy: call accuracyAt(…)"],
    [lossValue, "train: metrics must be a list, such as [accuracy]"],
  ])("metrics that are none are named", async (metrics, message) => {
    const options = { loss: quartic, metrics: metrics as never, optimizer: sgd(0.1), epochs: 1 };
    await expect(build().fit(data, options)).rejects.toThrow(new TypeError(message));
  });
});

describe("an optimizer that was written by hand", () => {
  it("needs no schedules", async () => {
    const [own, ours] = [build(), build()];
    const { append } = sgd(0.1);
    await own.fit(data, { loss: halfSquaredError, optimizer: { append }, epochs: 3 });
    await ours.fit(data, { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 3 });
    for (const name of own.weightNames) expect(own.read(name).toArray()).toEqual(ours.read(name).toArray());
  });

  it.each([
    [{ schedules: {} }, "train: the optimizer's append must be a function of a builder and the derivatives"],
    [{ append: 1 }, "train: the optimizer's append must be a function of a builder and the derivatives"],
    [
      { append: () => {}, schedules: null },
      "train: the optimizer's schedules must be an object, a function for each setting: (at) => …",
    ],
    [
      { append: () => {}, schedules: { alpha: 0.1 } },
      "train: the optimizer's schedules.alpha must be a function: (at) => …",
    ],
    [sgd, "train: give an optimizer, such as sgd(0.1): call sgd(…)"],
    [{}, "train: give an optimizer, such as sgd(0.1)"],
  ])("that lacks something is told so", async (optimizer, message) => {
    const options = { loss: halfSquaredError, optimizer: optimizer as never, epochs: 1 };
    await expect(build().fit(data, options)).rejects.toThrow(new TypeError(message));
  });
});
