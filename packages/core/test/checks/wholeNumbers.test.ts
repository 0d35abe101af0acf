import { expect, test } from "vitest";
import { checkGradients as checkProgram } from "../../src/checks/checkGradients.ts";
import { NonFiniteError } from "../../src/checks/nonFiniteError.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { ofLabels } from "../../src/losses/labels.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { checkNumbers, firstNonFinite } from "../../src/network/checks.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { stopWhen } from "../../src/trace/stopWhen.ts";
import { Trace } from "../../src/trace/trace.ts";

const bytes = [
  [0, 255, 9],
  [200, 3, 77],
  [255, 128, 1],
];
const labels = [1, 0, 1];
const learning = { loss: ofLabels(halfSquaredError), optimizer: sgd(0.2) };
const net = () => network(3, [dense(4, { activation: relu }), dense(2)], { bytes: 255, seed: 3 });
const score = {
  program: net().trainer(learning),
  data: { pixels: bytes, labels },
  loop: { epochs: 2, batch: 2 },
  seed: 3,
};

test("a learner's bytes, class numbers and goals are compared, and slips behind them are found", async () => {
  const trace = Trace.record(score).seek({ epoch: 1, batch: 0, phase: "update" });
  const agreed = {
    pixels: bytes.slice(0, 2),
    labels: [1, 0],
    layer_0: bytes.slice(0, 2).map((row) => row.map((byte) => byte / 255)),
    goal: [
      [0, 1],
      [1, 0],
    ],
  };
  const report = await checkNumbers(trace, agreed);
  expect(`${report}`).toBe("pixels, labels, layer_0, goal agree with the trace, to 1e-8");
  const delta = trace.read("layer_2_delta")!.toArray() as number[][];
  const twice = delta.map((row) => row.map((value) => 2 * value));
  const { parting } = await checkNumbers(trace, { ...agreed, layer_2_delta: twice });
  expect(parting).toMatchObject({ array: "layer_2_delta", slips: [{ kind: "factor" }] });
  const wrong = await checkNumbers(trace, { labels: [1, 1] });
  expect(`${wrong}`.split("\n")[0]).toBe("labels[1] is 0, but you have 1; nothing before it was given");
});

test("a trace stops at a byte, and a training watches them", async () => {
  const trace = Trace.record(score);
  expect(trace.find(stopWhen("pixels", (pixels) => pixels.at(0, 0) === 255))).toBe(true);
  expect(trace.position).toMatchObject({ epoch: 0, batch: 1 });
  const [epoch] = await net().fit(
    { inputs: bytes, targets: labels },
    { ...learning, epochs: 1, watch: ["pixels", "labels"] },
  );
  expect(epoch!.statistics!.pixels).toMatchObject({ min: 0, max: 255, zeros: 1 / 9 });
  expect(epoch!.statistics!.labels!.mean).toBe(2 / 3);
});

test("numbers that outgrow are not laid to bytes, which are divided before they are computed with", async () => {
  const made = net();
  const error = await made
    .fit({ inputs: bytes, targets: labels }, { ...learning, optimizer: sgd(1e200), epochs: 9 })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NonFiniteError);
  expect((error as NonFiniteError).cause).toContain("a step size that is too large");
});

test("a row outside a table is named with the number that asked for it", async () => {
  const b = new ProgramBuilder("train");
  const table = b.weights("word_rows", [4, 2], { value: 0.5 });
  const goal = b.target("goal", ["batch", 2]);
  const meaning = b.name("meaning", b.ops.gatherRows(table, b.input("words", ["batch"], "int32")));
  b.metric("meaning_error", b.ops.squaredError(meaning, goal));
  const error = b.name("half_error", b.ops.total(b.ops.square(b.ops.subtract(meaning, goal))));
  sgd(0.1).append(b, b.gradient(error));
  const program = b.build();
  const data = {
    words: [1, 4, 1],
    goal: [
      [0, 0],
      [1, 1],
      [1, 0],
    ],
  };
  const lookup = { program, data, loop: { epochs: 1, batch: 3 } };
  const found = await firstNonFinite(lookup, 0, 1, Trace.record(lookup).stateBefore(0));
  expect(new NonFiniteError(found!).message).toBe(`gatherRows(word_rows, words): meaning[1, 0] became nan
  table  [0.5 0.5 0.5 0.5]  column 0 of word_rows
  rows   4                  words[1]
  in predict: meaning = word_rows[words]
  at epoch 0, batch 0, step 0, example 1, all counted from 0
  usual cause: row 4 of a table that has rows 0 to 3, where there is no number`);

  const inside = { ...data, words: [1, 3, 1] };
  const report = checkProgram(program, {
    loss: "half_error",
    data: inside,
    weights: {
      word_rows: [
        [1, 2],
        [0.5, 0.25],
        [3, 4],
        [-1, 0.75],
      ],
    },
  });
  expect(report.passed, `${report}`).toBe(true);
  // Row 1 is read twice: 2 (0.5 - 0) + 2 (0.5 - 1) and 2 (0.25 - 0) + 2 (0.25 - 0).
  expect(report.rows.map(({ byBackpropagation }) => byBackpropagation)).toEqual([0, 0, 0, 1, 0, 0, -4, -0.5]);
});
