import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { zeros } from "../../src/array/create.ts";
import type { EpochMetrics } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import type { Loop } from "../../src/program/loop.ts";
import { expectSameBits } from "../program/bits.ts";
import { build, recipe } from "../program/randomPrograms.ts";
import { examples, lights, opened, walk } from "./crossing.ts";

const weights = ["weights_0_1", "weights_1_2"];

/** What a training leaves behind: its weights, and the metrics of its epochs. */
function fitted(loops: readonly Loop[], data = examples) {
  const session = opened();
  session.load(data);
  const epochs: EpochMetrics[] = loops.flatMap((loop) => session.fit(loop));
  return { epochs, weights: weights.flatMap((name) => Array.from(session.read(name).data)) };
}

/** The same training by hand: rows are written and the program is run, batch after batch. */
function byHand(rowsOfBatches: readonly (readonly number[])[], alphas: readonly number[] = []) {
  const session = opened();
  for (const [batch, rows] of rowsOfBatches.entries()) {
    if (alphas.length > 0) session.write({ alpha: alphas[batch]! });
    session.write({ layer_0: rows.map((row) => lights[row]!), goal: rows.map((row) => walk[row]!) });
    session.run({ accumulate: true });
  }
  return {
    weights: weights.flatMap((name) => Array.from(session.read(name).data)),
    error: session.read("layer_2_error").data[0]!,
  };
}

