import { expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { FileError } from "../../src/files/stored.ts";
import { relu, tanh } from "../../src/layers/activations.ts";
import { batchNorm } from "../../src/layers/batchNorm.ts";
import { dense } from "../../src/layers/dense.ts";
import type { Layer } from "../../src/layers/layer.ts";
import { layerNorm } from "../../src/layers/layerNorm.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { loadCheckpoint, saveCheckpoint } from "../../src/network/checkpoint.ts";
import { exportPredictor } from "../../src/network/exportPredictor.ts";
import { type Network, network } from "../../src/network/network.ts";
import { readSafetensors, writeSafetensors } from "../../src/network/safetensors.ts";
import { loadWeights, saveWeights } from "../../src/network/weights.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { loadPredictor } from "../../src/predict/index.ts";
import type { Precision } from "../../src/program/data.ts";
import { block } from "../../src/shape/block.ts";
import { Trace } from "../../src/trace/trace.ts";
import { sealed } from "../files/sealed.ts";
import { runPython } from "../oracle/python.ts";
import { expectSameBits } from "../program/bits.ts";
import { data } from "../train/nets.ts";

function net(precision: Precision = "float64"): Network {
  const layers = [
    dense(5, { bias: false }),
    batchNorm({ activation: relu }),
    dense(4, { dropout: 0.25 }),
    layerNorm({ activation: tanh }),
    batchNorm(),
    dense(1),
  ];
  return network(3, layers, { seed: 3, precision });
}

const running = ["running_mean_2", "running_variance_2", "running_mean_5", "running_variance_5"];
const learning = { loss: halfSquaredError, optimizer: adam(0.02), batch: 4, shuffle: true };

const snapshot = (net: Network) =>
  Object.fromEntries([...net.progress.learnt.keys()].map((name) => [name, [...net.read(name).data]]));

test("they start at 0 and 1, go with the batches of a training, and are states of the network, not weights", async () => {
  const made = net();
  expect(made.read("running_mean_2").toArray()).toEqual([0, 0, 0, 0, 0]);
  expect(made.read("running_variance_2").toArray()).toEqual([1, 1, 1, 1, 1]);
  expect([...made.progress.states.keys()]).toEqual(running);
  expect(made.weightNames).not.toContain("running_mean_2");
  await made.fit(data, { ...learning, epochs: 1, batch: "full", shuffle: false });
  const layer_1 = [0, 1, 2, 3, 4].map((unit) =>
    data.inputs.map((row) => row.reduce((sum, x, k) => sum + x * net().read("weights_0_1").at(k, unit), 0)),
  );
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  for (const [unit, values] of layer_1.entries()) {
    const squares = values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0);
    expect(made.read("running_mean_2").at(unit)).toBeCloseTo(0.1 * mean(values), 14);
    expect(made.read("running_variance_2").at(unit)).toBeCloseTo(0.9 + (0.1 * squares) / 6, 14);
  }
});

test.each(["float64", "float32"] as const)(
  "in %s predictions, validation and exported predictors take them, whatever rows come together",
  async (precision) => {
    const made = net(precision);
    const validation = { inputs: data.inputs, targets: data.targets };
    const epochs = await made.fit(data, { ...learning, epochs: 5, validation });
    const together = (await made.predict(data.inputs)).toArray() as number[][];
    const single = await Promise.all(data.inputs.map(async (row) => (await made.predict([row])).toArray()));
    expect(single.flat()).toEqual(together);
    expect(loadPredictor(exportPredictor(made)).predict(data.inputs)).toEqual(together);
    const error = data.targets.reduce(
      (sum, [goal], row) => sum + (together[row]![0]! - goal!) * (together[row]![0]! - goal!),
      0,
    );
    expect(epochs.at(-1)!.validation!.squaredError).toBe(error);
    made.write("running_mean_2", [1, 2, 3, 4, 5]);
    expect((await made.predict(data.inputs)).toArray()).not.toEqual(together);
  },
);

test.each(["float64", "float32"] as const)(
  "in %s a training that was interrupted, in memory or by a file, ends with the bits of a whole one",
  async (precision) => {
    const whole = net(precision);
    const reports = await whole.fit(data, { ...learning, epochs: 9 });
    const parts = net(precision);
    const first = await parts.fit(data, { ...learning, epochs: 4 });
    const restored = net(precision);
    loadCheckpoint(restored, saveCheckpoint(parts));
    expect(snapshot(restored)).toEqual(snapshot(parts));
    const second = await restored.fit(data, { ...learning, epochs: 5 });
    expect([...first, ...second]).toEqual(reports);
    expect(saveCheckpoint(restored)).toBe(saveCheckpoint(whole));
    await parts.fit(data, { ...learning, epochs: 5 });
    expect(saveCheckpoint(parts)).toBe(saveCheckpoint(whole));
    expect(exportPredictor(restored)).toBe(exportPredictor(whole));
  },
);

