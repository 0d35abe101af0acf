import { describe, expect, it } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { dense } from "../../src/layers/dense.ts";
import { constant } from "../../src/layers/initializers.ts";
import { accuracy, accuracyAt, classAccuracy } from "../../src/losses/accuracy.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { ofLabels } from "../../src/losses/labels.ts";
import { type Loss, type Metric, meanOf } from "../../src/losses/loss.ts";
import { absoluteError, huber, meanAbsoluteError, meanSquaredError } from "../../src/losses/means.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
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

  it("accuracyAt refuses a threshold that is no number", () => {
    expect(() => accuracyAt(Number.NaN)).toThrow(RangeError);
  });
});

const engines = ["reference", "wasm"] as const;
const precisions = ["float64", "float32"] as const;

/** What is reported of rows that are predicted as they are, in training and validation, by each engine and precision. */
async function ofPredictions(
  predictions: number[][],
  targets: number[][] | number[],
  { loss, metric }: { loss: Loss; metric?: Metric },
): Promise<number> {
  const found: number[] = [];
  const width = predictions[0]!.length;
  for (const engine of engines)
    for (const precision of precisions) {
      const net = network(width, [dense(width, { bias: false })], { engine, precision });
      net.write(
        "weights_0_1",
        predictions[0]!.map((_, row) => predictions[0]!.map((_, column) => (row === column ? 1 : 0))),
      );
      const data = { inputs: predictions, targets };
      const [epoch] = await net.fit(data, {
        loss,
        ...(metric === undefined ? {} : { metrics: [metric] }),
        optimizer: sgd(0),
        epochs: 1,
        batch: 2,
        validation: data,
      });
      const key = metric?.key ?? "accuracy";
      found.push(epoch!.metrics[key]!, epoch!.validation![key]!);
    }
  expect(new Set(found).size, `${found}`).toBe(1);
  return found[0]!;
}

describe("accuracy of several yes or no labels", () => {
  const sums = [
    [1, 2, -1],
    [-1, 1, 3],
    [0.1, -5, 0],
  ];
  const right = [
    [1, 1, 0],
    [0, 1, 1],
    [1, 0, 0],
  ];

  it("is 1 where all are right, and else the share of labels that are", async () => {
    for (const loss of [binaryCrossEntropy, meanOf(binaryCrossEntropy)]) {
      expect(await ofPredictions(sums, right, { loss })).toBe(1);
      const wrong = right.map((row) => row.map((target) => 1 - target));
      expect(await ofPredictions(sums, wrong, { loss })).toBe(0);
      expect(await ofPredictions(sums, [[0, 1, 0], right[1]!, [1, 0, 1]], { loss })).toBe(7 / 9);
    }
  });

  it("is 1, to the last bit, for ten outputs", async () => {
    const rows = [-3, 2, 5].map((from) => Array.from({ length: 10 }, (_, k) => ((from * (k + 1)) % 7) - 0.5));
    const targets = rows.map((row) => row.map((value) => (value > 0 ? 1 : 0)));
    expect(await ofPredictions(rows, targets, { loss: binaryCrossEntropy })).toBe(1);
  });

  it("of probabilities or other predictions is accuracyAt's", async () => {
    const shares = [
      [0.9, 0.8, 0.2],
      [0.4, 0.6, 0.7],
    ];
    expect(
      await ofPredictions(shares, right.slice(0, 2), { loss: halfSquaredError, metric: accuracyAt(0.5) }),
    ).toBe(1);
    expect(
      await ofPredictions(shares, right.slice(0, 2), { loss: halfSquaredError, metric: accuracyAt(0.65) }),
    ).toBe(5 / 6);
  });

  it("is that of classes where class numbers are learnt, or where it is asked for", async () => {
    const labels = [1, 2, 0];
    const hot = labels.map((label) => [0, 1, 2].map((column) => (column === label ? 1 : 0)));
    expect(await ofPredictions(sums, labels, { loss: ofLabels(binaryCrossEntropy) })).toBe(1);
    expect(await ofPredictions(sums, hot, { loss: binaryCrossEntropy })).toBe(7 / 9);
    expect(await ofPredictions(sums, hot, { loss: binaryCrossEntropy, metric: classAccuracy })).toBe(1);
  });
});

