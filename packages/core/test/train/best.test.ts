import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  dense,
  halfSquaredError,
  loadCheckpoint,
  meanSquaredError,
  momentum,
  network,
  saveCheckpoint,
  sgd,
  squaredError,
  TrainingError,
  tanh,
} from "../../src/index.ts";

const inputs = Array.from({ length: 6 }, (_, row) => [Math.sin(row), Math.cos(2 * row)]);
const data = { inputs, targets: inputs.map(([a, b]) => [a! * b!]) };
const make = () => network(2, [dense(3, { activation: tanh }), dense(1)], { seed: 3 });

/** Rates that now and then make it worse. */
const rates = fc.array(fc.oneof(fc.double({ min: 0.01, max: 0.2, noNaN: true }), fc.constantFrom(1, 3, 0)), {
  minLength: 1,
  maxLength: 12,
});

describe("early stopping on a training's own metric", () => {
  test("goes back to the weights that had it: with full batches, their loss is the best reported", async () => {
    await fc.assert(
      fc.asyncProperty(
        rates,
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (steps, patience, carries) => {
          const net = make();
          const rate = ({ batch }: { batch: number }) => steps[batch] ?? 0;
          const optimizer = carries ? momentum(rate, { momentum: 0.5 }) : sgd(rate);
          const options = { loss: halfSquaredError, optimizer, batch: "full" } as const;
          const reports = await net.fit(data, {
            ...options,
            epochs: steps.length,
            earlyStopping: { patience },
          });
          const best = Math.min(...reports.map(({ metrics }) => metrics.squaredError));
          // An epoch that changes nothing reports the loss of the weights as they are.
          const [now] = await net.fit(data, { ...options, optimizer: sgd(0), epochs: 1 });
          expect(now!.metrics.squaredError).toBe(best);
          expect(reports.length === steps.length || reports.at(-1)!.stopped === "early").toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("with several batches, to those that the best epoch began with", async () => {
    const steps = [0.1, 0.1, 0.1, 3, 0.1, 0.1, 0.1, 0.1];
    const optimizer = sgd(({ batch }) => steps[Math.floor(batch / 3)]!);
    const options = { loss: halfSquaredError, optimizer, batch: 2 };
    const net = make();
    const reports = await net.fit(data, { ...options, epochs: 8, earlyStopping: { patience: 3 } });
    const errors = reports.map(({ metrics }) => metrics.squaredError);
    const best = errors.indexOf(Math.min(...errors));
    expect(best).toBeGreaterThan(0);
    const short = make();
    await short.fit(data, { ...options, epochs: best });
    for (const name of net.weightNames) expect(net.read(name).toArray()).toEqual(short.read(name).toArray());
  });
});

describe("what was best", () => {
  const steps = [0.1, 0.1, 3, 0.1, 0.1, 0.1];
  const options = {
    loss: meanSquaredError,
    optimizer: sgd(({ batch }) => steps[batch] ?? 0),
    metrics: [squaredError],
    batch: "full",
    epochs: 6,
    earlyStopping: { patience: 5 },
  } as const;

  test.each([false, true])("is there after a break, validation: %s", async (validates) => {
    const net = make();
    const validation = validates ? { validation: data } : {};
    let [best, number] = [Infinity, 0];
    for await (const epoch of net.train(data, { ...options, ...validation })) {
      const { squaredError: error } = (epoch.validation ?? epoch.metrics) as { squaredError: number };
      if (error < best) [best, number] = [error, epoch.number];
      expect(net.best).toMatchObject({ epoch: number, metric: "squaredError", value: best });
      if (epoch.number === 4) break;
    }
    const last = net.read("weights_0_1").toArray();
    net.goToBest();
    expect(net.read("weights_0_1").toArray()).not.toEqual(last);
    const [now] = await net.fit(data, {
      ...options,
      optimizer: sgd(0),
      epochs: 1,
      earlyStopping: { patience: 1 },
    });
    expect(now!.metrics.squaredError).toBe(best);
  });

  test("is there after a signal, and in the loop", async () => {
    const net = make();
    const abort = new AbortController();
    await expect(async () => {
      for await (const { number } of net.train(data, { ...options, signal: abort.signal })) {
        if (number === 3) {
          net.goToBest();
          expect(net.read("weights_0_1").toArray()).toEqual(
            net.best!.state.get("weights_0_1") && [
              ...Array.from({ length: 2 }, (_, row) =>
                Array.from(net.best!.state.get("weights_0_1")!.data.slice(3 * row, 3 * row + 3)),
              ),
            ],
          );
          abort.abort(new Error("enough"));
        }
      }
    }).rejects.toThrow("enough");
    expect(net.best!.epoch).toBe(3);
    net.goToBest();
  });

  test("is not there without early stopping, nor after another training or a checkpoint", async () => {
    const net = make();
    expect(net.best).toBeUndefined();
    expect(() => net.goToBest()).toThrow(TrainingError);
    await net.fit(data, options);
    expect(net.best).toBeDefined();
    const saved = saveCheckpoint(net);
    loadCheckpoint(net, saved);
    expect(net.best).toBeUndefined();
    await net.fit(data, options);
    await net.fit(data, { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 1 });
    expect(() => net.goToBest()).toThrow("there is no best epoch");
  });
});

test("a trace takes batch, shuffle and what is held back from the last training", async () => {
  const options = { loss: halfSquaredError, optimizer: sgd(0.05), batch: 2, shuffle: true, validation: 0.34 };
  const [net, whole] = [make(), make()];
  await net.fit(data, { ...options, epochs: 2 });
  const trace = await net.trace(data);
  await whole.fit(data, { ...options, epochs: 3 });
  expect(trace.batches - trace.first).toBe(2);
  for (const name of net.weightNames) expect(trace.read(name)!.toArray()).toEqual(whole.read(name).toArray());
  const other = await net.trace(data, { batch: "full", shuffle: false, validation: undefined as never });
  expect(other.batches - other.first).toBe(1);
  // Of one row, none can be held back.
  expect((await net.trace({ inputs: [1, 0], targets: [1] })).read("layer_0")!.shape).toEqual([1, 2]);
});
