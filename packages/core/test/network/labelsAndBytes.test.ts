import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { accuracy } from "../../src/losses/accuracy.ts";
import { categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { ofLabels } from "../../src/losses/labels.ts";
import { type Loss, lossValue, meanOf } from "../../src/losses/loss.ts";
import { meanSquaredError } from "../../src/losses/means.ts";
import { halfSquaredError, squaredError } from "../../src/losses/squared.ts";
import { loadCheckpoint, saveCheckpoint } from "../../src/network/checkpoint.ts";
import { checkGradients } from "../../src/network/checks.ts";
import { exportPredictor } from "../../src/network/exportPredictor.ts";
import { type Network, network } from "../../src/network/network.ts";
import type { NetworkOptions } from "../../src/network/options.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { loadPredictor } from "../../src/predict/index.ts";
import type { Precision } from "../../src/program/data.ts";
import { block } from "../../src/shape/block.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { Trace } from "../../src/trace/trace.ts";
import { DataError, examplesOf, rowsOf } from "../../src/train/data.ts";
import { split } from "../../src/train/split.ts";
import { weightsOf } from "../train/nets.ts";

/** Eleven rows of four bytes in three classes. */
const bytes = Array.from({ length: 11 }, (_, row) =>
  Array.from({ length: 4 }, (_, column) => (row * 71 + column * 40 + row * row * column * 13) % 256),
);
const labels = [0, 2, 1, 1, 0, 2, 2, 0, 1, 0, 2];
const oneHot = labels.map((label) => [0, 1, 2].map((column) => (column === label ? 1 : 0)));
const numbers = bytes.map((row) => row.map((byte) => byte / 255));

function net(options: NetworkOptions = {}): Network {
  return network(4, [dense(5, { activation: relu, dropout: 0.25 }), dense(3)], { seed: 2, ...options });
}

const learning = {
  optimizer: adam(0.05),
  metrics: [lossValue, accuracy, squaredError],
  batch: 3,
  epochs: 6,
  shuffle: true,
};

const losses: Readonly<Record<string, readonly [onLabels: Loss, onRows: Loss]>> = {
  categoricalCrossEntropy: [ofLabels(categoricalCrossEntropy), categoricalCrossEntropy],
  "a mean of it": [ofLabels(meanOf(categoricalCrossEntropy)), meanOf(categoricalCrossEntropy)],
  "it, of a mean": [meanOf(ofLabels(categoricalCrossEntropy)), meanOf(categoricalCrossEntropy)],
  halfSquaredError: [ofLabels(halfSquaredError), halfSquaredError],
  meanSquaredError: [ofLabels(meanSquaredError), meanSquaredError],
};

describe.each(["float64", "float32"] as const)("in %s", (precision: Precision) => {
  test.each(Object.entries(losses))(
    "class numbers train to the bits and reports of rows of 0s and 1s: %s",
    async (_, [onLabels, onRows]) => {
      const [left, right] = [net({ precision }), net({ precision })];
      const reports = await left.fit(
        { inputs: numbers, targets: labels },
        { ...learning, loss: onLabels, validation: 0.3 },
      );
      const wanted = await right.fit(
        { inputs: numbers, targets: oneHot },
        { ...learning, loss: onRows, validation: 0.3 },
      );
      expect(reports).toEqual(wanted);
      expect(weightsOf(left)).toEqual(weightsOf(right));
    },
  );

  test("bytes train, predict and are exported to the bits of numbers divided beforehand", async () => {
    const [left, right] = [net({ precision, bytes: 255 }), net({ precision })];
    const options = { ...learning, loss: categoricalCrossEntropy };
    const held = (inputs: number[][]) => ({ inputs: inputs.slice(8), targets: oneHot.slice(8) });
    const reports = await left.fit(
      { inputs: bytes, targets: oneHot },
      { ...options, validation: held(bytes) },
    );
    const wanted = await right.fit(
      { inputs: numbers, targets: oneHot },
      { ...options, validation: held(numbers) },
    );
    expect(reports).toEqual(wanted);
    expect(weightsOf(left)).toEqual(weightsOf(right));
    const predictions = (await right.predict(numbers)).toArray();
    expect((await left.predict(bytes)).toArray()).toEqual(predictions);
    const predictor = loadPredictor(exportPredictor(left));
    expect(predictor.predict(bytes)).toEqual(predictions);
    expect(predictor.predict(bytes.map((row) => Uint8Array.from(row)))).toEqual(predictions);
    expect((await left.predict(bytes[3]!)).toArray()).toEqual([(predictions as number[][])[3]]);
  });

  test("another divisor is another byte that becomes 1", async () => {
    const [left, right] = [net({ precision, bytes: 16 }), net({ precision })];
    const sixteenths = bytes.map((row) => row.map((byte) => byte / 16));
    expect((await left.predict(bytes)).toArray()).toEqual((await right.predict(sixteenths)).toArray());
  });

  test("both together stand in the program, go on, come back from a checkpoint and can be walked through", async () => {
    const options = { ...learning, loss: ofLabels(categoricalCrossEntropy) };
    const data = { inputs: bytes, targets: labels };
    const whole = net({ precision, bytes: 255 });
    await whole.fit(data, options);
    const first = net({ precision, bytes: 255 });
    await first.fit(data, { ...options, epochs: 2 });
    const second = net({ precision, bytes: 255 });
    loadCheckpoint(second, saveCheckpoint(first));
    await second.fit(data, { ...options, epochs: 4 });
    expect(saveCheckpoint(second)).toBe(saveCheckpoint(whole));

    const program = whole.trainer(options);
    expect(`${program}`.split("\n").slice(0, 9)).toEqual([
      "predict",
      "  layer_0 = pixels / 255",
      "  layer_1_relu = relu(layer_0.dot(weights_0_1) + bias_1)",
      "  layer_1 = layer_1_relu * layer_1_mask",
      "  layer_2 = layer_1.dot(weights_1_2) + bias_2",
      "compare",
      "  goal = one_hot(labels, 3)",
      "  layer_2_loss += categorical_cross_entropy(layer_2, goal)",
      "  layer_2_accuracy += right_classes(layer_2, goal)",
    ]);
    expect(`${whole.predictor}`.split("\n")[1]).toBe("  layer_0 = pixels / 255");
    const trace = Trace.record({
      program,
      data: { pixels: bytes, labels },
      loop: { epochs: 2, batch: 3 },
      seed: 2,
    });
    trace.seek({ epoch: 1, batch: 3, phase: "compare", step: 1 });
    expect(trace.read("pixels")!.toArray()).toEqual(bytes.slice(9));
    expect(trace.read("goal")!.toArray()).toEqual(oneHot.slice(9));
  });

  test("gradients are checked on both", async () => {
    const report = await checkGradients(
      net({ precision, bytes: 255 }),
      { inputs: bytes, targets: labels },
      { loss: ofLabels(meanOf(categoricalCrossEntropy)) },
    );
    expect(report.passed, `${report}`).toBe(true);
    expect(report.total).toBe(43);
  });
});

describe("whole numbers keep their types until a batch needs them", () => {
  const program = net({ bytes: 255 }).trainer({ ...learning, loss: ofLabels(categoricalCrossEntropy) });
  const given = { inputs: block("uint8", [11, 4], Uint8Array.from(bytes.flat())), targets: labels };

  test("as they are laid out and split", () => {
    const laid = examplesOf(given, program.data, 3);
    expect(laid.inputs.values).toEqual(given.inputs.data);
    expect(laid.targets).toEqual({ shape: [11], values: Int32Array.from(labels) });
    const { training, validation } = split(laid, 0.3);
    expect(training.inputs.values).toBeInstanceOf(Uint8Array);
    expect(validation.targets.values).toEqual(Int32Array.from(labels.slice(8)));
  });

  test("class numbers may come in a column, in typed arrays, as booleans", () => {
    const declared = program.array("labels");
    const wanted = { shape: [2], values: Int32Array.of(1, 0) };
    for (const given of [[1, 0], [[1], [0]], Uint8Array.of(1, 0), Float32Array.of(1, 0), [true, false]])
      expect(rowsOf("targets", given, declared, 2)).toEqual(wanted);
  });
});

describe("what is no byte or class is refused before training, by row and column", () => {
  const good = { inputs: bytes, targets: labels };
  const options = { ...learning, loss: ofLabels(categoricalCrossEntropy) };
  const withByte = (value: number) => bytes.map((row, n) => (n === 4 ? [1, 2, value, 3] : row));
  const withLabel = (value: number) => labels.map((label, n) => (n === 7 ? value : label));
  const byte = "a byte is a whole number from 0 to 255";
  const label = "a class is a whole number from 0 to 2";

  test.each<[string, object, new (message: string) => Error, string]>([
    ["half a byte", { inputs: withByte(0.5) }, DataError, `inputs: row 4, column 2 is 0.5; ${byte}`],
    ["256", { inputs: withByte(256) }, DataError, `inputs: row 4, column 2 is 256; ${byte}`],
    ["-1", { inputs: withByte(-1) }, DataError, `inputs: row 4, column 2 is -1; ${byte}`],
    ["no number", { inputs: withByte(Number.NaN) }, DataError, `inputs: row 4, column 2 is NaN; ${byte}`],
    ["half a class", { targets: withLabel(1.5) }, DataError, `targets: row 7 is 1.5; ${label}`],
    ["a class too many", { targets: withLabel(3) }, DataError, `targets: row 7 is 3; ${label}`],
    ["a negative class", { targets: withLabel(-1) }, DataError, `targets: row 7 is -1; ${label}`],
    ["2^32", { targets: withLabel(4294967296) }, DataError, `targets: row 7 is 4294967296; ${label}`],
    ["no class", { targets: withLabel(Number.NaN) }, DataError, `targets: row 7 is NaN; ${label}`],
    [
      "rows of 0s and 1s",
      { targets: oneHot },
      ShapeError,
      "targets: a list of class numbers is needed, but the shape is 11 × 3",
    ],
    ["a class too few", { targets: labels.slice(1) }, ShapeError, "inputs have 11 rows but targets have 10"],
    [
      "nothing",
      { inputs: [], targets: [] },
      DataError,
      "there are no examples: inputs and targets have no rows",
    ],
  ])("%s", async (_, data, kind, message) => {
    const made = net({ bytes: 255 });
    const before = saveCheckpoint(made);
    await expect(made.fit({ ...good, ...data }, options)).rejects.toThrow(new kind(message));
    const inValidation = message.replace(/^(there are no )?/, "$1validation ");
    await expect(made.fit(good, { ...options, validation: { ...good, ...data } })).rejects.toThrow(
      inValidation,
    );
    await expect(checkGradients(made, { ...good, ...data }, options)).rejects.toThrow(message);
    expect(saveCheckpoint(made)).toBe(before);
  });

  test("when predicting, with the whole network and without", async () => {
    const made = net({ bytes: 255 });
    await expect(made.predict(withByte(300))).rejects.toThrow(
      new DataError(`inputs: row 4, column 2 is 300; ${byte}`),
    );
    const predictor = loadPredictor(exportPredictor(made));
    for (const wrong of [300, -1, 0.5, Number.NaN])
      expect(() => predictor.predict(withByte(wrong))).toThrow(
        new RangeError(`row 4, column 2 is ${wrong}; every number must be a whole one from 0 to 255`),
      );
  });

  test("and class numbers for a loss that takes rows, with what to do", async () => {
    await expect(
      net().fit({ inputs: numbers, targets: labels }, { ...learning, loss: categoricalCrossEntropy }),
    ).rejects.toThrow(
      new ShapeError(
        "targets: rows of 3 numbers are needed, but the shape is 11; for class numbers take ofLabels(loss)",
      ),
    );
  });

  test("and so are options that make no sense", async () => {
    for (const wrong of [0, -255, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => net({ bytes: wrong })).toThrow(
        new RangeError(`network: bytes is ${wrong}, but must be a finite number above 0, such as 255`),
      );
    const single = network(4, [dense(1)]);
    await expect(single.fit({ inputs: numbers, targets: labels.map(() => 0) }, options)).rejects.toThrow(
      "ofLabels: the network has one output, but each class needs one of its own",
    );
  });
});

test("goals have the name that the network gives them", () => {
  const made = net({ target: "digit" });
  const program = made.trainer({ ...learning, loss: ofLabels(categoricalCrossEntropy) });
  expect(`${program}`).toContain("  digit = one_hot(labels, 3)\n");
  expect(() =>
    net({ target: "labels" }).trainer({ ...learning, loss: ofLabels(categoricalCrossEntropy) }),
  ).toThrow('there are two arrays named "labels" in train');
});

test("a predictor's file says that its rows are bytes, and a broken one is refused", () => {
  const file = JSON.parse(exportPredictor(net({ bytes: 255 })));
  expect(file.input).toEqual({ name: "pixels", shape: ["batch", 4], dtype: "uint8" });
  expect(() => loadPredictor(JSON.stringify({ ...file, input: { ...file.input, dtype: "int32" } }))).toThrow(
    'not a predictor: the input\'s "dtype" is "uint8" or left out, not "int32"',
  );
  const direct = { kernel: "matmul", reads: ["pixels", "weights_0_1"], writes: "direct" };
  expect(() => loadPredictor(JSON.stringify({ ...file, steps: [direct, ...file.steps] }))).toThrow(
    "not a predictor: step 0: matmul(pixels, weights_0_1): pixels is uint8, the program's precision needed",
  );
});

test("any bytes and classes give the bits of the numbers that they stand for", async () => {
  const examples = fc.array(
    fc.record({
      row: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
      label: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 7 },
  );
  await fc.assert(
    fc.asyncProperty(examples, fc.integer({ min: 1, max: 8 }), async (given, batch) => {
      const [left, right] = [net({ bytes: 255 }), net()];
      const options = { ...learning, batch, epochs: 2 };
      const asGiven = { inputs: given.map(({ row }) => row), targets: given.map(({ label }) => label) };
      const asNumbers = {
        inputs: given.map(({ row }) => row.map((byte) => byte / 255)),
        targets: given.map(({ label }) => [0, 1, 2].map((column) => (column === label ? 1 : 0))),
      };
      const reports = await left.fit(asGiven, { ...options, loss: ofLabels(categoricalCrossEntropy) });
      expect(reports).toEqual(await right.fit(asNumbers, { ...options, loss: categoricalCrossEntropy }));
      expect(weightsOf(left)).toEqual(weightsOf(right));
    }),
    { numRuns: 40 },
  );
});
