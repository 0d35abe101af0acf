import { expect, test } from "vitest";
import {
  accuracy,
  adam,
  binaryCrossEntropy,
  clipByNorm,
  compare,
  cosineDecay,
  DataError,
  dense,
  halfSquaredError,
  loadTrace,
  meanOf,
  momentum,
  type Network,
  NonFiniteError,
  network,
  ofLabels,
  relu,
  saveCheckpoint,
  saveTrace,
  sgd,
  sigmoid,
  stopWhen,
  type Trace,
  TraceError,
  type TrainOptions,
  warmUp,
} from "../../src/index.ts";
import { data, learning, small } from "../train/nets.ts";

type Options = Omit<TrainOptions, "fresh">;

const shuffled = { ...learning, batch: 3, shuffle: true, epochs: 4 };
const dropping = () =>
  network(3, [dense(6, { activation: relu, dropout: 0.25 }), dense(4, { dropout: 0.5 }), dense(1)], {
    seed: 5,
  });

const trainings: readonly (readonly [string, () => Network, Options])[] = [
  ["row by row", small, { ...learning, epochs: 3 }],
  ["in partial batches", small, { ...learning, batch: 4, epochs: 3 }],
  ["on all rows at once", small, { ...learning, batch: "full", epochs: 3 }],
  ["shuffled, in partial batches", small, shuffled],
  ["with Adam and dropout, shuffled", dropping, { ...shuffled, optimizer: adam(0.01) }],
  [
    "with a schedule, a mean and clipping",
    dropping,
    {
      loss: meanOf(binaryCrossEntropy),
      optimizer: clipByNorm(momentum(warmUp(cosineDecay(0.3, { epochs: 6 }), { epochs: 1 })), 0.5),
      metrics: [accuracy],
      batch: 2,
      shuffle: true,
      epochs: 3,
    },
  ],
  ["in float32", () => small({ precision: "float32" }), { ...shuffled, optimizer: adam(0.01) }],
  ["on what validation leaves", small, { ...shuffled, validation: 0.3 }],
  ["from a list of seeds", () => small({ seed: [3, 4] }), shuffled],
];

/** What a trace's end and a network have in common: all that a training has changed, by name. */
function learntBy(net: Network): Map<string, readonly number[]> {
  const { weights, states } = net.progress;
  return new Map([...weights, ...states].map(([name, { data }]) => [name, [...data]]));
}

function learntIn(trace: Trace): Map<string, readonly number[]> {
  const learnt = trace.program.data.arrays.filter(({ role }) => role === "weights" || role === "state");
  return new Map(learnt.map(({ name }) => [name, [...trace.read(name)!.data]]));
}

test.each(trainings)(
  "a training %s has the bits of fit in each epoch, and changes nothing",
  async (_, make, options) => {
    const net = make();
    for (const earlier of [0, 3]) {
      if (earlier > 0) await net.fit(data, { ...options, epochs: earlier });
      const before = saveCheckpoint(net);
      const trace = await net.trace(data, options);
      expect(saveCheckpoint(net)).toBe(before);

      const epochs = await net.fit(data, options);
      expect(learntIn(trace)).toEqual(learntBy(net));
      for (const { number, metrics, rows } of epochs) {
        const totals = Object.values(trace.metricsOf(number - 1));
        const found = Object.values(metrics);
        const mean = options.loss.reduce === "mean";
        expect(mean ? totals.map((total) => total / rows) : totals).toEqual(found);
      }
      trace.seek({ epoch: epochs[0]!.number - 1 });
      expect(trace.back()).toBe(false);
    }
  },
);

test("a training that begins anew is recorded from the weights as they are", async () => {
  const net = small();
  await net.fit(data, { ...shuffled, optimizer: adam(0.1) });
  const options = { ...shuffled, optimizer: adam(0.1), fresh: true };
  const trace = await net.trace(data, options);
  expect(trace.first).toBe(0);
  await net.fit(data, options);
  expect(learntIn(trace)).toEqual(learntBy(net));
});

test("a training that stops early ends in the batch in which it stops", async () => {
  const net = small();
  const condition = stopWhen("layer_2", (layer) => Math.abs(layer.at(0, 0)) > 0.9);
  const options = { ...shuffled, epochs: 50, stopWhen: condition };
  const trace = await net.trace(data, options);
  const [last] = (await net.fit(data, options)).slice(-1);
  expect(last).toMatchObject({ stopped: "condition" });
  expect(trace.position).toMatchObject({ epoch: last!.number - 1, batch: last!.stoppedBy!.batch });
  expect(learntIn(trace)).toEqual(learntBy(net));
});

