import fc from "fast-check";
import { expect, test } from "vitest";
import {
  dense,
  halfSquaredError,
  loadTrace,
  network,
  openSession,
  type Schedule,
  saveTrace,
  sgd,
  stepDecay,
  warmUp,
} from "../../src/index.ts";
import { print } from "../../src/program/print/print.ts";

const data = {
  inputs: [
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  targets: [[1], [0], [0.5]],
};
const learning = { loss: halfSquaredError };

/** One product after the other, which is what a decay means. */
function byHand(start: number, factor: number, count: number): number {
  let value = start;
  for (let k = 0; k < count; k++) value *= factor;
  return value;
}

test("a step decay is one product after the other, in whatever order it is asked for", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -10, max: 10, noNaN: true }),
      fc.oneof(fc.double({ min: 0.99, max: 1.01, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true })),
      fc.array(fc.nat(65_535), { minLength: 1, maxLength: 20 }),
      (start, factor, counts) => {
        const rate = stepDecay(start, { factor, every: 1 });
        for (const batch of [...counts, ...counts.map((count) => Math.min(count + 1, 65_535))])
          expect(rate({ batch, batchesPerEpoch: 1 })).toBe(byHand(start, factor, batch));
      },
    ),
    { numRuns: 100 },
  );
});

test("a very late one is near the power, and takes no time", () => {
  const factor = 1 - 2 ** -30;
  const rate = stepDecay(0.5, { factor, every: 1 });
  // log1p is taken to a unit in the last place, and a product loses half of one: 65,536 in a row at most, then some forty.
  for (const batch of [65_535, 65_536, 100_000_007, 1e9, 2 ** 35]) {
    const wanted = 0.5 * Math.exp(batch * Math.log1p(-(2 ** -30)));
    expect(Math.abs(rate({ batch, batchesPerEpoch: 1 }) / wanted - 1)).toBeLessThan(batch * 2 ** -53 + 1e-12);
  }
  expect(stepDecay(0, { factor: 3, every: 1 })({ batch: 1e9, batchesPerEpoch: 1 })).toBe(0);
  expect(stepDecay(1, { factor: -1, every: 1 })({ batch: 1e15 + 1, batchesPerEpoch: 1 })).toBe(-1);
});

/** A schedule that notes what it is asked for. */
function noted(): { readonly asked: number[]; readonly rate: Schedule } {
  const asked: number[] = [];
  return {
    asked,
    rate: ({ batch }) => {
      asked.push(batch);
      return 0.1 / (1 + batch);
    },
  };
}

test("a schedule is asked for the batches of an epoch when that begins", async () => {
  const { asked, rate } = noted();
  const net = network(2, [dense(1)]);
  const optimizer = sgd(rate);
  await net.fit(data, { ...learning, optimizer, epochs: 2 });
  asked.length = 0;
  for await (const { number } of net.train(data, { ...learning, optimizer, epochs: 1e10 })) {
    if (number === 3) expect(asked).toEqual([6, 7, 8]);
    if (number === 5) break;
  }
  expect(asked).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14]);
});

test("a schedule that throws ends a training between two epochs", async () => {
  const make = () => network(2, [dense(1)], { seed: 2 });
  const [broken, short] = [make(), make()];
  const options = { ...learning, epochs: 5, shuffle: true };
  const optimizer = sgd(({ batch }) => {
    if (batch === 7) throw new Error("no more");
    return 0.1;
  });
  await expect(broken.fit(data, { ...options, optimizer })).rejects.toThrow("no more");
  await short.fit(data, { ...options, optimizer: sgd(0.1), epochs: 2 });
  await Promise.all(
    [broken, short].map((net) => net.fit(data, { ...options, optimizer: sgd(0.1), epochs: 2 })),
  );
  expect(broken.read("weights_0_1").toArray()).toEqual(short.read("weights_0_1").toArray());
});

test("a trace of late epochs holds their rates only, in files too", async () => {
  const make = () => network(2, [dense(2), dense(1)], { seed: 5 });
  const optimizer = sgd(warmUp(stepDecay(0.2, { factor: 0.9, every: 1 }), { epochs: 3 }));
  const options = { ...learning, optimizer, shuffle: true };
  const [net, whole] = [make(), make()];
  await net.fit(data, { ...options, epochs: 40 });
  await whole.fit(data, { ...options, epochs: 43 });
  const trace = await net.trace(data, { ...options, epochs: 3 });
  const { alpha } = trace.score.loop.settings as { alpha: Float64Array };
  expect(alpha).toHaveLength(9);
  expect(
    Array.from(alpha, (_, k) => optimizer.schedules!.alpha!({ batch: 120 + k, batchesPerEpoch: 3 })),
  ).toEqual(Array.from(alpha));
  const again = loadTrace(saveTrace(trace));
  again.seek({ epoch: 42, batch: 2, step: again.program.data.steps.length });
  expect(again.read("weights_0_1")!.toArray()).toEqual(whole.read("weights_0_1").toArray());
  expect(again.read("alpha")!.at()).toBe(alpha[8]);
  // A setting that is edited keeps its value from there on.
  trace.seek({ epoch: 41 });
  const branch = trace.edit("alpha", [], 0.5);
  branch.seek({ epoch: 42, batch: 1 });
  expect(branch.read("alpha")!.at()).toBe(0.5);
  branch.seek({ epoch: 40, batch: 2 });
  expect(branch.read("alpha")!.at()).toBe(alpha[2]);
  const branched = loadTrace(saveTrace(branch));
  branched.seek({ epoch: 42, batch: 1 });
  expect(branched.read("alpha")!.at()).toBe(0.5);
});

test("a session takes the values of some batches from the batch that settingsFrom names", async () => {
  const program = network(2, [dense(1)]).trainer({ ...learning, optimizer: sgd(0.1) });
  const rates = [0.5, 0.25, 0.125, 0.0625, 0.03, 0.01];
  for (const engine of ["reference", "wasm"] as const) {
    const make = async () => {
      const session = await openSession(program, { seed: 1, engine });
      session.load({ layer_0: data.inputs, goal: data.targets });
      return session;
    };
    const [whole, parts] = [await make(), await make()];
    whole.fit({ epochs: 2, settings: { alpha: rates } });
    parts.fit({ from: 0, to: 2, settings: { alpha: rates.slice(0, 2) } });
    parts.fit({ from: 2, to: 6, settings: { alpha: rates.slice(2) }, settingsFrom: 2 });
    expect(parts.read("weights_0_1").toArray()).toEqual(whole.read("weights_0_1").toArray());
    expect(() => parts.fit({ from: 1, to: 3, settings: { alpha: rates }, settingsFrom: 2 })).toThrow(
      "loop: settings.alpha has 6 values from batch 2 on, but batch 1 needs one",
    );
    expect(() => parts.fit({ from: 7, to: 9, settings: { alpha: rates }, settingsFrom: 2 })).toThrow(
      "loop: settings.alpha has 6 values from batch 2 on, but batch 8 needs one",
    );
  }
  const loop = { epochs: 2, settings: { alpha: rates }, settingsFrom: 1 };
  expect(() =>
    print(program, "numpy", { data: { layer_0: data.inputs, goal: data.targets }, seed: 1, loop }),
  ).toThrow("settings.alpha has 6 values from batch 1 on, but batch 0 needs one");
});
