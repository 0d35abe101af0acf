import { expect, test } from "vitest";
import { functionsOf, written } from "../../src/network/exportPredictor.ts";
import { readFunctions } from "../../src/predict/functions.ts";
import { kernels } from "../../src/predict/kernels.ts";
import { prepareStep } from "../../src/predict/steps.ts";
import { block } from "../../src/shape/block.ts";
import { flatten } from "../../src/shape/numbers.ts";
import { cases, dtypesOf, isMetric, oneStep, operandsOf, run } from "../ops/cases.ts";
import { library, opNames } from "../ops/library.ts";
import { expectSameBits } from "../program/bits.ts";

/** A predictor reads numbers or bytes, and none of the ops that read class or row numbers. */
const predictable = opNames.filter((op) => !isMetric(op) && !dtypesOf(op, "float64").includes("int32"));

test.each(predictable)("%s gives the reference's bits on every example", (op) => {
  const own = cases.filter((each) => each.op === op);
  expect(own.length).toBeGreaterThan(0);
  for (const each of own) {
    const { steps } = oneStep(library, each).data;
    const names = operandsOf(op);
    const inputs = each.example.inputs.map(({ shape, values }, operand) => {
      const filled = block(dtypesOf(op, each.precision)[operand]!, shape);
      filled.data.set(values);
      return filled;
    });
    const given = names.map((name, operand) => ({ name, ...inputs[operand]! }));
    const stored = JSON.parse(JSON.stringify({ step: written(steps[0]!), functions: functionsOf(steps) }));
    const callable = readFunctions(stored.functions ?? {}, () => {});
    const result = prepareStep(stored.step, given, each.precision, callable, () => {}).run(inputs, 0);
    const wanted = run(library, "reference", each);
    expect(result.shape, each.key).toEqual(wanted.shape);
    expectSameBits(result.data, flatten("", wanted).values, each.key);
  }
});

test("every kernel has the signature of its op", () => {
  for (const [name, { signature }] of kernels)
    expect([name, signature]).toEqual([name, library.ops[name as "matmul"].signature]);
});

test("no op's expression is longer than a file may have", () => {
  for (const op of predictable) {
    const record = library.ops[op];
    if (record.kind === "elementwise") expect(record.expression.length, op).toBeLessThanOrEqual(1000);
  }
});
