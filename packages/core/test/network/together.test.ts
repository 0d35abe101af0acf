import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkGradients,
  dense,
  halfSquaredError,
  loadCheckpoint,
  loadWeights,
  momentum,
  network,
  saveCheckpoint,
  saveWeights,
  stepDecay,
  TrainingError,
  tanh,
} from "../../src/index.ts";

const inputs = Array.from({ length: 10 }, (_, row) => [Math.sin(row), Math.cos(2 * row)]);
const data = { inputs, targets: inputs.map(([a, b]) => [a! * b!]) };
const other = { inputs: inputs.slice(0, 4), targets: [[1], [0], [-1], [2]] };
const options = {
  loss: halfSquaredError,
  optimizer: momentum(stepDecay(0.05, { factor: 0.5, every: 2 })),
  batch: 3,
  shuffle: true,
};
const make = () => network(2, [dense(4, { activation: tanh, dropout: 0.25 }), dense(1)], { seed: 3 });
const working = "this network is being trained: await that training";

describe("while a training is at work", () => {
  test("a second is refused, and the first has the bits that it has alone", async () => {
    const [both, alone] = [make(), make()];
    const first = both.fit(data, { ...options, epochs: 5 });
    const second = both.fit(other, { ...options, epochs: 5, fresh: true });
    const third = both.train(other, { ...options, epochs: 5 }).next();
    await expect(second).rejects.toThrow(TrainingError);
    await expect(third).rejects.toThrow(working);
    await first;
    await alone.fit(data, { ...options, epochs: 5 });
    expect(saveCheckpoint(both)).toBe(saveCheckpoint(alone));
  });

  test("the network is not changed, but read, at any of its turns", async () => {
    const net = make();
    await net.fit(data, { ...options, epochs: 1 });
    const [checkpoint, weights] = [saveCheckpoint(net), saveWeights(net)];
    const rows = Array.from({ length: 200 }, (_, row) => [Math.sin(row), row / 200]);
    const large = { inputs: rows, targets: rows.map(([a]) => [a!]) };
    let ended = false;
    const training = net.fit(large, { ...options, epochs: 400 }).then(() => {
      ended = true;
    });
    let turns = 0;
    const predictions: Promise<unknown>[] = [];
    while (!ended) {
      for (const change of [
        () => net.write("bias_1", [1, 2, 3, 4]),
        () => loadCheckpoint(net, checkpoint),
        () => loadWeights(net, weights),
        () => net.goToBest(),
      ])
        expect(change).toThrow(working);
      // What is asked for now is of now, whatever has come of the network when it is there.
      const now = make();
      loadCheckpoint(now, saveCheckpoint(net));
      predictions.push(
        Promise.all([net.predict(inputs), now.predict(inputs)]).then(([a, b]) =>
          expect(a.toArray()).toEqual(b.toArray()),
        ),
        Promise.all([net, now].map((each) => each.trace(data, { ...options, epochs: 1 }))).then(([a, b]) =>
          expect(a!.hashes).toEqual(b!.hashes),
        ),
        Promise.all([net, now].map((each) => checkGradients(each, other, { loss: halfSquaredError }))).then(
          ([a, b]) => expect(`${a}`).toBe(`${b}`),
        ),
      );
      turns++;
      await new Promise((done) => setTimeout(done));
    }
    await Promise.all([training, ...predictions]);
    expect(turns).toBeGreaterThan(2);
    const alone = make();
    await alone.fit(data, { ...options, epochs: 1 });
    await alone.fit(large, { ...options, epochs: 400 });
    expect(saveCheckpoint(net)).toBe(saveCheckpoint(alone));
  });

  test("that fails, the network is what it was before the epoch", async () => {
    const net = make();
    const far = { inputs, targets: inputs.map(() => [1e200]) };
    await net.fit(data, { ...options, epochs: 2 });
    const failing = net.fit(far, { ...options, epochs: 3 });
    const seen = new Set<string>();
    let ended = false;
    failing.catch(() => {
      ended = true;
    });
    while (!ended) {
      seen.add(saveWeights(net).join());
      expect(() => net.write("bias_1", [1, 2, 3, 4])).toThrow(working);
      await new Promise((done) => setImmediate(done));
    }
    await expect(failing).rejects.toThrow("became inf");
    const before = make();
    await before.fit(data, { ...options, epochs: 2 });
    expect(seen).toContain(saveWeights(before).join());
    expect(seen.size).toBe(1);
    net.write("bias_1", [1, 2, 3, 4]);
  });

  test("that could not begin, nothing is held back", async () => {
    const net = make();
    await expect(
      net.fit(data, { ...options, epochs: 1, earlyStopping: { patience: 1, metric: "none" } }),
    ).rejects.toThrow("there is no metric");
    await expect(net.fit(data, { ...options, epochs: 1, fresh: true, batch: 0 })).rejects.toThrow(
      "batch is 0",
    );
    net.write("bias_1", [1, 2, 3, 4]);
    await net.fit(data, { ...options, epochs: 1 });
  });
});

