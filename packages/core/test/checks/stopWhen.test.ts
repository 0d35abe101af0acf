import { describe, expect, test } from "vitest";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { uniform } from "../../src/layers/initializers.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { NameError } from "../../src/program/names.ts";
import { stopWhen } from "../../src/trace/stopWhen.ts";
import { Trace } from "../../src/trace/trace.ts";
import { type Matrix, trainByHand } from "../network/loops.ts";
import { lights } from "../trace/examples.ts";

const inputs = [
  [1, 0, 1],
  [0, 1, 1],
  [0, 0, 1],
  [1, 1, 1],
];
const targets = [[1], [1], [0], [0]];

function crossing() {
  return network(3, [dense(4, { activation: relu, bias: false }), dense(1, { bias: false })], {
    seed: 1,
    initialize: uniform(-1, 1),
  });
}

/** The chapter's training: the sum of squared errors so far in the epoch, after each batch, by plain loops. */
function errorsByHand(epochs: number): number[] {
  const net = crossing();
  let weights = {
    weights_0_1: net.read("weights_0_1").toArray() as Matrix,
    weights_1_2: net.read("weights_1_2").toArray() as Matrix,
  };
  const errors: number[] = [];
  for (let batch = 0; batch < 4 * epochs; batch++) {
    const { weights: after, error } = trainByHand(weights, {
      inputs,
      targets,
      batches: [[batch % 4]],
      alpha: 0.2,
    });
    weights = after as never;
    errors.push(batch % 4 === 0 ? error : errors[batch - 1]! + error);
  }
  return errors;
}

describe("a trace", () => {
  test("goes forward to the first batch that meets a condition, and stands after the step", () => {
    const errors = errorsByHand(60);
    const trace = Trace.record(lights({ epochs: 60, batch: 1 }));
    const below = stopWhen("layer_2_error", (error) => error.at() < 0.001);
    const wanted = errors.flatMap((error, batch) => (error < 0.001 ? [batch] : []));
    expect(wanted.length).toBeGreaterThan(10);
    const found: number[] = [];
    while (trace.find(below)) {
      const { epoch, batch } = trace.position;
      expect(trace.read("layer_2_error")!.at()).toBe(errors[4 * epoch + batch]);
      expect(trace.read("layer_2_delta")).toBeUndefined();
      found.push(4 * epoch + batch);
    }
    expect(found).toEqual(wanted);
    expect(trace.position).toEqual({ epoch: 59, batch: 3, step: trace.program.data.steps.length });
    expect(trace.find(below)).toBe(false);
    expect(trace.forward(below)).toBe(false);
  });

  test("finds the batch it stands in if the step is still to come, and not again if it has run", () => {
    const trace = Trace.record(lights({ epochs: 2, batch: 1 }));
    const always = stopWhen("layer_1", () => true);
    trace.seek({ epoch: 1, batch: 2 });
    expect(trace.forward(always)).toBe(true);
    const { step } = trace.position;
    expect(trace.position).toEqual({ epoch: 1, batch: 2, step });
    expect(trace.program.data.steps[step - 1]!.writes).toBe("layer_1");
    expect(trace.find(always)).toBe(true);
    expect(trace.position).toEqual({ epoch: 1, batch: 3, step });
    expect(trace.find(always)).toBe(false);
  });

  test("looks at inputs and settings when a batch begins, at weights when they are updated", () => {
    const score = lights({
      epochs: 2,
      batch: 1,
      settings: { alpha: [0.2, 0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1] },
    });
    const trace = Trace.record(score);
    expect(trace.find(stopWhen("layer_0", (row) => row.at(0, 0) === 0))).toBe(true);
    expect(trace.position).toEqual({ epoch: 0, batch: 1, step: 0 });
    expect(trace.find(stopWhen("alpha", (alpha) => alpha.at() < 0.2))).toBe(true);
    expect(trace.position).toEqual({ epoch: 1, batch: 1, step: 0 });
    const before = trace.read("weights_0_1")!.toArray();
    expect(trace.find(stopWhen("weights_0_1", () => true))).toBe(true);
    expect(trace.position).toMatchObject({ epoch: 1, batch: 1 });
    expect(trace.read("weights_0_1")!.toArray()).not.toEqual(before);
  });

  test("refuses an array that it does not have", () => {
    const trace = Trace.record(lights({ epochs: 1, batch: 1 }));
    expect(() => trace.find(stopWhen("layer_9", () => true))).toThrow(NameError);
    expect(trace.position).toEqual({ epoch: 0, batch: 0, step: 0 });
  });
});

describe("a training", () => {
  const bookish = { loss: halfSquaredError, optimizer: sgd(0.2), epochs: 60 };

  test("stops after the batch that meets the condition, and says so", async () => {
    const errors = errorsByHand(60);
    const first = errors.findIndex((error, batch) => batch % 4 === 2 && error < 0.01);
    const net = crossing();
    // The third batch of an epoch is the row [0, 0, 1].
    let row = 0;
    const epochs = await net.fit(
      { inputs, targets },
      {
        ...bookish,
        stopWhen: stopWhen("layer_2_error", (error) => row++ % 4 === 2 && error.at() < 0.01),
      },
    );
    expect(epochs).toHaveLength(Math.floor(first / 4) + 1);
    const { warnings, ...last } = epochs[epochs.length - 1]!;
    // Of the chapter's network, two units end at 0 for all four rows.
    expect(warnings).toMatchObject([{ kind: "dead units", array: "layer_1" }]);
    expect(last).toEqual({
      number: epochs.length,
      rows: 3,
      metrics: { squaredError: errors[first] },
      stopped: "condition",
      stoppedBy: { array: "layer_2_error", batch: 2 },
    });
    for (const epoch of epochs.slice(0, -1)) expect(epoch.stopped).toBeUndefined();
    // What was learnt up to that batch is kept.
    const start = crossing();
    const { weights } = trainByHand(
      {
        weights_0_1: start.read("weights_0_1").toArray() as Matrix,
        weights_1_2: start.read("weights_1_2").toArray() as Matrix,
      },
      { inputs, targets, batches: Array.from({ length: first + 1 }, (_, k) => [k % 4]), alpha: 0.2 },
    );
    expect(net.read("weights_0_1").toArray()).toEqual(weights.weights_0_1);
    expect(net.read("weights_1_2").toArray()).toEqual(weights.weights_1_2);
  });

  test("is the same, to the bit, with a condition that never holds", async () => {
    const data = { inputs, targets };
    const seen: number[][] = [];
    const watching = crossing();
    const plain = crossing();
    const options = { ...bookish, epochs: 5, batch: 3, shuffle: true };
    const left = await watching.fit(data, {
      ...options,
      stopWhen: stopWhen("layer_1_delta", (delta) => {
        seen.push([...delta.shape]);
        return false;
      }),
    });
    expect(left).toEqual(await plain.fit(data, options));
    for (const name of plain.weightNames)
      expect(watching.read(name).toArray()).toEqual(plain.read(name).toArray());
    expect(seen).toEqual(
      Array.from({ length: 5 }, () => [
        [3, 4],
        [1, 4],
      ]).flat(),
    );
  });

  test("refuses an array that it does not have, before it changes a weight", async () => {
    const net = crossing();
    const before = net.read("weights_0_1").toArray();
    const run = net.fit({ inputs, targets }, { ...bookish, stopWhen: stopWhen("layer_9", () => true) });
    await expect(run).rejects.toThrow(NameError);
    expect(net.read("weights_0_1").toArray()).toEqual(before);
  });
});
