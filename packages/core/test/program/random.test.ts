import fc from "fast-check";
import { expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { print } from "../../src/program/print/print.ts";
import type { PrintOptions } from "../../src/program/print/script.ts";
import type { Program } from "../../src/program/program.ts";
import { times } from "../long.ts";
import { expectSameBits } from "./bits.ts";
import { type Outcome, runPythonPrograms, runTypescript, typeErrors } from "./execute.ts";
import { build, type Recipe, recipe } from "./randomPrograms.ts";

/** Printed programs report the one metric. */
const recipes = fc
  .sample(recipe, { numRuns: times(60, 1000), seed: 20170301 })
  .map((each) => ({ ...each, metrics: [] }));

/** Weights and states: what a training leaves behind. */
const learnt = (program: Program) =>
  program.data.arrays.filter(({ role }) => role === "weights" || role === "state").map(({ name }) => name);

interface Case {
  readonly recipe: Recipe;
  readonly text: (dialect: "numpy-exact" | "typescript") => string;
  readonly names: readonly string[];
  readonly wanted: Readonly<Record<string, ArrayLike<number>>>;
  readonly epochs?: readonly number[];
}

/** A whole training: the metric of each epoch, and the arrays it leaves behind. */
function training(recipe: Recipe): Case {
  const { program, data } = build(recipe);
  const { rows, batch, epochs, seed } = recipe;
  const loop = { epochs, batch, settings: { alpha: Array.from({ length: 10 }, (_, k) => 0.05 / (k + 1)) } };
  const session = reference.open(program, { capacity: rows, seed });
  session.load(data);
  const reported = session.fit(loop).map(({ metrics }) => metrics.error!);
  const options: PrintOptions = { data, seed, loop: { ...loop, report: 1 } };
  return caseOf(recipe, program, options, learnt(program), (name) => session.read(name).data, reported);
}

/** One batch without a loop, of which every line's array is compared. */
function oneBatch(recipe: Recipe): Case {
  const { program, data } = build(recipe);
  const session = reference.open(program, { capacity: recipe.rows, seed: recipe.seed, keep: "all" });
  session.write(data);
  session.run();
  const names = [...new Set([...program.lines.map((line) => line.writes), ...learnt(program)])];
  return caseOf(recipe, program, { data, seed: recipe.seed }, names, (name) => session.read(name).data);
}

function caseOf(
  recipe: Recipe,
  program: Program,
  options: PrintOptions,
  names: readonly string[],
  read: (name: string) => ArrayLike<number>,
  epochs?: readonly number[],
): Case {
  return {
    recipe,
    text: (dialect) => print(program, dialect, options),
    names,
    wanted: Object.fromEntries(names.map((name) => [name, Array.from(read(name))])),
    ...(epochs === undefined ? {} : { epochs }),
  };
}

const cases = recipes.flatMap((each) => [training(each), oneBatch(each)]);

function expectSame({ recipe, text, wanted, epochs }: Case, outcome: Outcome, listing: string): void {
  const what = `${JSON.stringify(recipe)}\n${text("typescript")}\n${listing}`;
  for (const [name, values] of Object.entries(wanted))
    expectSameBits(outcome.numbers[name]!, values, `${name} of ${what}`);
  if (epochs) expectSameBits(outcome.output.map(numberAfterLabel), epochs, `metrics of ${what}`);
}

function numberAfterLabel(line: string): number {
  const text = line.replace("Error : ", "");
  return Number(text.replace(/^(-?)inf$/, "$1Infinity").replace("nan", "NaN"));
}

test("numpy-exact gives the reference's bits, for random programs", () => {
  const outcomes = runPythonPrograms(cases.map(({ text, names }) => ({ text: text("numpy-exact"), names })));
  for (const [place, each] of cases.entries()) expectSame(each, outcomes[place]!, each.text("numpy-exact"));
});

test("typescript gives the reference's bits, for random programs", () => {
  for (const each of cases)
    expectSame(each, runTypescript({ text: each.text("typescript"), names: each.names }), "");
});

test("typescript passes the compiler's strict mode, for random programs", () => {
  expect(typeErrors(cases.map(({ text }) => text("typescript")))).toEqual([]);
});

test("the random programs are worth running: most train to finite numbers, all ops are among them", () => {
  const finite = cases.filter(({ wanted }) =>
    Object.values(wanted).every((values) => Array.from(values).every(Number.isFinite)),
  );
  expect(finite.length).toBeGreaterThan(cases.length / 2);
  const used = new Set(recipes.flatMap((each) => build(each).program.data.steps.map((step) => step.op)));
  expect([...used]).toEqual(
    expect.arrayContaining([
      "add",
      "divide",
      "divideByScalar",
      "fromBytes",
      "gatherRows",
      "matmul",
      "multiply",
      "negate",
      "oneHot",
      "relu",
      "relu2deriv",
      "scale",
      "scatterRows",
      "spreadColumns",
      "spreadRows",
      "square",
      "square2deriv",
      "squaredError",
      "subtract",
      "sumColumns",
      "sumRows",
      "transpose",
    ]),
  );
});
