import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import type { Activation, Layer } from "../../src/layers/layer.ts";
import { exportPredictor } from "../../src/network/exportPredictor.ts";
import { type Network, network } from "../../src/network/network.ts";
import { loadPredictor } from "../../src/predict/index.ts";
import { ProgramError } from "../../src/program/form.ts";
import { expectSameBits } from "../program/bits.ts";
import { data, learning, small } from "../train/nets.ts";

const activations: readonly [string, Activation][] = [
  ["relu", relu],
  ["sigmoid", (b, sum) => b.ops.sigmoid(sum)],
  ["tanh", (b, sum) => b.ops.tanh(sum)],
  ["softmax", (b, sum) => b.ops.softmax(sum)],
  ["logSoftmax", (b, sum) => b.ops.logSoftmax(sum)],
];

/** Reads a setting, the number of rows, sums both ways, a transposed array and one that nothing needs. */
const everything: Layer = (b, previous, { number }) => {
  const half = b.setting("half", 0.5);
  b.name("unread", b.ops.negate(previous));
  const down = b.ops.divideByScalar(b.ops.sumRows(previous), b.rowCount());
  const centred = b.ops.subtract(previous, b.ops.spreadRows(down, { n: "batch" }));
  const across = b.ops.spreadColumns(b.ops.sumColumns(centred), { m: 3 });
  const squares = b.ops.matmul(b.ops.transpose(centred), b.ops.scale(half, across));
  return b.name(`layer_${number}`, b.ops.matmul(previous, squares));
};

const rows = fc.array(
  fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 3, maxLength: 3 }),
  {
    maxLength: 6,
  },
);

async function expectEqual(net: Network, inputs: readonly (readonly number[])[]): Promise<void> {
  const wanted = await net.predict(inputs);
  const found = loadPredictor(exportPredictor(net)).predict(inputs);
  expect(found).toHaveLength(wanted.shape[0]!);
  for (const row of found) expect(row).toHaveLength(net.outputs);
  expectSameBits(found.flat(), [...wanted.copy().data]);
}

describe.each(["float64", "float32"] as const)(
  "in %s a predictor gives the network's own bits",
  (precision) => {
    test.each(activations)("with %s", async (_, activation) => {
      const net = network(3, [dense(5, { activation }), dense(2, { activation })], { seed: 3, precision });
      await fc.assert(fc.asyncProperty(rows, (inputs) => expectEqual(net, inputs)));
    });

    test("with any layer that a builder can write", async () => {
      await fc.assert(
        fc.asyncProperty(rows, (inputs) => expectEqual(network(3, [everything], { precision }), inputs)),
      );
    });

    test("after a training, dropout left out", async () => {
      const net = network(3, [dense(4, { activation: relu, dropout: 0.5 }), dense(1)], { precision });
      await net.fit(data, { ...learning, epochs: 3 });
      await expectEqual(net, data.inputs);
    });
  },
);

test("a predictor brings the functions that it calls and what its prediction is computed from, no more", () => {
  const file = JSON.parse(
    exportPredictor(network(3, [dense(2, { activation: activations[2]![1] }), everything])),
  );
  expect(Object.keys(file.functions)).toEqual(["expm1", "tanh"]);
  expect(Object.keys(file.constants)).toEqual(["weights_0_1", "bias_1", "half"]);
  expect(file.steps.map(({ writes }: { writes: string }) => writes)).not.toContain("unread");
});

test("a layer that draws noise when it predicts cannot be exported", () => {
  const noisy: Layer = (b, previous) => b.name("layer_1", b.ops.multiply(previous, b.noise("hiss", 3, 0.5)));
  expect(() => exportPredictor(network(3, [noisy]))).toThrow(
    new ProgramError("hiss is noise, drawn for every batch: a predictor has none"),
  );
});

describe("rows that do not fit are refused", () => {
  const predictor = loadPredictor(exportPredictor(small()));
  test.each([
    [
      [
        [1, 2, 3],
        [1, 2],
      ],
      "row 1 must be a list of 3 numbers",
    ],
    [[1, 2, 3], "row 0 must be a list of 3 numbers"],
    [[[1, NaN, 3]], "row 0, column 1 is NaN; every number must be finite"],
    [[[1, "2", 3]], "row 0, column 1 is 2; every number must be finite"],
    [[null], "row 0 must be a list of 3 numbers"],
  ])("%j", (given, message) => {
    expect(() => predictor.predict(given as number[][])).toThrow(new RangeError(message));
  });

  test("and typed arrays taken", () => {
    expect(predictor.predict([Float64Array.of(1, 0, 1)])).toEqual(predictor.predict([[1, 0, 1]]));
  });
});
