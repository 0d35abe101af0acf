import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { relu, sigmoid, tanh } from "../../src/layers/activations.ts";
import { type BatchNormOptions, batchNorm } from "../../src/layers/batchNorm.ts";
import { dense } from "../../src/layers/dense.ts";
import type { Activation, Layer } from "../../src/layers/layer.ts";
import { layerNorm } from "../../src/layers/layerNorm.ts";
import { lossValue } from "../../src/losses/loss.ts";
import { meanSquaredError } from "../../src/losses/means.ts";
import { checkGradients } from "../../src/network/checks.ts";
import { type Network, network } from "../../src/network/network.ts";
import type { NetworkOptions } from "../../src/network/options.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { momentum, nesterov } from "../../src/optimizers/momentum.ts";
import type { Optimizer } from "../../src/optimizers/optimizer.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import type { Precision } from "../../src/program/data.ts";
import { print } from "../../src/program/print/print.ts";
import { runPython } from "../oracle/python.ts";
import { expectSameBits } from "../program/bits.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "../program/execute.ts";

/** A layer as the oracle reads it. */
interface Spec {
  readonly kind: "dense" | "batchNorm" | "layerNorm";
  readonly units?: number;
  readonly activation?: "relu" | "tanh" | "sigmoid";
  readonly dropout?: number;
  readonly bias?: boolean;
  readonly epsilon?: number;
  readonly momentum?: number;
}

const activations: Readonly<Record<string, Activation>> = { relu, tanh, sigmoid };

function layerOf({ kind, units, activation, dropout, bias, epsilon, momentum }: Spec): Layer {
  const common = activation === undefined ? {} : { activation: activations[activation]! };
  const options: BatchNormOptions = {
    ...common,
    ...(epsilon === undefined ? {} : { epsilon }),
    ...(momentum === undefined ? {} : { momentum }),
  };
  if (kind === "batchNorm") return batchNorm(options);
  if (kind === "layerNorm") return layerNorm(options);
  return dense(units!, { ...common, bias: bias ?? true, dropout: dropout ?? 0 });
}

/**
 * Deep networks with one kind of layer, with both, one after the other, at the input, and at the output. A bias before batch
 * normalisation is left out: its derivative is 0 but for rounding, which optimizers that divide by its size make steps of.
 */
const stacks: Readonly<Record<string, readonly Spec[]>> = {
  "batch normalisation": [
    { kind: "dense", units: 6, bias: false },
    { kind: "batchNorm", activation: "relu" },
    { kind: "dense", units: 5, bias: false },
    { kind: "batchNorm", activation: "tanh", momentum: 0.3, epsilon: 1e-3 },
    { kind: "dense", units: 2 },
  ],
  "layer normalisation": [
    { kind: "dense", units: 6 },
    { kind: "layerNorm", activation: "tanh" },
    { kind: "dense", units: 5 },
    { kind: "layerNorm", activation: "sigmoid", epsilon: 1e-2 },
    { kind: "dense", units: 2 },
  ],
  "both, with dropout": [
    { kind: "batchNorm" },
    { kind: "dense", units: 7, bias: false },
    { kind: "layerNorm", activation: "tanh" },
    { kind: "dense", units: 6, activation: "sigmoid", dropout: 0.3 },
    { kind: "batchNorm" },
    { kind: "layerNorm", activation: "tanh" },
    { kind: "dense", units: 2, bias: false },
    { kind: "batchNorm" },
  ],
};

const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd(0.02),
  momentum: momentum(0.01),
  nesterov: nesterov(0.01),
  rmsprop: rmsprop(0.01),
  adam: adam(0.01),
};

/** Fifteen rows in batches of four, so that the last has three; fifty epochs are two hundred updates. */
const batch = 4;
const epochs = 50;
const rows = Array.from({ length: 15 }, (_, n) => [
  Math.sin(n),
  Math.cos(2 * n) + 0.3 * n,
  ((n * 7) % 5) - 2,
]);
const data = {
  inputs: rows,
  targets: rows.map(([x, y, z]) => [x! * y! - 0.2 * z!, z! * 0.5 + x!]),
};
const held = [
  [0.3, -0.2, 1],
  [1.5, 2.5, -2],
  [0, 0, 0],
];