test("a training that patience ends is recorded to its last epoch", async () => {
  const net = small();
  const options = { ...shuffled, epochs: 50, optimizer: sgd(0.7), earlyStopping: { patience: 2 } };
  const trace = await net.trace(data, options);
  const epochs = await net.fit(data, options);
  expect(epochs.length).toBeLessThan(50);
  expect(trace.position).toMatchObject({ epoch: epochs.length - 1, batch: 2 });
  for (const { number, metrics } of epochs)
    expect(trace.metricsOf(number - 1)).toEqual({ layer_2_error: metrics.squaredError });
});

test("a training that leaves the finite numbers is recorded, so that one can walk to where it does", async () => {
  const net = network(3, [dense(4), dense(1)], { seed: 1 });
  const options = { ...learning, optimizer: sgd(0.5), epochs: 60 };
  const failed = await net.fit(data, options).catch((error) => error);
  expect(failed).toBeInstanceOf(NonFiniteError);
  const { epoch, batch } = failed as NonFiniteError;

  const fresh = () => network(3, [dense(4), dense(1)], { seed: 1 });
  const isLost = stopWhen("layer_2", (layer) => !Number.isFinite(layer.at(0, 0)));
  const whole = await fresh().trace(data, options);
  expect(whole.batches).toBe(60 * 7);
  expect(whole.seek({ epoch: 0 }).find(isLost)).toBe(true);
  expect(whole.position).toMatchObject({ epoch, batch });
  const never = stopWhen("layer_2", () => false);
  const ended = await fresh().trace(data, { ...options, stopWhen: never });
  expect(ended.position).toMatchObject({ epoch, batch });
});

test("inputs alone are predicted, and every array of predict can be read", async () => {
  const net = small();
  await net.fit(data, shuffled);
  const before = saveCheckpoint(net);
  const trace = await net.trace(data.inputs);
  expect(trace.read("layer_2")!.toArray()).toEqual((await net.predict(data.inputs)).toArray());
  expect(trace.read("layer_1")!.shape).toEqual([7, 4]);
  expect(trace.read("layer_1_sum")!.shape).toEqual([7, 4]);
  expect(`${trace.program}`).toBe(`${net.predictor}`);
  trace.back("epoch");
  expect(trace.read("layer_1")).toBeUndefined();
  expect(saveCheckpoint(net)).toBe(before);
});

test("one example is predicted, or learnt from once, as the numbers that it is", async () => {
  const net = network(3, [dense(2, { activation: sigmoid, bias: false }), dense(1, { bias: false })], {
    seed: 2,
  });
  const alone = await net.trace([1, 0, 1]);
  expect(alone.read("layer_0")!.toArray()).toEqual([[1, 0, 1]]);
  expect(alone.read("layer_2")!.toArray()).toEqual((await net.predict([[1, 0, 1]])).toArray());

  const trace = await net.trace(
    { inputs: [1, 0, 1], targets: 1 },
    { loss: halfSquaredError, optimizer: sgd(0.5) },
  );
  expect(trace.batches).toBe(1);
  const [[w0, w1]] = net.read("weights_1_2").T.toArray() as [[number, number]];
  const [[a, b]] = trace.read("layer_1")!.toArray() as [[number, number]];
  const delta = a * w0 + b * w1 - 1;
  expect(trace.read("layer_2_delta")!.toArray()).toEqual([[delta]]);
  expect(trace.read("weights_1_2")!.toArray()).toEqual([[w0 - 0.5 * (a * delta)], [w1 - 0.5 * (b * delta)]]);
  expect(trace.seek({ epoch: 0 }).read("weights_1_2")!.toArray()).toEqual([[w0], [w1]]);
});

test("one row of several targets may be a plain list as well", async () => {
  const net = network(1, [dense(2)], { seed: 2 });
  const trace = await net.trace({ inputs: 3, targets: [0, 1] }, learning);
  expect(trace.read("layer_0")!.toArray()).toEqual([[3]]);
  expect(trace.read("goal")!.toArray()).toEqual([[0, 1]]);
});