describe("between two epochs of a training", () => {
  test("another ends it: it throws when it is asked for the next", async () => {
    const [net, alone] = [make(), make()];
    const epochs = async () => {
      for await (const { number } of net.train(data, { ...options, epochs: 5 }))
        if (number === 2) await net.fit(other, { ...options, epochs: 3 });
    };
    await expect(epochs()).rejects.toThrow(
      "this training was ended, since another of the same network began",
    );
    await alone.fit(data, { ...options, epochs: 2 });
    await alone.fit(other, { ...options, epochs: 3 });
    expect(saveCheckpoint(net)).toBe(saveCheckpoint(alone));
  });

  test("one that is left alone, begun or not, holds nothing back", async () => {
    const [net, alone] = [make(), make()];
    net.train(data, { ...options, epochs: 5 });
    const left = net.train(data, { ...options, epochs: 5 });
    await left.next();
    await net.fit(other, { ...options, epochs: 2 });
    await expect(left.next()).rejects.toThrow(TrainingError);
    await left.return(undefined);
    await net.fit(other, { ...options, epochs: 1 });
    await alone.fit(data, { ...options, epochs: 1 });
    await alone.fit(other, { ...options, epochs: 3 });
    expect(saveCheckpoint(net)).toBe(saveCheckpoint(alone));
  });

  test("whatever is done there, what follows has the bits of calls of their own", async () => {
    const start = make();
    await start.fit(other, { ...options, epochs: 2 });
    const never = make();
    const files = [saveCheckpoint(start), saveCheckpoint(never)];
    const act = fc.oneof(
      fc.record({ kind: fc.constant("restore" as const), file: fc.nat(2) }),
      fc.record({ kind: fc.constant("save" as const) }),
      fc.record({ kind: fc.constant("write" as const), value: fc.double({ min: -1, max: 1, noNaN: true }) }),
      fc.record({ kind: fc.constant("weights" as const) }),
      fc.record({ kind: fc.constant("nothing" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 7 }), fc.boolean(), async (acts, shuffle) => {
        const [looped, called] = [make(), make()];
        const saved: Record<string, string> = {};
        const done = (net: typeof looped, { kind, ...what }: (typeof acts)[number], key: string) => {
          if (kind === "restore")
            loadCheckpoint(net, [...files, saved[key] ?? files[0]!][(what as { file: number }).file]!);
          if (kind === "save") saved[key] = saveCheckpoint(net);
          if (kind === "write") net.write("bias_2", [(what as { value: number }).value]);
          if (kind === "weights") loadWeights(net, saveWeights(start));
        };
        let at = 0;
        for await (const { number } of looped.train(data, { ...options, shuffle, epochs: acts.length })) {
          expect(number).toBe(looped.progress.epochs);
          done(looped, acts[at++]!, "looped");
        }
        for (const each of acts) {
          await called.fit(data, { ...options, shuffle, epochs: 1 });
          done(called, each, "called");
        }
        expect(saveCheckpoint(looped)).toBe(saveCheckpoint(called));
      }),
      { numRuns: 60 },
    );
  });
});
