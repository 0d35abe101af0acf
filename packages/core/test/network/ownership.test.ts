import { expect, test } from "vitest";
import {
  batchNorm,
  dense,
  halfSquaredError,
  type Layer,
  type Metric,
  network,
  relu,
  saveCheckpoint,
  saveTrace,
  sgd,
  squaredError,
  stopWhen,
  Trace,
} from "../../src/index.ts";

// What a caller does to lists and objects after handing them over changes nothing.

const inputs = Array.from({ length: 8 }, (_, row) => [Math.sin(row), Math.cos(3 * row)]);
const targets = inputs.map(([a, b]) => [a! - b!]);
const learning = { loss: halfSquaredError, optimizer: sgd(0.05) };

test("a network keeps its layers, seed, start and a layer's options", async () => {
  const seed = [1, 2];
  const initial = { uniform: [-1, 1] as [number, number] };
  const norm = { epsilon: 1e-5, activation: relu };
  const layers: Layer[] = [dense(3, { dropout: 0.5 }), batchNorm(norm), dense(1)];
  const options = {
    seed,
    initialize: initial,
    target: "goal",
    precision: "float64" as "float64" | "float32",
  };
  const make = () =>
    network(2, [dense(3, { dropout: 0.5 }), batchNorm({ epsilon: 1e-5, activation: relu }), dense(1)], {
      seed: [1, 2],
    });
  const [net, right] = [network(2, layers, options), make()];
  layers.push(dense(2));
  seed[0] = 9;
  initial.uniform = [5, 6];
  Object.assign(norm, { epsilon: 1, activation: undefined });
  Object.assign(options, { target: "other", precision: "float32", bytes: 255 });
  for (const each of [net, right]) await each.fit({ inputs, targets }, { ...learning, batch: 4, epochs: 3 });
  expect(`${net.program}`).toBe(`${right.program}`);
  expect(saveCheckpoint(net)).toBe(saveCheckpoint(right));
});

test("a training keeps its options and its validation's rows", async () => {
  const run = async (spoil: boolean) => {
    const net = network(2, [dense(3, { activation: relu }), dense(1)], { seed: 1 });
    const metrics: Metric[] = [squaredError];
    const watch = ["layer_1"];
    const earlyStopping = { patience: 4 };
    const stop = stopWhen("layer_2", () => false);
    const rows = Float64Array.from(inputs.flat());
    const validation = {
      inputs: [...inputs].map((row) => [...row]),
      targets: targets.map((row) => [...row]),
    };
    const typed = {
      inputs: { dtype: "float64", shape: [8, 2], strides: [2, 1], offset: 0, data: rows } as never,
      targets,
    };
    const options = {
      ...learning,
      epochs: 6,
      metrics,
      watch,
      earlyStopping,
      stopWhen: stop,
      validation: typed,
      shuffle: true,
    };
    const reports: unknown[] = [];
    for await (const epoch of net.train({ inputs, targets }, options as never)) {
      reports.push(epoch);
      if (!spoil) continue;
      metrics.length = 0;
      watch.push("nothing");
      earlyStopping.patience = 1;
      Object.assign(stop, { condition: () => true });
      Object.assign(options, { shuffle: false, epochs: 1, loss: undefined, optimizer: undefined });
      rows.fill(1e9);
      validation.inputs.length = 0;
    }
    return [reports, saveCheckpoint(net)];
  };
  expect(await run(true)).toEqual(await run(false));
});

test("a trace keeps its loop, seed and start", () => {
  const program = network(2, [dense(3, { dropout: 0.5 }), dense(1)]).trainer(learning);
  const make = () => ({
    program,
    data: { layer_0: inputs.map((row) => [...row]), goal: targets.map((row) => [...row]) },
    loop: { epochs: 2, order: [3, 1, 0, 2], settings: { alpha: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] } },
    seed: [4, 5],
    start: { bias_1: [1, 2, 3] },
  });
  const [score, right] = [make(), make()];
  const [trace, wanted] = [Trace.record(score), Trace.record(right)];
  score.loop.order.fill(0);
  score.loop.settings.alpha.fill(9);
  score.seed[0] = 7;
  score.start.bias_1[0] = 7;
  score.data.layer_0[0]![0] = 7;
  expect(saveTrace(trace)).toBe(saveTrace(wanted));
  trace.seek({ epoch: 1, batch: 2 });
  wanted.seek({ epoch: 1, batch: 2 });
  expect(trace.edit("bias_1", [0], 0.5).hashes).toEqual(wanted.edit("bias_1", [0], 0.5).hashes);
});

test("an optimizer made anew in each call gives the bits of one", async () => {
  const [anew, once] = [0, 0].map(() => network(2, [dense(3, { activation: relu }), dense(1)], { seed: 1 }));
  const rates = [0.1, 0.1, (at: { batch: number }) => 0.1 / (1 + at.batch), 0.1, 0.05];
  for (const rate of rates) {
    await anew!.fit({ inputs, targets }, { loss: halfSquaredError, optimizer: sgd(rate), epochs: 2 });
    const fresh = network(2, [dense(3, { activation: relu }), dense(1)], { seed: 1 });
    for (const name of once!.weightNames) fresh.write(name, once!.read(name));
    fresh.progress.epochs = once!.progress.epochs;
    await fresh.fit({ inputs, targets }, { loss: halfSquaredError, optimizer: sgd(rate), epochs: 2 });
    for (const name of once!.weightNames) once!.write(name, fresh.read(name));
    once!.progress.epochs = fresh.progress.epochs;
    expect(saveCheckpoint(anew!)).toBe(saveCheckpoint(once!));
  }
});
