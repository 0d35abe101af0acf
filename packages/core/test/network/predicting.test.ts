import { describe, expect, test } from "vitest";
import { array, zeros } from "../../src/array/create.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { constant, normal } from "../../src/layers/initializers.ts";
import { network } from "../../src/network/network.ts";
import { runPython } from "../oracle/python.ts";
import { expectSameBits } from "../program/bits.ts";

/** 2 inputs, 2 hidden relu units, 1 output, with weights that are easy by hand. */
function easy() {
  const net = network(2, [dense(2, { activation: relu }), dense(1, { bias: false })]);
  net.write("weights_0_1", [
    [1, -1],
    [2, 1],
  ]);
  net.write("bias_1", [0.5, 0]);
  net.write("weights_1_2", [[10], [100]]);
  return net;
}

describe("predict", () => {
  // [1 2] gives sums [5.5, 1], so 55 + 100; [3 1] gives [5.5, -2], relu turns -2 to 0, so 55.
  test("gives a row of predictions for each row of inputs", async () => {
    const predictions = await easy().predict([
      [1, 2],
      [3, 1],
    ]);
    expect(predictions.shape).toEqual([2, 1]);
    expect(Array.from(predictions.data)).toEqual([155, 55]);
  });

  test.each([
    ["a list", [1, 2]],
    ["a typed array", Float32Array.of(1, 2)],
    ["an array", array([1, 2])],
    ["bytes", Uint8Array.of(1, 2)],
  ])("takes one row as %s", async (_, row) => {
    const predictions = await easy().predict(row);
    expect(predictions.shape).toEqual([1, 1]);
    expect(Array.from(predictions.data)).toEqual([155]);
  });

  test("takes rows as a transposed array, which lies otherwise in memory", async () => {
    const rows = array([
      [1, 3],
      [2, 1],
    ]).T;
    expect(Array.from((await easy().predict(rows)).data)).toEqual([155, 55]);
  });

  test("takes a list as rows where a row has one number", async () => {
    const net = network(1, [dense(1, { bias: false })], { initialize: constant(3) });
    expect(Array.from((await net.predict([1, 2, 4])).data)).toEqual([3, 6, 12]);
    expect((await net.predict([1])).shape).toEqual([1, 1]);
  });

  test("takes no rows and gives none", async () => {
    expect((await easy().predict(zeros([0, 2]))).shape).toEqual([0, 1]);
    expect((await easy().predict([])).shape).toEqual([0, 1]);
  });

  test("of many rows is the same as row by row", async () => {
    const net = network(3, [dense(7, { activation: relu }), dense(4)], { seed: 5 });
    const rows = Array.from({ length: 20 }, (_, row) => [row / 7, -row, 1 / (row + 1)]);
    const alone = [];
    for (const row of rows) alone.push(...(await net.predict(row)).data);
    expectSameBits((await net.predict(rows)).data, alone);
  });

  test("changes nothing", async () => {
    const net = easy();
    const before = net.weightNames.map((name) => Array.from(net.read(name).data));
    await net.predict([1, 2]);
    expect(net.weightNames.map((name) => Array.from(net.read(name).data))).toEqual(before);
  });

  test("in float32 rounds every number once", async () => {
    const net = network(1, [dense(1)], { precision: "float32" });
    net.write("weights_0_1", [[0.1]]);
    net.write("bias_1", [0.2]);
    const round = Math.fround;
    const predictions = await net.predict([0.3]);
    expect(predictions.dtype).toBe("float32");
    expect(predictions.data[0]).toBe(round(round(round(0.3) * round(0.1)) + round(0.2)));
  });

  test("gives the last layer's result, whatever else a layer names", async () => {
    const net = network(2, [
      (b, previous) => {
        const doubled = b.name("doubled", b.ops.add(previous, previous));
        b.name("unread", b.ops.negate(previous));
        const result = b.name("layer_1", b.ops.square(doubled));
        b.name("read_by_this", b.ops.negate(result));
        return result;
      },
    ]);
    expect(net.outputs).toBe(2);
    expect(Array.from((await net.predict([1, 3])).data)).toEqual([4, 36]);
  });
});

describe("weights", () => {
  test("are listed in order of declaration, each layer's before the next one's", () => {
    expect(network(2, [dense(3), dense(1)]).weightNames).toEqual([
      "weights_0_1",
      "bias_1",
      "weights_1_2",
      "bias_2",
    ]);
  });

  test("start as NumPy draws them: RandomState(seed), one array after the other, biases at zero", () => {
    const text = runPython(
      "import json, numpy as np\n" +
        "r = np.random.RandomState([3, 4])\n" +
        "a = 2 * r.random_sample((2, 3)) - 1\n" +
        "b = 0.5 * r.randn(3, 2) + 0.25\n" +
        "print(json.dumps([a.ravel().tolist(), b.ravel().tolist()]))",
    );
    const [uniformly, normally] = JSON.parse(text) as [number[], number[]];
    const inBook = network(2, [dense(3)], { seed: [3, 4] });
    expectSameBits(inBook.read("weights_0_1").data, uniformly);
    expectSameBits(inBook.read("bias_1").data, [0, 0, 0]);
    const layered = network(
      2,
      [
        dense(3, { bias: false }),
        (b, previous) => {
          const weights = b.weights("second", [3, 2], normal(0.25, 0.5));
          return b.name("layer_2", b.ops.matmul(previous, weights));
        },
      ],
      { seed: [3, 4] },
    );
    // The logarithm in randn may differ from NumPy's by 2 units in the last place.
    for (const [place, value] of Array.from(layered.read("second").data).entries())
      expect(Math.abs(value - normally[place]!)).toBeLessThanOrEqual(
        4 * 2 ** -52 * Math.abs(normally[place]!) + 2 ** -54,
      );
  });

  test("read as a copy, and are written as one", () => {
    const net = easy();
    net.read("bias_1").data[0] = 99;
    const mine = [7, 8];
    net.write("bias_1", mine);
    mine[0] = 99;
    expect(Array.from(net.read("bias_1").data)).toEqual([7, 8]);
  });
});