test("a checkpoint without them, or with others, is refused and changes nothing", () => {
  const made = net();
  const before = saveCheckpoint(made);
  const altered = (states: (all: Record<string, unknown>) => void): string => {
    const file = JSON.parse(before);
    states(file.states);
    return sealed(file);
  };
  const without = altered((all) => {
    delete all.running_mean_5;
  });
  expect(() => loadCheckpoint(made, without)).toThrow(FileError);
  expect(() => loadCheckpoint(made, without)).toThrow(
    'states.running_mean_5: "shape" must be a list of sizes',
  );
  const other = altered((all) => {
    all.running_mean_2 = all.running_mean_5;
  });
  expect(() => loadCheckpoint(made, other)).toThrow("running_mean_2 is 5 in this network but 4 in the file");
  expect(saveCheckpoint(made)).toBe(before);
});

test("a safetensors file has them beside the weights, as a state_dict has buffers", async () => {
  const made = net();
  await made.fit(data, { ...learning, epochs: 3 });
  const file = saveWeights(made);
  const read = JSON.parse(
    runPython(
      `
import base64, json, struct, sys
file = base64.b64decode(json.load(sys.stdin))
(length,) = struct.unpack('<Q', file[:8])
header = json.loads(file[8:8 + length])
header.pop('__metadata__')
numbers = lambda start, end: struct.unpack('<%dd' % ((end - start) // 8), file[8 + length + start:8 + length + end])
print(json.dumps({name: [x.hex() for x in numbers(*entry['data_offsets'])] for name, entry in header.items()}))
`,
      Buffer.from(file).toString("base64"),
    ),
  ) as Record<string, string[]>;
  expect(Object.keys(read)).toEqual([...made.progress.learnt.keys()]);
  expect(Object.keys(read)).toEqual(expect.arrayContaining(running));
  const other = net();
  loadWeights(other, file);
  expect(snapshot(other)).toEqual(snapshot(made));
  expect((await other.predict(data.inputs)).toArray()).toEqual((await made.predict(data.inputs)).toArray());

  const arrays = readSafetensors(file);
  arrays.delete("running_variance_5");
  const before = snapshot(other);
  expect(() => loadWeights(other, writeSafetensors(arrays))).toThrow("the file has no running_variance_5");
  arrays.set("running_variance_5", block("float64", [9]));
  expect(() => loadWeights(other, writeSafetensors(arrays))).toThrow(
    "running_variance_5 is 4 in this network but 9 in the file",
  );
  expect(snapshot(other)).toEqual(before);
});

test("early stopping goes back to the best weights with the statistics that belong to them", async () => {
  const validation = { inputs: data.inputs, targets: data.targets.map(([goal]) => [1 - goal!]) };
  const options = { ...learning, optimizer: sgd(0.1), validation, earlyStopping: { patience: 3 } };
  const stopped = net();
  const epochs = await stopped.fit(data, { ...options, epochs: 60 });
  const errors = epochs.map((epoch) => epoch.validation!.squaredError);
  const best = errors.indexOf(Math.min(...errors));
  expect(epochs.at(-1)!.stopped).toBe("early");
  expect(best).toBe(epochs.length - 4);
  const until = net();
  await until.fit(data, { ...learning, optimizer: sgd(0.1), epochs: best + 1 });
  expect(snapshot(stopped)).toEqual(snapshot(until));
});

test("a fresh training keeps them with the weights and forgets what the optimizer carried", async () => {
  const made = net();
  await made.fit(data, { ...learning, epochs: 3 });
  const before = snapshot(made);
  for await (const epoch of made.train(data, { ...learning, epochs: 1, fresh: true }))
    expect(epoch.number).toBe(1);
  const again = net();
  for (const [name, numbers] of Object.entries(before)) {
    const { shape } = again.read(name);
    again.write(name, block("float64", shape, Float64Array.from(numbers)));
  }
  await again.fit(data, { ...learning, epochs: 1 });
  expect(snapshot(again)).toEqual(snapshot(made));
});

test("a trace walks both ways through them, and a session keeps them", () => {
  const program = net().trainer(learning);
  const score = {
    program,
    data: { layer_0: data.inputs, goal: data.targets },
    loop: { epochs: 4, batch: 4 },
    seed: 3,
  };
  const trace = Trace.record(score, { budget: 1 });
  const session = reference.open(program, { seed: 3, capacity: 4 });
  session.load(score.data);
  session.fit({ ...score.loop, to: 5 });
  trace.seek({ epoch: 3, batch: 1 }).seek({ epoch: 2, batch: 1 });
  for (const name of running) expectSameBits(trace.read(name)!.data, session.read(name).data, name);
  const branch = trace.edit("running_mean_2", [1], 0.5);
  expect(branch.read("running_mean_2")!.at(1)).toBe(0.5);
});

test("settings of a layer are no weights: files of weights hold none and load again", () => {
  const halved: Layer = (b, previous, { number }) =>
    b.name(`layer_${number}`, b.ops.scale(b.setting("half", 0.5), previous));
  const made = network(3, [dense(2), halved]);
  expect(made.weightNames).toEqual(["weights_0_1", "bias_1"]);
  const file = saveWeights(made);
  expect([...readSafetensors(file).keys()]).toEqual(["weights_0_1", "bias_1"]);
  loadWeights(network(3, [dense(2), halved], { seed: 4 }), file);
});