describe("accuracy of one output", () => {
  const column = (...values: number[]) => values.map((value) => [value]);

  it("asks for the side of 0 where targets are −1 and 1", async () => {
    const predictions = column(-0.9, 0.3, -0.2, 0.8, 0.1);
    const targets = column(-1, 1, -1, 1, -1);
    for (const loss of [halfSquaredError, meanSquaredError, meanAbsoluteError, huber()])
      expect(await ofPredictions(predictions, targets, { loss, metric: accuracy })).toBe(4 / 5);
    expect(
      await ofPredictions(predictions, targets, { loss: halfSquaredError, metric: accuracyAt(0.1) }),
    ).toBe(1);
  });

  it("asks for the side of the middle of any two targets, and of 0.5 from 0 to 1", async () => {
    const metric = accuracy;
    const loss = halfSquaredError;
    expect(await ofPredictions(column(1.4, 1.6, 1.2, 1.9), column(1, 2, 1, 2), { loss, metric })).toBe(1);
    expect(await ofPredictions(column(0.4, 0.6, 0.49), column(0.1, 0.9, 0.3), { loss, metric })).toBe(1);
    expect(await ofPredictions(column(0.4, 0.6), column(0, 0.4), { loss, metric })).toBe(1 / 2);
    expect(await ofPredictions(column(0.9, 0.6), column(1, 1), { loss, metric })).toBe(1);
    expect(await ofPredictions(column(-0.9, 0.6), column(-1, -1), { loss, metric })).toBe(1 / 2);
    expect(await ofPredictions(column(-0.2, 0.1, 0.4), column(-1, 0.3, 1), { loss, metric })).toBe(1);
  });

  it("goes with the targets of each training, and with those of a trace", async () => {
    const net = network(1, [dense(1, { bias: false })], { initialize: constant(1) });
    const options = { loss: halfSquaredError, metrics: [accuracy], optimizer: sgd(0), epochs: 1 };
    const inputs = column(-0.3, 0.3);
    for (const [targets, wanted] of [
      [column(-1, 1), 1],
      [column(0, 1), 1 / 2],
      [column(-1, 1), 1],
    ] as const) {
      const [epoch] = await net.fit({ inputs, targets }, options);
      expect(epoch!.metrics.accuracy, `${targets}`).toBe(wanted);
      const trace = await net.trace({ inputs, targets }, options);
      expect(trace.read("layer_1_accuracy")!.at()).toBe(2 * wanted);
    }
  });

  it("lets a NaN be right for no target", () => {
    const b = new ProgramBuilder("compare");
    const [prediction, target] = [b.input("prediction", ["batch", 1]), b.target("target", ["batch", 1])];
    b.metric("right", b.ops.rightSides(prediction, target));
    b.metric("classes", b.ops.rightClasses(prediction, target));
    for (const engine of [reference, wasm]) {
      const session = engine.open(b.build(), { capacity: 2 });
      session.write({ prediction: [[Number.NaN], [Number.NaN]], target: [[0], [1]] });
      session.run();
      expect([session.read("right").at(), session.read("classes").at()]).toEqual([0, 0]);
    }
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

describe("confusionMatrix, told what its numbers are,", () => {
  it("has as many classes as it is told, or as rows have scores, whichever occur", () => {
    const three = [
      [2, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ];
    expect(confusionMatrix([0, 0], [0, 0], { classes: 3 }).toArray()).toEqual(three);
    expect(
      confusionMatrix(
        [
          [1, 0, 0],
          [2, 1, 1],
        ],
        [0, 0],
      ).toArray(),
    ).toEqual(three);
    expect(
      confusionMatrix(
        [0, 0],
        [
          [1, 0, 0],
          [1, 0, 0],
        ],
      ).toArray(),
    ).toEqual(three);
    expect(confusionMatrix([], [], { classes: 2 }).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("refuses a class that there is not, and numbers of classes that differ", () => {
    expect(() => confusionMatrix([0, 2], [0, 1], { classes: 2 })).toThrow(
      new RangeError("predictions: row 1 is 2, but a class is a whole number from 0 to 1"),
    );
    expect(() => confusionMatrix([[1, 0]], [2])).toThrow("targets: row 0 is 2");
    expect(() => confusionMatrix([[1, 0]], [[0, 0, 1]])).toThrow(
      new ShapeError("confusionMatrix: predictions are 1 × 2 and targets 1 × 3"),
    );
    expect(() => confusionMatrix([[1, 0]], [1], { classes: 3 })).toThrow(", for 3 classes");
    expect(() => confusionMatrix([1], [1], { classes: 1.5 })).toThrow("classes is 1.5");
  });

  it("takes one score a row, as a list or a column, with a threshold", () => {
    const wanted = [
      [1, 1],
      [1, 2],
    ];
    const [shares, sums] = [
      [0.2, 0.7, 0.4, 0.9, 0.8],
      [-2, 1, -0.1, 3, 2],
    ];
    const targets = [0, 0, 1, 1, 1];
    const column = (values: readonly number[]) => values.map((value) => [value]);
    expect(confusionMatrix(shares, targets, { threshold: 0.5 }).toArray()).toEqual(wanted);
    expect(confusionMatrix(column(shares), column(targets), { threshold: 0.5 }).toArray()).toEqual(wanted);
    expect(confusionMatrix(sums, targets, { threshold: 0 }).toArray()).toEqual(wanted);
    expect(
      confusionMatrix(
        Float32Array.from(sums),
        targets.map((each) => 2 * each - 1),
        { threshold: 0 },
      ).toArray(),
    ).toEqual(wanted);
    expect(
      confusionMatrix(
        shares,
        targets.map((each) => [1 - each, each]),
        { threshold: 0.5 },
      ).toArray(),
    ).toEqual(wanted);
    expect(confusionMatrix([0.1], [0], { threshold: 0.5 }).toArray()).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  it("says how scores are taken, and refuses a threshold for what it does not fit", () => {
    expect(() => confusionMatrix([0.2, 0.9], [0, 1])).toThrow(
      "predictions: row 0 is 0.2, but a class is a whole number from 0 to 16383; for one score a row give a threshold, such as { threshold: 0.5 }",
    );
    expect(() => confusionMatrix([0.2, 0.9], [0, 2], { threshold: 0.5 })).toThrow("targets: row 1 is 2");
    expect(() => confusionMatrix([0.2, 0.9], [0, -1], { threshold: 0.5 })).toThrow("targets: row 1 is -1");
    expect(() => confusionMatrix([[1, 0]], [0], { threshold: 0.5 })).toThrow(
      "a threshold is for one score a row",
    );
    expect(() => confusionMatrix([0.2], [0], { threshold: Number.NaN })).toThrow("threshold is NaN");
    expect(() => confusionMatrix([0.2], [0], { threshold: 0.5, classes: 3 })).toThrow(
      "for 3 classes, with a threshold for two",
    );
  });

  it("refuses NaN, which is of no class", () => {
    expect(() =>
      confusionMatrix(
        [
          [1, 0],
          [Number.NaN, 2],
        ],
        [0, 1],
      ),
    ).toThrow("predictions: row 1, column 0 is NaN");
    expect(() => confusionMatrix([0.1, Number.NaN], [0, 1], { threshold: 0 })).toThrow(
      "predictions: row 1 is NaN",
    );
    expect(() => confusionMatrix([0, Number.NaN], [0, 1])).toThrow("predictions: row 1 is NaN");
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

  it("lets an output whose targets do not spread add its errors only", () => {
    // errors 0 + 1 + 0 and 1 each, spread 0 and 2
    const [predictions, targets] = [
      [0.1, 1.1, 0.1].map((value, row) => [value, row + 1]),
      [0.1, 0.1, 0.1].map((value, row) => [value, row]),
    ];
    expect(rSquared(predictions, targets)).toBe(1 - 4 / 2);
  });

  it("is NaN where the targets do not spread, and refuses other shapes", () => {
    expect(rSquared([1, 2], [3, 3])).toBeNaN();
    // The mean of n times 0.1, summed up, is 0.1 for some n only.
    for (let n = 1; n < 60; n++)
      for (const value of [0.1, 0.7, -1 / 3, 1e-9, 123.456])
        expect(
          rSquared(new Array(n).fill(value + 1), new Array(n).fill(value)),
          `${n} of ${value}`,
        ).toBeNaN();
    expect(rSquared([], [])).toBeNaN();
    expect(() => rSquared([[1, 2]], [[1]])).toThrow("rSquared: predictions are 1 × 2 but targets are 1 × 1");
  });
});
