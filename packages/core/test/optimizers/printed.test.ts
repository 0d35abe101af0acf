import { describe, expect, test } from "vitest";
import type { Precision } from "../../src/program/data.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "../program/execute.ts";
import {
  activations,
  bodies,
  type Combination,
  losses,
  optimizers,
  schedules,
  turn,
} from "./combinations.ts";
import { expectReference, printedTraining } from "./printed.ts";

const float32 = { schedule: "step", body: "plain", precision: "float32" } as const;

/** Every activation, loss, optimizer, schedule and body at least once, and some in float32. */
const chosen: readonly (Combination & { precision?: Precision })[] = [
  ...Object.keys(optimizers).map((optimizer, i) => ({
    optimizer,
    loss: turn(losses, i),
    activation: turn(activations, i),
    schedule: turn(schedules, i),
    body: turn(bodies, i),
  })),
  { loss: "meanOf(categoricalCrossEntropy)", optimizer: "adam", activation: "softmax", ...float32 },
  { loss: "binaryCrossEntropy", optimizer: "clipByNorm", activation: "logSoftmax", ...float32 },
  { loss: "meanSquaredError", optimizer: "adamw", activation: "softplus", ...float32, body: "dropout" },
  { loss: "meanAbsoluteError", optimizer: "rmsprop", activation: "tanh", ...float32, schedule: "cosine" },
  { loss: "huber", optimizer: "clipByValue", activation: "leakyRelu", ...float32 },
  { loss: "halfSquaredError", optimizer: "nesterov", activation: "sigmoid", ...float32, body: "dropout" },
];

const cases = chosen.map((each) => printedTraining(each, 4));

describe("numpy-exact, run by Python, gives the reference's weights, states and losses in bits", () => {
  const outcomes = runPythonPrograms(cases.map(({ text, names }) => ({ text: text("numpy-exact"), names })));
  test.each(cases.map((each, place) => ({ ...each, outcome: outcomes[place]! })))("$key", (each) => {
    expectReference(each.outcome, each);
  });
});

describe("typescript, run by JavaScript, gives the reference's weights, states and losses in bits", () => {
  test.each(cases)("$key", (each) => {
    expectReference(runTypescript({ text: each.text("typescript"), names: each.names }), each);
  });

  test("and every one of them passes the compiler's strict mode", () => {
    expect(typeErrors(cases.map(({ text }) => text("typescript")))).toEqual([]);
  });
});
