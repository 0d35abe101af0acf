import { describe, expect, it } from "vitest";
import { captions } from "../../src/ops/captions.ts";
import { parse } from "../../src/ops/expression.ts";
import type { Op } from "../../src/ops/op.ts";
import { resultShape, signature } from "../../src/ops/signature.ts";
import { print } from "../../src/program/print/print.ts";
import { count, isWhole } from "../../src/shape/block.ts";
import { cases, dtypesOf, oneStep, operandsOf } from "./cases.ts";
import { examplesOf, library, opNames } from "./library.ts";

/** What every op of the registry promises, whatever it computes. */
describe.each(opNames)("%s", (name) => {
  const op: Op = library.ops[name];
  const numbers = examplesOf(name).flatMap(({ inputs }) => inputs.flatMap(({ values }) => values));
  const shapes = examplesOf(name).map(({ inputs, parameters }) => ({
    inputs: inputs.map(({ shape }) => shape),
    result: resultShape(
      name,
      op.signature,
      inputs.map(({ shape }, i) => ({
        name: operandsOf(name)[i]!,
        shape,
        dtype: dtypesOf(name, "float64")[i],
      })),
      parameters,
    ),
  }));

  it("says what it does in one line", () => {
    expect(captions[name]).toMatch(/^\S.*\S$/);
    expect(op.noun).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it("has a signature that reads as it is written, with operands of different names", () => {
    const { operands, result } = signature(op.signature);
    const again = operands
      .map(({ name: operand, pattern, dtype }) => {
        return `${operand}[${pattern.join(" ")}]${dtype === undefined ? "" : `:${dtype}`}`;
      })
      .join(" ");
    expect(`${again} -> [${result.join(" ")}]`).toBe(op.signature);
    expect(operands.length).toBeGreaterThan(0);
    expect(new Set(operandsOf(name)).size).toBe(operands.length);
  });

  it("has gradient rules for operands of its signature only", () => {
    expect(operandsOf(name)).toEqual(expect.arrayContaining(Object.keys(op.gradient)));
  });

  it("names nothing but its operands and parameters in its expression, and every operand", () => {
    if ((op.kind !== "elementwise" && op.kind !== "metric") || "row" in op) return;
    const named = new Set(namesIn(parse(op.expression)));
    const known = [...operandsOf(name), ...Object.keys(op.parameters ?? {})];
    expect(known).toEqual(expect.arrayContaining([...named]));
    expect([...named]).toEqual(expect.arrayContaining(operandsOf(name)));
  });

  it("has examples that fit its signature, and whose numbers fill their shapes", () => {
    for (const { inputs } of examplesOf(name)) {
      expect(inputs.length).toBe(operandsOf(name).length);
      for (const { shape, values } of inputs) expect(values.length).toBe(count(shape));
    }
    for (const { result } of shapes) expect(result.every((size) => Number.isInteger(size))).toBe(true);
  });

  it("has examples that are empty, that have one row, and that hold NaN and -0", () => {
    expect(shapes.some(({ inputs }) => inputs.some((shape) => count(shape) === 0))).toBe(true);
    expect(shapes.some(({ inputs, result }) => [...inputs, result].some((shape) => shape[0] === 1))).toBe(
      true,
    );
    // Whole numbers are neither; the smallest and the largest that the type holds stand for them.
    const types = dtypesOf(name, "float64");
    const floating = types.includes("float64");
    expect(numbers.some(Number.isNaN)).toBe(floating);
    expect(numbers.some((value) => Object.is(value, -0))).toBe(floating);
    const limits = { int32: [-2147483648, 2147483647], uint8: [0, 255] };
    for (const type of types)
      if (isWhole(type) && !floating) expect(numbers).toEqual(expect.arrayContaining(limits[type]));
  });

  it("has an example for each option that is not its default", () => {
    // relu takes no notice of its options but in its derivative, where `checkReluOptions` tries them all.
    if (name === "relu") return;
    for (const [option, usual] of Object.entries(op.parameters ?? {}))
      expect(examplesOf(name).some(({ parameters }) => (parameters?.[option] ?? usual) !== usual)).toBe(true);
  });

  it.each([
    ["numpy", /def (\w+)\(/g, /(?<![\w.])([a-z_]\w*)\(/g],
    ["numpy-exact", /def (\w+)\(/g, /(?<![\w.])([a-z_]\w*)\(/g],
    ["typescript", /(?:function|const) (\w+)/g, /(?<![\w.])([a-z_]\w*)\(/gi],
  ] as const)("printed as %s defines each function that it calls", (dialect, definition, callOf) => {
    const text = print(oneStep(library, cases.find((each) => each.op === name)!), dialect);
    const defined = [...text.matchAll(definition)].map((match) => match[1]!);
    const parameters = ["f", "add"];
    const language = ["len", "range", "function", "Number", "for", "if", "Array", "typeof", "zip", "set"];
    const bytes = ["DataView", "ArrayBuffer"];
    const called = [...text.matchAll(callOf)].map((match) => match[1]!);
    const known = [...defined, ...parameters, ...language, ...bytes];
    expect(known).toEqual(expect.arrayContaining(called));
  });
});

function namesIn(expression: ReturnType<typeof parse>): string[] {
  if (expression.kind === "name") return [expression.name];
  return expression.kind === "apply" ? expression.operands.flatMap(namesIn) : [];
}
