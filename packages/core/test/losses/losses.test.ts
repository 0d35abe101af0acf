import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { tanh } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { ofLabels } from "../../src/losses/labels.ts";
import { type Loss, meanOf } from "../../src/losses/loss.ts";
import { huber, meanAbsoluteError, meanSquaredError } from "../../src/losses/means.ts";
import { halfSquaredError, squaredError } from "../../src/losses/squared.ts";
import { checkGradients } from "../../src/network/checks.ts";
import { network } from "../../src/network/network.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { Precision } from "../../src/program/data.ts";

/** A program whose predictions are inputs times weights, its loss as a metric and the weights' derivative. */
function differentiated(
  loss: Loss,
  inputs: number[][],
  targets: number[][],
  width: number,
  { engine = reference, precision = "float64" }: { engine?: Engine; precision?: Precision } = {},
) {
  const b = new ProgramBuilder("differentiate", precision);
  const input = b.input("x", ["batch", inputs[0]!.length]);
  const weights = b.weights("weights", [inputs[0]!.length, width]);
  const prediction = b.name("prediction", b.ops.matmul(input, weights));
  const value = loss.append(b, prediction, b.target("goal", ["batch", width]));
  b.metric("total", value);
  b.name("slope", b.gradient(value, { reduce: loss.reduce }).get(weights)!);
  const session = engine.open(b.build(), { capacity: inputs.length, keep: "all" });
  return (numbers: number[][]) => {
    session.write({ x: inputs, goal: targets, weights: numbers, total: 0 });
    session.run();
    const total = session.read("total").data[0]!;
    return {
      loss: loss.reduce === "mean" ? total / inputs.length : total,
      delta: session.read("prediction_delta").toArray() as number[][],
      slope: Array.from(session.read("slope").data),
    };
  };
}

const losses: readonly Loss[] = [
  halfSquaredError,
  meanOf(halfSquaredError),
  meanSquaredError,
  meanAbsoluteError,
  huber(0.4),
  meanOf(huber()),
  binaryCrossEntropy,
  meanOf(binaryCrossEntropy),
  categoricalCrossEntropy,
  meanOf(categoricalCrossEntropy),
];

const inputs = [
  [0.5, -1, 0.25],
  [1.5, 0.3, -0.7],
  [-0.9, 0.8, 1.1],
];
/** What a loss is meant for, and what else it may be given. */
const manyTargets: Readonly<Record<string, number[][]>> = {
  "one class each, or shares": [
    [0, 1],
    [0.3, 0.7],
    [1, 0],
  ],
  "no class, one that counts double, two classes": [
    [0, 0],
    [0, 2],
    [1, 1],
  ],
  "below 0, and sums far from 1": [
    [-1, 1],
    [-0.5, -2],
    [3.5, 0.25],
  ],
  "sums that are 1 but for rounding": [
    [0.1, 0.9],
    [0.7, 0.29999999999999993],
    [1 / 3, 2 / 3],
  ],
};

const weights = [
  [0.3, -0.8],
  [0.6, 0.2],
  [-0.5, 0.9],
];

describe.each(Object.entries(manyTargets))(
  "with targets of %s, the derivative of each loss agrees with central differences, through a whole program",
  (_, targets) => {
    const engines = Object.entries({ reference, wasm });
    const precisions = [
      ["float64", 1e-8],
      ["float32", 1e-5],
    ] as const;
    it.each(losses.map((loss) => [`${loss.name}, ${loss.reduce}`, loss] as const))("%s", (_, loss) => {
      const exact = differentiated(loss, inputs, targets, 2);
      const h = 1e-5;
      const differences = weights.flat().map((_, place) => {
        const moved = (by: number) =>
          weights.map((row, n) => row.map((value, m) => (n * 2 + m === place ? value + by : value)));
        return (exact(moved(h)).loss - exact(moved(-h)).loss) / (2 * h);
      });
      for (const [name, engine] of engines)
        for (const [precision, tolerance] of precisions) {
          const { slope } = differentiated(loss, inputs, targets, 2, { engine, precision })(weights);
          for (const [place, found] of slope.entries())
            expect(
              Math.abs(found - differences[place]!),
              `weight ${place}, ${name}, ${precision}`,
            ).toBeLessThan(tolerance);
        }
    });

    it.each(losses.map((loss) => [`${loss.name}, ${loss.reduce}`, loss] as const))(
      "%s, as checkGradients of a network finds",
      async (_, loss) => {
        for (const precision of ["float64", "float32"] as const) {
          const net = network(3, [dense(4, { activation: tanh }), dense(2)], { seed: 4, precision });
          const report = await checkGradients(net, { inputs, targets }, { loss });
          expect(report.passed, `${precision}\n${report}`).toBe(true);
        }
      },
    );
  },
);

/** The delta and the loss of one row of predictions: an identity's row times the predictions as weights. */
function atPrediction(loss: Loss, prediction: number[], target: number[]) {
  const { loss: value, delta } = differentiated(loss, [[1]], [target], prediction.length)([prediction]);
  return { loss: value, delta: delta[0]! };
}