function build(specs: readonly Spec[], options: NetworkOptions = {}): Network {
  return network(3, specs.map(layerOf), { seed: 5, ...options });
}

interface Outcome {
  readonly losses: readonly number[];
  readonly arrays: Readonly<Record<string, readonly unknown[]>>;
  readonly predictions: readonly (readonly number[])[];
}

function distance(found: readonly number[], wanted: readonly number[]): number {
  expect(found.length).toBe(wanted.length);
  const largest = Math.max(1, ...wanted.map(Math.abs));
  return Math.max(...found.map((value, k) => Math.abs(value - wanted[k]!))) / largest;
}

const flat = (list: unknown): number[] => [list].flat(Number.POSITIVE_INFINITY) as number[];

describe("200 updates, with a last batch of three rows, agree with NumPy's to 1e-9", () => {
  const cases = Object.entries(stacks).flatMap(([stack, specs]) =>
    Object.keys(optimizers).map((optimizer) => ({ stack, specs, optimizer })),
  );
  const asked = cases.map(({ specs, optimizer }) => {
    const net = build(specs);
    const weights = Object.fromEntries(net.weightNames.map((name) => [name, net.read(name).toArray()]));
    return { layers: specs, optimizer, data, held, weights, batch, epochs, seed: 5 };
  });
  const script = readFileSync(new URL("normalisation.py", import.meta.url), "utf8");
  const outcomes = JSON.parse(runPython(script, asked)) as Outcome[];

  test.each(cases.map((each, place) => ({ ...each, outcome: outcomes[place]! })))(
    "$stack by $optimizer",
    async ({ specs, optimizer, outcome }) => {
      const net = build(specs);
      const reports = await net.fit(data, {
        loss: meanSquaredError,
        optimizer: optimizers[optimizer]!,
        metrics: [lossValue],
        batch,
        epochs,
      });
      expect(reports).toHaveLength(50);
      expect(
        distance(
          reports.map(({ metrics }) => metrics.loss),
          outcome.losses,
        ),
      ).toBeLessThan(1e-9);
      // Every array that is learnt, the running statistics among them, and nothing else.
      expect([...net.progress.learnt.keys()].sort()).toEqual(Object.keys(outcome.arrays).sort());
      for (const [name, numbers] of Object.entries(outcome.arrays))
        expect(distance(flat(net.read(name).toArray()), flat(numbers)), name).toBeLessThan(1e-9);
      expect(distance(flat((await net.predict(held)).toArray()), flat(outcome.predictions))).toBeLessThan(
        1e-9,
      );
      // It learns something, so the agreement is not one of nothing.
      expect(reports.at(-1)!.metrics.loss).toBeLessThan(reports[0]!.metrics.loss);
    },
  );
});