test("class numbers are class numbers, also where there are as many as outputs", async () => {
  const inputs = [
    [1, 0, 1],
    [0, 1, 1],
  ];
  const options = { ...learning, loss: ofLabels(halfSquaredError), epochs: 2 };
  const net = network(3, [dense(2)], { seed: 2 });
  const trace = await net.trace({ inputs, targets: [0, 1] }, options);
  expect(trace.read("labels")!.data).toEqual(Int32Array.of(1));
  await net.fit({ inputs, targets: [0, 1] }, options);
  expect(learntIn(trace)).toEqual(learntBy(net));

  for (const targets of [1, [1]]) {
    const one = await net.trace({ inputs: [1, 0, 1], targets }, options);
    expect(one.read("labels")!.data).toEqual(Int32Array.of(1));
  }
  await expect(net.trace({ inputs: [1, 0, 1], targets: [0, 1] }, options)).rejects.toThrow(
    "inputs have 1 rows but targets have 2",
  );
  await expect(net.trace({ inputs, targets: [0, 1] }, learning)).rejects.toThrow(
    "rows of 2 numbers are needed, but the shape is 2; for class numbers take ofLabels(loss)",
  );
});

test("what is not said is taken from the last training", async () => {
  const net = small();
  const one = { inputs: [1, 0, 1], targets: [1] };
  await expect(net.trace(one)).rejects.toThrow(TraceError);
  await expect(net.trace(one)).rejects.toThrow(
    "say what to trace, as in { loss: halfSquaredError, optimizer: sgd(0.1) }",
  );
  await expect(net.trace(one, { loss: halfSquaredError })).rejects.toThrow("there was no training yet");

  const options = { ...learning, optimizer: adam(0.1), metrics: [accuracy] };
  await net.fit(data, { ...options, epochs: 2 });
  const trace = await net.trace(one);
  expect(JSON.stringify(trace.program)).toBe(JSON.stringify(net.program));
  expect(trace.position).toMatchObject({ epoch: 2, batch: 0 });
  const other = await net.trace(one, { loss: binaryCrossEntropy });
  expect(other.program.has("layer_2_loss")).toBe(true);
  expect(other.program.has("beta1_power")).toBe(true);
  await net.fit({ inputs: [[1, 0, 1]], targets: [[1]] }, { ...options, epochs: 1 });
  expect(learntIn(trace)).toEqual(learntBy(net));
});

test("what cannot be traced is refused", async () => {
  const net = small();
  await expect(net.trace([])).rejects.toThrow(DataError);
  await expect(net.trace([[1, 2]])).rejects.toThrow("rows of 3 numbers are needed");
  await expect(net.trace([1, 2])).rejects.toThrow("rows of 3 numbers are needed");
  await expect(net.trace(data, { ...learning, epochs: 0 })).rejects.toThrow("there is nothing to trace");
  await expect(net.trace({ inputs: [[1, 0, 1]], targets: [1, 2] }, learning)).rejects.toThrow(
    "inputs have 1 rows",
  );
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(net.trace(data, { ...learning, signal })).rejects.toThrow("enough");
});

test("a trace that goes on keeps its numbers of epochs, walks both ways, and is saved", async () => {
  const net = small();
  await net.fit(data, { ...shuffled, epochs: 3 });
  const trace: Trace = await net.trace(data, shuffled);
  expect(trace.position).toEqual({ epoch: 6, batch: 2, step: trace.program.data.steps.length });
  expect([trace.first, trace.batches]).toEqual([9, 21]);
  expect(() => trace.seek({ epoch: 2 })).toThrow("there is no epoch 2: they are counted from 3 to 6");
  trace.back("epoch");
  trace.back("epoch");
  expect(trace.position).toEqual({ epoch: 5, batch: 0, step: 0 });

  const loaded = loadTrace(saveTrace(trace));
  expect(compare(trace, loaded)).toBeUndefined();
  expect(loaded.position).toEqual({ epoch: 3, batch: 0, step: 0 });
  const branch = trace.seek({ epoch: 4, batch: 1 }).edit("bias_1", [2], 0.5);
  expect(compare(trace, branch)).toMatchObject({
    epoch: 4,
    batch: 1,
    array: "bias_1",
    element: [2],
    right: 0.5,
  });
  expect(compare(branch, loadTrace(saveTrace(branch)))).toBeUndefined();
  const early = saveTrace(branch).replace('"batch":13', '"batch":8');
  expect(() => loadTrace(early)).toThrow("event 0 lies before the first batch that was recorded");
});
