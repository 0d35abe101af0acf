import { describe, expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { relu, reluWith } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { normal } from "../../src/layers/initializers.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { differenceSum, halfSquaredError, squaredError } from "../../src/losses/squared.ts";
import { type NetworkOptions, network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { print } from "../../src/program/print/print.ts";
import type { PrintOptions } from "../../src/program/print/script.ts";
import type { Program } from "../../src/program/program.ts";
import { expectSameBits } from "./bits.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "./execute.ts";

const inputs = [
  [1, 0, 1],
  [0, 1, 1],
  [0, 0, 1],
  [1, 1, 1],
];
const goal = [[1], [1], [0], [0]];
const data = { layer_0: inputs, goal };

/** The chapter's network or a variant of it, as a program that trains. */
function trainer({ bias = false, mean = false, activation = relu, ...options }: Variant = {}): Program {
  const made = network(3, [dense(4, { activation, bias }), dense(1, { bias })], options);
  const loss = mean ? meanOf(halfSquaredError) : halfSquaredError;
  return made.trainer({ loss, optimizer: sgd(0.2), metrics: [squaredError, differenceSum] });
}

interface Variant extends NetworkOptions {
  readonly bias?: boolean;
  readonly mean?: boolean;
  readonly activation?: typeof relu;
}

/** Trainings that differ in everything that a printed loop must get right. */
const trainings: Readonly<Record<string, { program: Program; options: PrintOptions }>> = {
  "the chapter's network, one row a batch": {
    program: trainer(),
    options: { data, seed: 1, loop: { epochs: 60 } },
  },
  "bias, and batches of 3 with a last one of 1": {
    program: trainer({ bias: true, mean: true }),
    options: { data, seed: 1, loop: { epochs: 7, batch: 3 } },
  },
  "bias, and the sum over the full batch": {
    program: trainer({ bias: true }),
    options: { data, seed: 1, loop: { epochs: 9, batch: "full" } },
  },
  "a shuffled order over several epochs": {
    program: trainer({ bias: true }),
    options: {
      data,
      seed: 1,
      loop: { epochs: 3, rows: 4, batch: 3, order: [3, 0, 2, 1, 1, 2, 0, 3, 0, 3, 1, 2] },
    },
  },
  "an order that is read cyclically, and rows that it does not divide": {
    program: trainer(),
    options: { data, seed: 1, loop: { epochs: 4, rows: 5, batch: 2, order: [3, 1, 2] } },
  },
  "a setting for each batch, and another seed": {
    program: trainer(),
    options: {
      data,
      seed: 4294967295,
      loop: { epochs: 3, batch: 2, settings: { alpha: [0.3, 0.25, 0.2, 0.1, 0.05, 0.01] } },
    },
  },
  "one setting for the whole training, and a list as seed": {
    program: trainer({ mean: true }),
    options: { data, seed: [1, 2, 3], loop: { epochs: 3, batch: 3, settings: { alpha: 0.05 } } },
  },
  "weights given in data, none drawn": {
    program: trainer(),
    options: {
      data: {
        ...data,
        weights_0_1: [
          [0.1, -0.2, 0.3, -0.4],
          [-0, 0.6, -0.7, 0.8],
          [1e-300, -1e300, 3, -4],
        ],
        weights_1_2: [[0.5], [1e-5], [-0.25], [1 / 3]],
      },
      loop: { epochs: 2 },
    },
  },
  "some weights given, the others drawn as if none were": {
    program: trainer(),
    options: {
      data: { ...data, weights_0_1: inputs.slice(0, 3).map((row) => [...row, 0.5]) },
      seed: 1,
      loop: { epochs: 2 },
    },
  },
  "normal weights": {
    program: trainer({ initialize: normal(0.1, 0.5) }),
    options: { data, seed: 3, loop: { epochs: 4 } },
  },
  "a derivative of 1 at 0, taken from the sum": {
    program: trainer({ activation: reluWith({ derivativeAtZero: 1 }), bias: true }),
    options: { data, seed: 1, loop: { epochs: 3, batch: 3 } },
  },
  "float32, and the mean of batches of 3": {
    program: trainer({ precision: "float32", bias: true, mean: true }),
    options: { data, seed: 1, loop: { epochs: 20, batch: 3 } },
  },
  "float32, and a setting for each batch": {
    program: trainer({ precision: "float32" }),
    options: { data, seed: 2, loop: { epochs: 2, batch: 4, settings: { alpha: [0.1, 0.3] } } },
  },
  "fewer rows than there are": {
    program: trainer({ bias: true }),
    options: { data, seed: 1, loop: { epochs: 2, rows: 3, batch: 2 } },
  },
};

const weightsOf = (program: Program) =>
  program.data.arrays.filter(({ role }) => role === "weights").map(({ name }) => name);

/** What the reference makes of a training: all metrics of all epochs in the order of printing, and the last weights. */
function referenceOf(program: Program, { data: given = {}, loop, seed }: PrintOptions) {
  const session = reference.open(program, { capacity: 5, seed: seed ?? 0 });
  const { layer_0, goal: targets, ...weights } = given;
  session.write(weights);
  session.load({ layer_0: layer_0!, goal: targets! });
  const epochs = session.fit(loop!);
  return {
    metrics: epochs.flatMap(({ metrics }) => Object.values(metrics)),
    weights: weightsOf(program).map((name) => session.read(name).data),
  };
}

const cases = Object.entries(trainings).map(([name, { program, options }]) => {
  const everyEpoch = { ...options, loop: { ...options.loop!, report: 1 } };
  const names = weightsOf(program);
  return {
    name,
    program,
    names,
    wanted: referenceOf(program, options),
    text: (dialect: "numpy" | "numpy-exact" | "typescript") => print(program, dialect, everyEpoch),
  };
});

/** The numbers that a program printed after `Error : `; both languages print the digits that give them back. */
function printedNumbers(lines: readonly string[]): number[] {
  return lines.map((line) => Number(/^Error : (.*)$/.exec(line)![1]));
}

const pythonPrograms = (dialect: "numpy" | "numpy-exact") =>
  runPythonPrograms(cases.map(({ text, names }) => ({ text: text(dialect), names })));

describe("numpy-exact, run by Python, gives the reference's bits", () => {
  const outcomes = pythonPrograms("numpy-exact");
  test.each(cases.map((each, place) => ({ ...each, outcome: outcomes[place]! })))(
    "$name",
    ({ wanted, names, outcome }) => {
      expectSameBits(printedNumbers(outcome.output), wanted.metrics, "metrics");
      for (const [place, name] of names.entries())
        expectSameBits(outcome.numbers[name]!, wanted.weights[place]!, name);
    },
  );
});

describe("typescript, run by JavaScript, gives the reference's bits", () => {
  test.each(cases)("$name", ({ wanted, names, text }) => {
    const outcome = runTypescript({ text: text("typescript"), names });
    expectSameBits(printedNumbers(outcome.output), wanted.metrics, "metrics");
    for (const [place, name] of names.entries())
      expectSameBits(outcome.numbers[name]!, wanted.weights[place]!, name);
  });

  test("and every one of them passes the compiler's strict mode", () => {
    expect(typeErrors(cases.map(({ text }) => text("typescript")))).toEqual([]);
  });

  test("and none of them imports anything", () => {
    for (const { text } of cases) expect(text("typescript")).not.toMatch(/\b(import|require|export)\b/);
  });
});

/**
 * NumPy's own products round otherwise: after these few hundred steps by at most 1e-9 of the largest number in
 * float64 (2⁻⁵² · 10⁶), in float32 1e-3.
 */
describe("numpy, which calls the processor's own products, agrees to rounding", () => {
  const outcomes = pythonPrograms("numpy");
  test.each(cases.map((each, place) => ({ ...each, outcome: outcomes[place]! })))(
    "$name",
    ({ program, wanted, names, outcome }) => {
      const near = program.data.precision === "float64" ? 1e-9 : 1e-3;
      const close = (found: readonly number[], expected: ArrayLike<number>, what: string) => {
        const largest = Math.max(1, ...Array.from(expected, Math.abs));
        for (const [place, value] of found.entries())
          expect(Math.abs(value - expected[place]!) / largest, `${what}[${place}]`).toBeLessThan(near);
      };
      close(printedNumbers(outcome.output), wanted.metrics, "metrics");
      for (const [place, name] of names.entries())
        close(outcome.numbers[name]!, wanted.weights[place]!, name);
    },
  );
});
