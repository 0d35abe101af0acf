import { describe, expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import type { Precision } from "../../src/program/data.ts";
import type { Loop } from "../../src/program/loop.ts";
import { print } from "../../src/program/print/print.ts";
import type { Program } from "../../src/program/program.ts";
import { expectSameBits } from "../program/bits.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "../program/execute.ts";
import {
  activations,
  batch,
  build,
  type Combination,
  data,
  learning,
  losses,
  optimizers,
} from "./combinations.ts";

/** Every activation, every loss and every optimizer at least once, and some in float32. */
const chosen: readonly (Combination & { precision?: Precision })[] = [
  ...Object.keys(optimizers).map((optimizer, i) => ({
    optimizer,
    loss: Object.keys(losses)[i % Object.keys(losses).length]!,
    activation: Object.keys(activations)[i % Object.keys(activations).length]!,
  })),
  { loss: "meanOf(categoricalCrossEntropy)", optimizer: "adam", activation: "softmax", precision: "float32" },
  { loss: "binaryCrossEntropy", optimizer: "clipByNorm", activation: "logSoftmax", precision: "float32" },
  { loss: "meanSquaredError", optimizer: "adamw", activation: "softplus", precision: "float32" },
  { loss: "meanAbsoluteError", optimizer: "rmsprop", activation: "tanh", precision: "float32" },
  { loss: "huber", optimizer: "clipByValue", activation: "leakyRelu", precision: "float32" },
  { loss: "halfSquaredError", optimizer: "nesterov", activation: "sigmoid", precision: "float32" },
];

const rewritten = (program: Program) =>
  program.data.arrays.filter(({ role }) => role === "weights" || role === "state").map(({ name }) => name);

const cases = chosen.map((each) => {
  const { schedules } = optimizers[each.optimizer]!;
  const alpha = schedules.alpha;
  const settings = alpha && {
    alpha: Array.from({ length: 12 }, (_, at) => alpha({ batch: at, batchesPerEpoch: 3 })),
  };
  const loop: Loop & { report: number } = {
    epochs: 4,
    batch,
    report: 1,
    ...(settings === undefined ? {} : { settings }),
  };
  const program = build(each, each.precision).trainer(learning(each));
  const given = { data: { layer_0: data.inputs, goal: data.targets }, loop, seed: 1 };
  const session = reference.open(program, { capacity: 3, seed: 1, keep: "all" });
  session.load(given.data);
  const reported = session.fit(loop).flatMap(({ metrics }) => Object.values(metrics));
  const names = rewritten(program);
  const numbers = Object.fromEntries(names.map((name) => [name, session.read(name).data]));
  const key = `${each.loss}, ${each.optimizer}, ${each.activation}${each.precision ? `, ${each.precision}` : ""}`;
  return {
    key,
    names,
    reported,
    numbers,
    text: (dialect: "numpy-exact" | "typescript") => print(program, dialect, given),
  };
});

const printed = (lines: readonly string[]) => lines.map((line) => Number(/ : (.*)$/.exec(line)![1]));

describe("numpy-exact, run by Python, gives the reference's weights, states and losses in bits", () => {
  const outcomes = runPythonPrograms(cases.map(({ text, names }) => ({ text: text("numpy-exact"), names })));
  test.each(cases.map((each, place) => ({ ...each, outcome: outcomes[place]! })))("$key", (each) => {
    expectSameBits(printed(each.outcome.output), each.reported, "losses");
    for (const name of each.names) expectSameBits(each.outcome.numbers[name]!, each.numbers[name]!, name);
  });
});

describe("typescript, run by JavaScript, gives the reference's weights, states and losses in bits", () => {
  test.each(cases)("$key", ({ names, text, reported, numbers }) => {
    const outcome = runTypescript({ text: text("typescript"), names });
    expectSameBits(printed(outcome.output), reported, "losses");
    for (const name of names) expectSameBits(outcome.numbers[name]!, numbers[name]!, name);
  });

  test("and every one of them passes the compiler's strict mode", () => {
    expect(typeErrors(cases.map(({ text }) => text("typescript")))).toEqual([]);
  });
});