describe("each loss and its delta are what the textbook gives by hand", () => {
  it("halfSquaredError: ½ (0.5² + 1²), and the differences", () => {
    expect(atPrediction(halfSquaredError, [1.5, -1], [1, 0])).toEqual({ loss: 0.625, delta: [0.5, -1] });
  });

  it("meanSquaredError: the mean over the outputs, and twice the differences by their number", () => {
    expect(atPrediction(meanSquaredError, [1.5, -1], [1, 0])).toEqual({ loss: 0.625, delta: [0.5, -1] });
    expect(atPrediction(meanSquaredError, [1.5], [1])).toEqual({ loss: 0.25, delta: [1] });
  });

  it("meanAbsoluteError: the mean of 0.5, 1 and 0, and signs by their number", () => {
    const { loss, delta } = atPrediction(meanAbsoluteError, [1.5, -1, 2], [1, 0, 2]);
    expect(loss).toBeCloseTo(0.5, 15);
    expect(delta).toEqual([1 / 3, -1 / 3, 0]);
  });

  it("huber(1): ½ 0.5², then 3 - ½, and the difference clipped to 1", () => {
    expect(atPrediction(huber(), [1.5, -3], [1, 0])).toEqual({ loss: 2.625, delta: [0.5, -1] });
  });

  it("binaryCrossEntropy: at 0 a coin's log 2 each, and half a step towards the target", () => {
    const { loss, delta } = atPrediction(binaryCrossEntropy, [0, 0], [1, 0]);
    expect(loss).toBeCloseTo(2 * Math.LN2, 15);
    expect(delta).toEqual([-0.5, 0.5]);
  });

  it("categoricalCrossEntropy: four equal sums give log 4, and a quarter each less the target", () => {
    const { loss, delta } = atPrediction(categoricalCrossEntropy, [3, 3, 3, 3], [0, 0, 1, 0]);
    expect(loss).toBeCloseTo(2 * Math.LN2, 15);
    expect(delta).toEqual([0.25, 0.25, -0.75, 0.25]);
  });

  it("categoricalCrossEntropy of no class teaches nothing, of a double one twice as much, of two half of each", () => {
    expect(atPrediction(categoricalCrossEntropy, [5, 1, 2, 3], [0, 0, 0, 0])).toEqual({
      loss: 0,
      delta: [0, 0, 0, 0],
    });
    const twice = atPrediction(categoricalCrossEntropy, [3, 3, 3, 3], [0, 2, 0, 0]);
    expect(twice.loss).toBeCloseTo(4 * Math.LN2, 15);
    expect(twice.delta).toEqual([0.5, -1.5, 0.5, 0.5]);
    expect(atPrediction(categoricalCrossEntropy, [3, 3, 3, 3], [1, 1, 0, 0]).delta).toEqual([
      -0.5, -0.5, 0.5, 0.5,
    ]);
  });

  it("categoricalCrossEntropy of one output has nothing to tell apart: whatever the target, nothing moves", () => {
    for (const target of [0, 1, 0.3, -2])
      expect(atPrediction(categoricalCrossEntropy, [0.7], [target])).toEqual({ loss: 0, delta: [0] });
  });
});

describe("sums of ±1000 overflow nothing", () => {
  it("binaryCrossEntropy is 0 where they are right, 1000 each where they are wrong", () => {
    expect(atPrediction(binaryCrossEntropy, [1000, -1000], [1, 0])).toEqual({ loss: 0, delta: [0, 0] });
    expect(atPrediction(binaryCrossEntropy, [1000, -1000], [0, 1])).toEqual({ loss: 2000, delta: [1, -1] });
  });

  it("categoricalCrossEntropy is 0 where they are right, 2000 where they are wrong", () => {
    expect(atPrediction(categoricalCrossEntropy, [1000, -1000], [1, 0])).toEqual({ loss: 0, delta: [0, 0] });
    expect(atPrediction(categoricalCrossEntropy, [1000, -1000], [0, 1])).toEqual({
      loss: 2000,
      delta: [1, -1],
    });
    expect(atPrediction(categoricalCrossEntropy, [1000, 1000], [0.5, 0.5]).loss).toBeCloseTo(Math.LN2, 15);
  });

  it("and a surprise of e^-40 is not lost", () => {
    const tiny = Math.exp(-40);
    expect(atPrediction(binaryCrossEntropy, [40], [1]).loss / tiny).toBeCloseTo(1, 14);
    expect(atPrediction(binaryCrossEntropy, [-40], [0]).delta[0]! / tiny).toBeCloseTo(1, 14);
  });
});

it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("huber(%d) is refused", (limit) => {
  expect(() => huber(limit)).toThrow(RangeError);
});

it.each([
  ["none", undefined, ""],
  ["a metric", squaredError, ""],
  ["one that was not called", huber, ": call huber(…)"],
])("the mean and the labels of a loss that is %s are refused", (_, loss, hint) => {
  const message = (where: string) => `${where}: give a loss, such as halfSquaredError${hint}`;
  expect(() => meanOf(loss as never)).toThrow(new TypeError(message("meanOf")));
  expect(() => ofLabels(loss as never)).toThrow(new TypeError(message("ofLabels")));
});
