import { describe, expect, it } from "vitest";
import { dense } from "../../src/layers/dense.ts";
import { constant } from "../../src/layers/initializers.ts";
import { accuracy, accuracyAt } from "../../src/losses/accuracy.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import type { Loss, Metric } from "../../src/losses/loss.ts";
import { absoluteError, meanAbsoluteError, meanSquaredError } from "../../src/losses/means.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { confusionMatrix, rSquared } from "../../src/train/evaluation.ts";
import { runPython } from "../oracle/python.ts";

/** A network that predicts its one input, or the input and 0.3, and learns nothing. */
async function report(loss: Loss, metric: Metric, inputs: number[], targets: number[][]): Promise<number> {
  const width = targets[0]!.length;
  const net = network(1, [dense(width)], { initialize: constant(1) });
  if (width === 2) {
    net.write("weights_0_1", [[1, 0]]);
    net.write("bias_1", [0, 0.3]);
  }
  const options = { loss, metrics: [metric], optimizer: sgd(0), batch: 3, epochs: 1 };
  const [epoch] = await net.fit({ inputs, targets }, options);
  return Object.values(epoch!.metrics)[0]!;
}

describe("accuracy", () => {
  const inputs = [-2, 0.2, 0.4, 0.7, 3];
  const single = [[0], [1], [0], [1], [1]];

  it("of one output asks on which side of 0.5 both lie", async () => {
    expect(await report(halfSquaredError, accuracy, inputs, single)).toBe(4 / 5);
  });

  it("of sums before a sigmoid asks on which side of 0 they lie", async () => {
    expect(await report(binaryCrossEntropy, accuracy, inputs, single)).toBe(4 / 5);
    expect(await report(binaryCrossEntropy, accuracyAt(0.5), inputs, single)).toBe(4 / 5);
    expect(await report(binaryCrossEntropy, accuracyAt(0.45), [0.47, 0.2], [[1], [0]])).toBe(1);
    expect(await report(binaryCrossEntropy, accuracy, [0.47, 0.2], [[1], [0]])).toBe(1 / 2);
  });

  it("of several outputs asks where the largest stands", async () => {
    const targets = [
      [0, 1],
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ];
    expect(await report(categoricalCrossEntropy, accuracy, inputs, targets)).toBe(3 / 5);
  });

  it("absoluteError adds up sizes", async () => {
    expect(await report(halfSquaredError, absoluteError, [-2, 0.5, 3], [[0], [1], [1]])).toBe(4.5);
  });

  it("meanAbsoluteError and meanSquaredError are NumPy's means over rows and outputs, beside any loss", async () => {
    const given = [-2, 0.5, 3, 0.1, 0.7];
    const targets = given.map((x, row) => [x / 3 + row, 1 - x * row]);
    for (const batch of [1, 2, "full"] as const) {
      const net = network(1, [dense(2)], { seed: 3 });
      const inputs = given.map((x) => [x]);
      const predictions = (await net.predict(inputs)).toArray();
      const [epoch] = await net.fit(
        { inputs, targets },
        {
          loss: halfSquaredError,
          optimizer: sgd(0),
          metrics: [meanAbsoluteError, meanSquaredError, absoluteError],
          epochs: 1,
          batch,
          validation: { inputs, targets },
        },
      );
      const script = `
import json, sys, numpy as np
p, t = (np.array(part) for part in json.load(sys.stdin))
print(json.dumps({"mae": np.mean(np.abs(p - t)), "mse": np.mean((p - t) ** 2), "sum": np.sum(np.abs(p - t))}))`;
      const { mae, mse, sum } = JSON.parse(runPython(script, [predictions, targets]));
      for (const { meanAbsoluteError: ours, ...others } of [epoch!.metrics, epoch!.validation!]) {
        expect(ours).toBeCloseTo(mae, 14);
        expect(others.meanSquaredError).toBeCloseTo(mse, 13);
        expect(others.absoluteError).toBeCloseTo(sum, 13);
      }
    }
  });

  it("the mean absolute error is reported beside itself as the loss", async () => {
    const values = await report(meanAbsoluteError, meanAbsoluteError, [-2, 0.5, 3], [[0], [1], [1]]);
    expect(values).toBe(1.5);
  });

  it("a threshold for several outputs is refused, and so is one that is no number", async () => {
    await expect(report(categoricalCrossEntropy, accuracyAt(0), [1], [[0, 1]])).rejects.toThrow(
      "accuracyAt: a threshold is for one output, but predictions are batch × 2",
    );
    expect(() => accuracyAt(Number.NaN)).toThrow(RangeError);
  });
});

describe("confusionMatrix", () => {
  it("counts true classes down and predicted ones across, of rows or of labels", () => {
    const predictions = [
      [0.1, 0.7, 0.2],
      [0.5, 0.5, 0],
      [0, 0.1, 0.9],
      [0.2, 0.6, 0.2],
    ];
    const wanted = [
      [1, 0, 0],
      [0, 1, 1],
      [0, 1, 0],
    ];
    expect(confusionMatrix(predictions, [1, 0, 1, 2]).toArray()).toEqual(wanted);
    expect(confusionMatrix([1, 0, 2, 1], [1, 0, 1, 2]).toArray()).toEqual(wanted);
    expect(confusionMatrix([[1], [0]], [[3], [0]]).shape).toEqual([4, 4]);
    expect(confusionMatrix([1, 0, 2, 1], [1, 0, 1, 2]).dtype).toBe("int32");
  });

  it("refuses what is no class, and unequal numbers of rows", () => {
    expect(() => confusionMatrix([0.5, 1], [0, 1])).toThrow("predictions: row 0 is 0.5");
    expect(() => confusionMatrix([0, 1], [0, -1])).toThrow("targets: row 1 is -1");
    expect(() => confusionMatrix([0, 1], [0, 1e9])).toThrow(
      new RangeError("targets: row 1 is 1000000000, but a class is a whole number from 0 to 16383"),
    );
    expect(() => confusionMatrix([new Array(20_000).fill(0)], [0])).toThrow(
      "there are 20000 classes, but at most 16384 are counted",
    );
    expect(() => confusionMatrix([0, 1], [0])).toThrow("there are 2 predictions but 1 targets");
    expect(() => confusionMatrix([[[0]]], [0])).toThrow("1 × 1 × 1");
  });
});

describe("rSquared", () => {
  it("is 1 for perfect predictions, 0 for the mean, below 0 for worse", () => {
    expect(rSquared([1, 2, 6], [1, 2, 6])).toBe(1);
    expect(rSquared([3, 3, 3], [1, 2, 6])).toBe(0);
    // errors 1 + 0 + 4, spread 4 + 1 + 9
    expect(rSquared([2, 2, 4], [1, 2, 6])).toBeCloseTo(1 - 5 / 14, 15);
    expect(rSquared([6, 2, 1], [1, 2, 6])).toBeCloseTo(1 - 50 / 14, 15);
  });

  it("takes a mean for each output", () => {
    const targets = [
      [0, 10],
      [2, 20],
    ];
    // errors 1 + 0 + 0 + 4, spread 2 + 50
    const predictions = [
      [1, 10],
      [2, 18],
    ];
    expect(rSquared(predictions, targets)).toBeCloseTo(1 - 5 / 52, 15);
  });

  it("is NaN where the targets do not spread, and refuses other shapes", () => {
    expect(rSquared([1, 2], [3, 3])).toBeNaN();
    expect(() => rSquared([[1, 2]], [[1]])).toThrow("rSquared: predictions are 1 × 2 but targets are 1 × 1");
  });
});