test("programs read as the formulas do, and training rewrites the running statistics", () => {
  const net = network(3, [dense(4, { bias: false }), batchNorm({ activation: relu }), layerNorm()]);
  const train = `${net.trainer({ loss: meanSquaredError, optimizer: sgd(0.1) })}`.split("\n");
  expect(train.slice(0, 17)).toEqual([
    "predict",
    "  layer_1 = layer_0.dot(weights_0_1)",
    "  layer_2_mean = layer_1.sum(axis=0) / batch",
    "  layer_2_centred = layer_1 - layer_2_mean",
    "  layer_2_squares = (layer_2_centred ** 2).sum(axis=0)",
    "  layer_2_variance = layer_2_squares / batch",
    "  layer_2_deviation = np.sqrt(layer_2_variance + epsilon_2)",
    "  layer_2_deviation_spread = spread_rows(layer_2_deviation, batch)",
    "  layer_2_normal = layer_2_centred / layer_2_deviation_spread",
    "  scale_2_spread = spread_rows(scale_2, batch)",
    "  layer_2 = relu(layer_2_normal * scale_2_spread + shift_2)",
    "  layer_3_mean = layer_2.sum(axis=1) / width_3",
    "  layer_3_centred = layer_2 - layer_3_mean[:, None]",
    "  layer_3_variance = (layer_3_centred ** 2).sum(axis=1) / width_3",
    "  layer_3_deviation = np.sqrt(layer_3_variance + epsilon_3)",
    "  layer_3_deviation_spread = spread_columns(layer_3_deviation, 4)",
    "  layer_3_normal = layer_3_centred / layer_3_deviation_spread",
  ]);
  const update = train.slice(train.indexOf("update") + 1);
  expect(update).toEqual([
    "  running_mean_2 = one_minus_momentum_2 * running_mean_2 + momentum_2 * layer_2_mean",
    "  running_variance_2 = one_minus_momentum_2 * running_variance_2 + momentum_2 * (layer_2_squares / (batch - one))",
    "  shift_3 -= alpha * layer_3_delta.sum(axis=0)",
    "  scale_3 -= alpha * (layer_3_delta * layer_3_normal).sum(axis=0)",
    "  shift_2 -= alpha * layer_2_delta.sum(axis=0)",
    "  scale_2 -= alpha * (layer_2_delta * layer_2_normal).sum(axis=0)",
    "  weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)",
  ]);
  expect(`${net.predictor}`.split("\n").slice(0, 6)).toEqual([
    "predict",
    "  layer_1 = layer_0.dot(weights_0_1)",
    "  layer_2_centred = layer_1 - running_mean_2",
    "  layer_2_deviation = np.sqrt(running_variance_2 + epsilon_2)",
    "  layer_2_normal = layer_2_centred / layer_2_deviation",
    "  layer_2 = relu(layer_2_normal * scale_2 + shift_2)",
  ]);
  const gradients = net.trainer({ loss: meanSquaredError, optimizer: sgd(0.1) }).data.arrays;
  expect(gradients.filter(({ role }) => role === "gradient").map(({ name }) => name)).toEqual(
    expect.arrayContaining(["scale_delta_2", "shift_delta_2", "weight_delta_0_1"]),
  );
});

describe.each(["float64", "float32"] as const)("in %s", (precision: Precision) => {
  const names = (net: Network) => [...net.progress.learnt.keys()];
  const loop = { epochs: 3, batch };

  test.each(Object.entries(stacks))("%s: printed programs give the reference's bits", (_, specs) => {
    const net = build(specs, { precision });
    const program = net.trainer({ loss: meanSquaredError, optimizer: adam(0.01) });
    const numbers = { layer_0: data.inputs, goal: data.targets };
    const session = reference.open(program, { capacity: batch, seed: 5 });
    session.load(numbers);
    session.fit(loop);
    const text = (dialect: "numpy" | "numpy-exact" | "typescript") =>
      print(program, dialect, { data: numbers, loop, seed: 5 });
    const [exact, loose] = runPythonPrograms(
      (["numpy-exact", "numpy"] as const).map((dialect) => ({ text: text(dialect), names: names(net) })),
    );
    const typescript = runTypescript({ text: text("typescript"), names: names(net) });
    for (const name of names(net)) {
      const wanted = session.read(name).data;
      expectSameBits(exact!.numbers[name]!, wanted, `numpy-exact ${name}`);
      expectSameBits(typescript.numbers[name]!, wanted, `typescript ${name}`);
      expect(distance(loose!.numbers[name]! as number[], [...wanted]), `numpy ${name}`).toBeLessThan(
        precision === "float64" ? 1e-9 : 1e-3,
      );
    }
    expect(typeErrors([text("typescript")])).toEqual([]);
  });

  test.each(Object.entries(stacks))("%s: derivatives agree with differences", async (_, specs) => {
    const net = build(specs, { precision });
    await net.fit(data, { loss: meanSquaredError, optimizer: sgd(0.05), batch, epochs: 2 });
    const report = await checkGradients(net, data, { loss: meanSquaredError });
    expect(report.passed, `${report}`).toBe(true);
    expect(report.rows.some(({ array }) => array.startsWith("scale_"))).toBe(true);
  });

  test("a bias before batch normalisation has no derivative, since the batch's mean takes it away", async () => {
    const net = network(3, [dense(4), batchNorm({ activation: tanh }), dense(2)], { precision });
    const report = await checkGradients(net, data, { loss: meanSquaredError });
    const partials = report.rows.filter(({ array }) => array === "bias_1");
    expect(partials).toHaveLength(4);
    for (const { byBackpropagation } of partials) expect(Math.abs(byBackpropagation)).toBeLessThan(1e-6);
    expect(report.passed, `${report}`).toBe(true);
  });
});

