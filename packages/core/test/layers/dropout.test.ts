import { expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { loadCheckpoint, saveCheckpoint } from "../../src/network/checkpoint.ts";
import { type Network, network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { drawMask, masksOf } from "../../src/program/noise.ts";
import { print } from "../../src/program/print/print.ts";
import { compare } from "../../src/trace/compare.ts";
import { Trace } from "../../src/trace/trace.ts";
import { runPython } from "../oracle/python.ts";
import { runPythonPrograms, runTypescript } from "../program/execute.ts";
import { data, weightsOf } from "../train/nets.ts";

const learning = { loss: halfSquaredError, optimizer: sgd(0.05) };

function dropped(seed = 3, precision: "float64" | "float32" = "float64"): Network {
  return network(3, [dense(6, { activation: relu, dropout: 0.4 }), dense(4, { dropout: 0.25 }), dense(1)], {
    seed,
    precision,
  });
}

/** MurmurHash3's finalizer over seed, name, batch, row and column, in Python's own whole numbers. */
const oracle = `
import json, sys
M = 0xffffffff
def mix(h):
    h = ((h ^ (h >> 16)) * 0x85ebca6b) & M
    h = ((h ^ (h >> 13)) * 0xc2b2ae35) & M
    return h ^ (h >> 16)
out = []
for seed, name, batch, rows, columns, rate in json.load(sys.stdin):
    words = [seed] if isinstance(seed, int) else seed
    key = mix(len(words))
    for word in words:
        key = mix(key ^ word)
    for letter in name:
        key = mix(key ^ ord(letter))
    of_batch = mix((key + batch * 0x9e3779b9) & M)
    mask = []
    for row in range(rows):
        of_row = mix((of_batch + row * 0x9e3779b9) & M)
        for column in range(columns):
            h = mix((of_row + column * 0x9e3779b9) & M)
            mask.append(1 / (1 - rate) if h < (1 - rate) * 2 ** 32 else 0.0)
    out.append(mask)
print(json.dumps(out))
`;

test("masks are the hash that the docs say, for any seed, name, batch and place", () => {
  const cases: [number | number[], string, number, number, number, number][] = [];
  for (const seed of [0, 1, 4294967295, [1, 2, 3]])
    for (const name of ["layer_1_mask", "m"])
      for (const batch of [0, 1, 77, 4000000]) cases.push([seed, name, batch, 5, 7, 0.3]);
  const wanted: number[][] = JSON.parse(runPython(oracle, cases));
  for (const [position, [seed, name, batch, rows, columns, rate]] of cases.entries()) {
    const declaration = {
      name,
      role: "noise",
      shape: ["batch", columns],
      dtype: "float64",
      initial: { mask: rate },
    } as const;
    const [mask] = masksOf({ arrays: [declaration] } as never, seed);
    expect([...drawMask(mask!, batch, rows)]).toEqual(wanted[position]);
  }
});

test("masks keep the share that they should, and batches and arrays have masks of their own", () => {
  const [mask, other] = masksOf(dropped().trainer(learning).data, 1);
  const drawn = drawMask({ ...mask!, columns: 1000 }, 0, 100);
  const kept = drawn.filter((value) => value > 0).length / drawn.length;
  // Four deviations of a binomial share: 4 sqrt(0.4 * 0.6 / 100000) = 0.0062.
  expect(Math.abs(kept - 0.6)).toBeLessThan(0.0062);
  expect(drawMask(mask!, 0, 8)).not.toEqual(drawMask(mask!, 1, 8));
  expect(drawMask({ ...mask!, columns: 4 }, 0, 8)).not.toEqual(drawMask({ ...other!, rate: 0.4 }, 0, 8));
});

test("dropout is in training alone, and a silenced unit passes nothing back", () => {
  const net = dropped();
  expect(print(net.predictor)).not.toContain("mask");
  expect(print(net.trainer(learning))).toBe(`predict
  layer_1_relu = relu(layer_0.dot(weights_0_1) + bias_1)
  layer_1 = layer_1_relu * layer_1_mask
  layer_2 = (layer_1.dot(weights_1_2) + bias_2) * layer_2_mask
  layer_3 = layer_2.dot(weights_2_3) + bias_3
compare
  layer_3_error += np.sum((layer_3 - goal) ** 2)
backpropagate
  layer_3_delta = layer_3 - goal
  layer_2_delta = layer_3_delta.dot(weights_2_3.T) * layer_2_mask
  layer_1_delta = layer_2_delta.dot(weights_1_2.T) * layer_1_mask * relu2deriv(layer_1_relu)
update
  bias_3 -= alpha * layer_3_delta.sum(axis=0)
  weights_2_3 -= alpha * layer_2.T.dot(layer_3_delta)
  bias_2 -= alpha * layer_2_delta.sum(axis=0)
  weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)
  bias_1 -= alpha * layer_1_delta.sum(axis=0)
  weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)`);
});

test.each(["float64", "float32"] as const)(
  "printed programs draw the same masks and give the same bits in %s",
  (precision) => {
    const program = dropped(3, precision).trainer(learning);
    const loop = { epochs: 4, batch: 3 };
    const numbers = { layer_0: data.inputs, goal: data.targets };
    const session = reference.open(program, { seed: 3, capacity: 3 });
    session.load(numbers);
    const epochs = session.fit(loop);
    const names = ["weights_0_1", "bias_1", "weights_1_2", "weights_2_3", "layer_3_error"];
    const printed = (dialect: "numpy-exact" | "typescript") => ({
      text: print(program, dialect, { data: numbers, loop, seed: 3 }),
      names: names.slice(0, 4),
    });
    const [python] = runPythonPrograms([printed("numpy-exact")]);
    const typescript = runTypescript(printed("typescript"));
    for (const name of names.slice(0, 4)) {
      const wanted = [...session.read(name).toTyped()];
      expect(python!.numbers[name], `numpy-exact ${name}`).toEqual(wanted);
      expect(typescript.numbers[name], `typescript ${name}`).toEqual(wanted);
    }
    expect(python!.output.length).toBe(epochs.length);
  },
);

test("any slicing, continuing and checkpointing give the same bits with dropout", async () => {
  const options = { ...learning, batch: 2, shuffle: true };
  const whole = dropped();
  await whole.fit(data, { ...options, epochs: 6 });
  const parts = dropped();
  await parts.fit(data, { ...options, epochs: 2 });
  const restored = dropped();
  loadCheckpoint(restored, saveCheckpoint(parts));
  await restored.fit(data, { ...options, epochs: 4 });
  expect(weightsOf(restored)).toEqual(weightsOf(whole));
});

test("a trace of a training with dropout shows the masks of each batch", () => {
  const program = dropped().trainer(learning);
  const score = {
    program,
    data: { layer_0: data.inputs, goal: data.targets },
    loop: { epochs: 3, batch: 2 },
    seed: 3,
  };
  const trace = Trace.record(score, { budget: 1 });
  const session = reference.open(program, { seed: 3, capacity: 2, keep: "all" });
  session.load(score.data);
  session.fit({ ...score.loop, to: 7 });
  trace.seek({ epoch: 1, batch: 2, step: program.data.steps.length });
  for (const name of ["layer_1_mask", "layer_1", "layer_1_delta", "weights_0_1"])
    expect(trace.read(name)!.toArray(), name).toEqual(session.read(name).toArray());
});

test("traces that part are compared under the masks of the batch, not under ones left over", () => {
  const program = dropped().trainer(learning);
  const numbers = { layer_0: data.inputs, goal: data.targets };
  const trunk = Trace.record({ program, data: numbers, loop: { epochs: 3, batch: 2 }, seed: 3 });
  const branch = trunk.seek({ epoch: 1, batch: 1 }).edit("weights_0_1", [0, 0], 0.5);
  trunk.seek({ epoch: 2, batch: 3 });
  branch.seek({ epoch: 0, batch: 1 });
  expect(compare(trunk, branch)).toMatchObject({ epoch: 1, batch: 1, array: "weights_0_1" });
  trunk.seek({ epoch: 2, batch: 1 });
  const first = trunk.read("layer_1_mask")!.toArray();
  trunk.forward("line");
  expect(trunk.read("layer_1_mask")!.toArray()).toEqual(first);
});

test("validation and prediction silence nothing", async () => {
  const net = dropped();
  const validation = { inputs: data.inputs, targets: data.targets };
  const [epoch] = await net.fit(data, { ...learning, epochs: 1, validation });
  const predictions = await net.predict(data.inputs);
  const error = data.targets.reduce(
    (sum, [goal], row) => sum + (predictions.at(row, 0) - goal!) * (predictions.at(row, 0) - goal!),
    0,
  );
  expect(epoch!.validation!.squaredError).toBe(error);
});

test("rates and seeds that cannot be are refused", () => {
  expect(() => dense(3, { dropout: 1 })).toThrow("dense: dropout is 1, but must be from 0 up to but not 1");
  const program = dropped().trainer(learning);
  expect(() => reference.open(program)).toThrow("give a seed");
  const session = reference.open(program, { seed: 1 });
  expect(() => session.write({ layer_1_mask: [[1, 1, 1, 1, 1, 1]] })).toThrow(
    "layer_1_mask is drawn for every batch",
  );
});
