import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accuracy,
  categoricalCrossEntropy,
  dense,
  halfSquaredError,
  layerNorm,
  leakyRelu,
  meanSquaredError,
  network,
  ofLabels,
  relu,
  reluWith,
  sgd,
  squaredError,
  tanh,
} from "../../src/index.ts";

/** The units of a layer whose sums are above 0 for no row, by plain loops that round each operation. */
function deadByHand(
  rows: readonly number[][],
  weights: number[][],
  bias: number[],
  round: (value: number) => number,
): number[] {
  const sum = (row: readonly number[], unit: number) =>
    row.reduce((total, x, k) => round(total + round(x * weights[k]![unit]!)), 0);
  return bias.flatMap((start, unit) => (rows.some((row) => round(sum(row, unit) + start) > 0) ? [] : [unit]));
}

describe("the last report names", () => {
  test("the units of relu that are 0 for all rows, as they are after the last epoch", async () => {
    const number = fc.double({ min: -2, max: 2, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 40 }),
        fc.array(fc.double({ min: -6, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.constantFrom("float64" as const, "float32" as const),
        fc.integer({ min: 1, max: 3 }),
        async (rows, bias, precision, epochs) => {
          const net = network(2, [dense(3, { activation: relu }), dense(1)], { seed: 2, precision });
          net.write("bias_1", bias);
          const data = { inputs: rows, targets: rows.map(([a]) => [a]) };
          const reports = await net.fit(data, { loss: halfSquaredError, optimizer: sgd(0.01), epochs });
          const weights = net.read("weights_0_1").toArray() as number[][];
          const round = precision === "float32" ? Math.fround : (value: number) => value;
          const kept = rows.map((row) => row.map(round));
          const wanted = deadByHand(kept, weights, net.read("bias_1").toArray() as number[], round);
          // What the report says is of then, whatever is done to the network until it is read.
          net.write("bias_1", [-100, -100, -100]);
          const found = reports.at(-1)!.warnings ?? [];
          expect(reports.slice(0, -1).every((report) => !("warnings" in report))).toBe(true);
          const dead = found.find(({ kind }) => kind === "dead units");
          expect(dead ? (dead as { units: readonly number[] }).units : []).toEqual(wanted);
          if (!dead) return;
          expect(dead).toMatchObject({ array: "layer_1" });
          expect(dead.text).toContain(`${wanted.length} of 3 units of layer_1 (${wanted.join(", ")}) are 0`);
          expect(dead.text).toContain(`for all ${rows.length} rows`);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a training that went away from its targets: one weight, by theory", async () => {
    // w becomes w (1 - 2 alpha), so the loss is multiplied by the square of that in each epoch.
    for (const [alpha, epochs] of [
      [0.1, 20],
      [0.9, 20],
      [1.05, 20],
      [1.5, 4],
      [4, 60],
      [1.01, 10],
    ] as const) {
      const net = network(1, [dense(1, { bias: false })]);
      net.write("weights_0_1", [[3]]);
      const options = { loss: meanSquaredError, optimizer: sgd(alpha), batch: "full", epochs } as const;
      const reports = await net.fit({ inputs: [[1]], targets: [[0]] }, options);
      const growth = (1 - 2 * alpha) ** (2 * (epochs - 1));
      const { warnings } = reports.at(-1)!;
      if (growth > 10) expect(warnings).toMatchObject([{ kind: "diverged" }]);
      else expect(warnings).toBeUndefined();
      if (growth > 10)
        expect(warnings![0]!.text).toContain(`loss is ${reports.at(-1)!.metrics.loss}`.slice(0, 12));
    }
  });

  test("predictions out of all proportion, also where no error is reported and after one epoch", async () => {
    const inputs = Array.from({ length: 20 }, (_, row) => [row, 1]);
    const targets = inputs.map(([x]) => [x! > 9 ? 1 : 0]);
    const net = network(2, [dense(3, { activation: tanh }), dense(1)]);
    const options = { loss: halfSquaredError, optimizer: sgd(3), metrics: [accuracy], epochs: 1 };
    const [report] = await net.fit({ inputs, targets }, options);
    expect(report!.warnings).toMatchObject([
      { kind: "diverged", text: expect.stringContaining("predictions are up to") },
    ]);
  });

  test("nothing where nothing is wrong", async () => {
    const inputs = Array.from({ length: 30 }, (_, row) => [Math.sin(row), Math.cos(row)]);
    const data = { inputs, targets: inputs.map(([a, b]) => [a! + b!]) };
    const learning = { loss: halfSquaredError, optimizer: sgd(0.01), epochs: 10 };
    for (const layers of [
      [dense(8, { activation: tanh }), dense(1)],
      [dense(3, { activation: leakyRelu() }), layerNorm(), dense(1)],
      [dense(8, { activation: relu, dropout: 0.5 }), dense(1)],
    ]) {
      const [last] = (await network(2, layers, { seed: 1 }).fit(data, learning)).slice(-1);
      expect(last!.warnings, JSON.stringify(last)).toBeUndefined();
      expect(JSON.stringify(last)).not.toContain("warnings");
    }
    // Where every unit passes back, none is dead.
    const book = network(2, [dense(3, { activation: reluWith({ of: "output" }) }), dense(1)]);
    book.write("bias_1", [-50, -50, -50]);
    expect((await book.fit(data, learning)).at(-1)!.warnings).toBeUndefined();
    // Of signs, sums and shares, more is not worse.
    const classes = { inputs, targets: inputs.map(([a]) => (a! > 0 ? 1 : 0)) };
    const labelled = { ...learning, loss: ofLabels(categoricalCrossEntropy), metrics: [accuracy] };
    const net = network(2, [dense(2)], { seed: 3 });
    expect((await net.fit(classes, labelled)).at(-1)!.warnings).toBeUndefined();
  });

  test("the same of a long training, at once", async () => {
    const inputs = Array.from({ length: 600 }, (_, row) => [Math.sin(row), Math.cos(row)]);
    const data = { inputs, targets: inputs.map(([a]) => [a!]) };
    const net = network(2, [dense(3, { activation: relu }), dense(1)], { seed: 1 });
    net.write("bias_1", [0, -50, 0]);
    const last = (await net.fit(data, { loss: halfSquaredError, optimizer: sgd(0.001), epochs: 5 })).at(-1)!;
    expect(Object.getOwnPropertyDescriptor(last, "warnings")!.value).toMatchObject([
      { kind: "dead units", array: "layer_1", units: [1] },
    ]);
    expect(JSON.stringify(last)).toContain("1 of 3 units of layer_1 (1) are 0 for all 600 rows");
  });

  test("it beside validation, statistics and how the training ended", async () => {
    const data = { inputs: [[1], [2]], targets: [[1], [2]] };
    const net = network(1, [dense(2, { activation: relu }), dense(1)]);
    net.write("bias_1", [-50, 1]);
    const options = { loss: halfSquaredError, optimizer: sgd(0.01), metrics: [squaredError], epochs: 9 };
    const reports = await net.fit(data, {
      ...options,
      validation: data,
      watch: ["layer_1"],
      earlyStopping: { patience: 1, least: 1e9 },
    });
    expect(reports.at(-1)).toMatchObject({
      stopped: "early",
      validation: {},
      statistics: { layer_1: { dead: 1 } },
      warnings: [{ kind: "dead units", units: [0] }],
    });
  });
});