describe("fit goes through the data", () => {
  test("row by row: the notebook's errors of In [42]", () => {
    const { epochs } = fitted([{ epochs: 60, batch: 1 }]);
    expect(
      epochs.filter(({ epoch }) => epoch % 10 === 9).map(({ metrics }) => metrics.layer_2_error),
    ).toEqual([
      0.6342311598444467, 0.35838407676317513, 0.0830183113303298, 0.006467054957103705,
      0.0003292669000750734, 1.5055622665134859e-5,
    ]);
  });

  test.each<[string, Loop, number[][]]>([
    ["one row a batch, which is the default", { epochs: 1 }, [[0], [1], [2], [3]]],
    [
      "batches that the rows fill",
      { epochs: 1, batch: 2 },
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ["a last batch with fewer rows", { epochs: 2, batch: 3 }, [[0, 1, 2], [3], [0, 1, 2], [3]]],
    [
      "all rows at once",
      { epochs: 2, batch: "full" },
      [
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ],
    ],
    ["a batch larger than the data", { epochs: 1, batch: 9 }, [[0, 1, 2, 3]]],
    [
      "the order given",
      { epochs: 1, batch: 2, order: [3, 1, 0, 2] },
      [
        [3, 1],
        [0, 2],
      ],
    ],
    ["an order that visits a row twice and others never", { epochs: 2, order: [1, 1] }, [[1], [1], [1], [1]]],
    [
      "an order over several epochs",
      { epochs: 2, rows: 3, batch: 2, order: [0, 1, 2, 3, 2, 1] },
      [[0, 1], [2], [3, 2], [1]],
    ],
    [
      "an order read cyclically, on from where the last epoch stopped",
      { epochs: 3, rows: 3, batch: 3, order: [0, 1] },
      [
        [0, 1, 0],
        [1, 0, 1],
        [0, 1, 0],
      ],
    ],
    ["fewer rows than there are", { epochs: 2, rows: 3, batch: 2 }, [[0, 1], [2], [0, 1], [2]]],
    [
      "only the batches asked for",
      { from: 1, to: 3, batch: 2 },
      [
        [2, 3],
        [0, 1],
      ],
    ],
    ["no epochs", { epochs: 0 }, []],
  ])("%s", (_, loop, batches) => {
    expectSameBits(fitted([loop]).weights, byHand(batches).weights);
  });

  test("with an order in a typed array", () => {
    const loop = { epochs: 1, order: Int32Array.of(2, 0, 3) };
    expectSameBits(fitted([loop]).weights, byHand([[2], [0], [3]]).weights);
  });

  test("with a setting for each batch of the whole training, counted from its start", () => {
    const alphas = [0.2, 0.1, 0.4, 0.05];
    const loop = { batch: 2, epochs: 2, settings: { alpha: alphas } };
    const wanted = byHand(
      [
        [0, 1],
        [2, 3],
        [0, 1],
        [2, 3],
      ],
      alphas,
    ).weights;
    expectSameBits(fitted([loop]).weights, wanted);
    const slices = [
      { ...loop, to: 1 },
      { ...loop, from: 1, to: 4 },
    ];
    expectSameBits(fitted(slices).weights, wanted);
  });

  test("with one setting for the whole training", () => {
    const wanted = byHand(
      [
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ],
      [0.03, 0.03],
    ).weights;
    expectSameBits(fitted([{ epochs: 2, batch: 4, settings: { alpha: 0.03 } }]).weights, wanted);
  });
});

describe("metrics", () => {
  test("of an epoch are the sums over its rows, each taken when its batch was predicted", () => {
    const { epochs } = fitted([{ epochs: 1, batch: 3 }]);
    expect(epochs).toEqual([
      { epoch: 0, rows: 4, metrics: { layer_2_error: byHand([[0, 1, 2], [3]]).error }, finite: true },
    ]);
  });

  test("start from zero in every epoch and are counted from 0", () => {
    const { epochs } = fitted([{ epochs: 3, batch: 4, settings: { alpha: 0 } }]);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    // Nothing is learnt with alpha 0, so every epoch reports the same.
    expect(new Set(epochs.map(({ metrics }) => metrics.layer_2_error)).size).toBe(1);
  });

  test("are returned where an epoch ends, even if another call began it", () => {
    const calls = [{ to: 1 }, { from: 1, to: 5 }, { from: 5, to: 7 }, { from: 7, to: 8 }];
    const session = opened();
    session.load(examples);
    expect(calls.map((loop) => session.fit(loop).map(({ epoch }) => epoch))).toEqual([[], [0], [], [1]]);
  });

  test("may be continued from a stored partial sum", () => {
    const whole = fitted([{ epochs: 1 }]).epochs[0]!.metrics.layer_2_error!;
    const first = opened();
    first.load(examples);
    first.fit({ to: 2 });
    const second = opened();
    second.load(examples);
    const names = [...weights, "layer_2_error"];
    second.write(Object.fromEntries(names.map((name) => [name, first.read(name)])));
    expect(second.fit({ from: 2, to: 4 })[0]!.metrics.layer_2_error).toBe(whole);
  });

  test("are float64 though the program is float32", () => {
    const { program, data } = build({
      ...fc.sample(recipe, { numRuns: 1, seed: 1 })[0]!,
      precision: "float32",
    });
    const session = reference.open(program, { capacity: 9, seed: 1 });
    session.load(data);
    session.fit({ epochs: 1, batch: "full" });
    expect(session.read("error").dtype).toBe("float64");
  });
});

test("slicing a training in any way changes no bit, for random programs", () => {
  const cuts = fc.array(fc.nat(40), { maxLength: 6 });
  fc.assert(
    fc.property(recipe, cuts, fc.boolean(), (each, places, ordered) => {
      const { program, data } = build(each);
      const run = (slices: (end: number) => readonly number[]) => {
        const session = reference.open(program, { capacity: 5, seed: each.seed });
        session.load(data);
        const order = Array.from({ length: each.rows * 2 }, (_, k) => (k * 7 + each.width) % each.rows);
        const loop = { batch: each.batch, rows: each.rows, ...(ordered ? { order } : {}) };
        const size = each.batch === "full" ? each.rows : each.batch;
        const end = Math.ceil(each.rows / size) * 3;
        const bounds = slices(end);
        const epochs = bounds.slice(1).flatMap((to, k) => session.fit({ ...loop, from: bounds[k]!, to }));
        const { arrays } = program.data;
        const learnt = arrays.filter(({ role }) => ["weights", "state", "metric"].includes(role));
        return {
          numbers: learnt.flatMap(({ name }) => Array.from(session.read(name).data)),
          metrics: epochs.map(({ metrics }) => metrics.error!),
          epochs: epochs.map(({ epoch }) => epoch),
        };
      };
      const whole = run((end) => [0, end]);
      const sliced = run((end) => {
        const inside = places.map((place) => place % (end + 1)).sort((left, right) => left - right);
        return [0, ...inside, end];
      });
      expectSameBits(sliced.numbers, whole.numbers);
      expectSameBits(sliced.metrics, whole.metrics);
      expect(sliced.epochs).toEqual(whole.epochs);
      expect(whole.epochs).toEqual([0, 1, 2]);
    }),
    { numRuns: 150 },
  );
});

describe("resident data", () => {
  test("are copied when they are loaded", () => {
    const mine = { layer_0: lights.map((row) => [...row]), goal: walk.map((row) => [...row]) };
    const session = opened();
    session.load(mine);
    mine.layer_0[0]![0] = 99;
    session.fit({ epochs: 1 });
    expectSameBits(
      weights.flatMap((name) => Array.from(session.read(name).data)),
      fitted([{ epochs: 1 }]).weights,
    );
  });

  test("may have more rows than the capacity, which only a batch must fit", () => {
    const session = opened({ capacity: 2 });
    session.load(examples);
    expect(session.fit({ epochs: 1, batch: 2 })).toHaveLength(1);
  });

  test("are replaced by another load", () => {
    const session = opened();
    session.load({ layer_0: [[9, 9, 9]], goal: [[9]] });
    session.load(examples);
    session.fit({ epochs: 1 });
    expectSameBits(
      weights.flatMap((name) => Array.from(session.read(name).data)),
      fitted([{ epochs: 1 }]).weights,
    );
  });

  test("without rows run no epochs", () => {
    const session = opened();
    session.load({ layer_0: zeros([0, 3]), goal: zeros([0, 1]) });
    expect(session.fit({ epochs: 3 })).toEqual([]);
  });
});