describe("a batch of one row has no variance", () => {
  const specs = stacks["batch normalisation"]!;
  const fit = (rows: number, size: number | "full", more = {}) =>
    build(specs).fit(
      { inputs: data.inputs.slice(0, rows), targets: data.targets.slice(0, rows) },
      { loss: meanSquaredError, optimizer: sgd(0.05), batch: size, epochs: 1, ...more },
    );
  const says = (text: string) => new RangeError(`batchNorm: one row has no variance${text}`);

  test.each<[number, number | "full", string]>([
    [14, 1, ", but 14 rows are taken one by one: choose another batch, such as 2"],
    [13, 1, ", but 13 rows are taken one by one: choose another batch, such as 5"],
    [13, 4, ", but 13 rows in batches of 4 leave a last batch of one: choose another batch, such as 5"],
    [3, 2, ", but 3 rows in batches of 2 leave a last batch of one: choose another batch, such as 3"],
    [1, "full", ": give more rows than one"],
    [1, 8, ": give more rows than one"],
  ])("so %i rows in batches of %s are refused before training", async (rows, size, text) => {
    await expect(fit(rows, size)).rejects.toThrow(says(text));
  });

  test("also where validation leaves such a batch, but not for what is held back", async () => {
    await expect(fit(14, 4, { validation: 0.35 })).rejects.toThrow("9 rows in batches of 4 leave");
    const [epoch] = await fit(13, 4, { validation: 0.08 });
    expect(epoch!.rows).toBe(12);
    expect(Number.isFinite(epoch!.validation!.loss)).toBe(true);
  });

  test("and it is predicted, and normalised by layer, all the same", async () => {
    expect((await build(specs).predict([held[0]!])).shape).toEqual([1, 2]);
    const byLayer = build(stacks["layer normalisation"]!);
    const [epoch] = await byLayer.fit(data, { loss: meanSquaredError, optimizer: sgd(0.05), epochs: 1 });
    expect(Number.isFinite(epoch!.metrics.loss)).toBe(true);
  });

  test("a program that is run on one by hand has NaN for the running variance, and nowhere else", () => {
    const net = build(specs);
    const program = net.trainer({ loss: meanSquaredError, optimizer: sgd(0.05) });
    const session = reference.open(program, { seed: 5 });
    session.write({ layer_0: [data.inputs[0]!], goal: [data.targets[0]!] });
    session.run();
    for (const name of net.progress.learnt.keys()) {
      const finite = [...session.read(name).data].every(Number.isFinite);
      expect([name, finite]).toEqual([name, !name.startsWith("running_variance")]);
    }
  });
});

test("options that make no sense are refused", () => {
  for (const epsilon of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => batchNorm({ epsilon })).toThrow(
      new RangeError(`batchNorm: epsilon is ${epsilon}, but must be a finite number above 0`),
    );
    expect(() => layerNorm({ epsilon })).toThrow(`layerNorm: epsilon is ${epsilon}, but must be`);
  }
  for (const share of [-0.1, 1.1, Number.NaN])
    expect(() => batchNorm({ momentum: share })).toThrow(
      new RangeError(`batchNorm: momentum is ${share}, but must be from 0 to 1`),
    );
  const sums: Layer = (b, previous) => b.name("layer_1", b.ops.sumColumns(previous));
  expect(() => network(2, [sums, batchNorm()])).toThrow(
    "batchNorm: layer_1 is batch, but a matrix is needed",
  );
  expect(() => network(2, [sums, layerNorm()])).toThrow(
    "layerNorm: layer_1 is batch, but a matrix is needed",
  );
});
