import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Definition } from "../../src/math/definition.ts";
import { type ElementaryFunction, functions } from "../../src/math/functions.ts";
import { compile, elementary, parse } from "../../src/ops/expression.ts";
import { runPython } from "../oracle/python.ts";
import { hex } from "../random/bits.ts";
import { argumentsOf, specialArguments } from "./arguments.ts";

const names = Object.keys(functions) as ElementaryFunction[];
const oracle = readFileSync(new URL("oracle.py", import.meta.url), "utf8");

describe("the error, measured against 50 digits, is as promised", () => {
  it.each(names)("%s", (name) => {
    const x = argumentsOf[name];
    expect(x.length).toBeGreaterThanOrEqual(20_000);
    const y = x.map(elementary(name));
    const asked = { name, x: x.map(hex).join(""), y: y.map(hex).join("") };
    const { worst, at } = JSON.parse(runPython(oracle, asked)) as { worst: number; at: number };
    expect(worst, `${name}(${x[at]}) is ${y[at]}`).toBeLessThanOrEqual(functions[name].ulps);
  });
});

/** What each function gives where the answer is exact, or is no number. */
const exact: Readonly<Record<ElementaryFunction, readonly (readonly [x: number, value: number])[]>> = {
  exp: [
    [0, 1],
    [-0, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [710, Infinity],
    [1e300, Infinity],
    [-746, 0],
    [-1e300, 0],
    [5e-324, 1],
  ],
  expm1: [
    [0, 0],
    [-0, -0],
    [Infinity, Infinity],
    [-Infinity, -1],
    [710, Infinity],
    [-40, -1],
    [-1e300, -1],
    [5e-324, 5e-324],
    [-5e-324, -5e-324],
  ],
  log: [
    [1, 0],
    [0, -Infinity],
    [-0, -Infinity],
    [Infinity, Infinity],
    [-Infinity, Number.NaN],
    [-1, Number.NaN],
    [-5e-324, Number.NaN],
  ],
  log1p: [
    [0, 0],
    [-0, -0],
    [-1, -Infinity],
    [Infinity, Infinity],
    [-Infinity, Number.NaN],
    [-1.0000000000000002, Number.NaN],
    [5e-324, 5e-324],
    [-5e-324, -5e-324],
  ],
  tanh: [
    [0, 0],
    [-0, -0],
    [Infinity, 1],
    [-Infinity, -1],
    [22, 1],
    [-22, -1],
    [1e300, 1],
    [5e-324, 5e-324],
    [-5e-324, -5e-324],
  ],
  cos: [
    [0, 1],
    [-0, 1],
    [Infinity, Number.NaN],
    [-Infinity, Number.NaN],
    [5e-324, 1],
  ],
};

describe("values that are exact", () => {
  it.each(names)("%s", (name) => {
    const f = elementary(name);
    const found = exact[name].map(([x]) => [x, f(x)]);
    expect(found).toEqual(exact[name]);
    expect(f(Number.NaN)).toBeNaN();
  });
});

describe("what holds for the functions holds for their doubles", () => {
  it.each(["exp", "expm1", "log", "log1p"] as const)("%s never falls", (name) => {
    const sorted = [...argumentsOf[name]].sort((a, b) => a - b);
    const y = sorted.map(elementary(name));
    const falls = sorted.filter((_, i) => i > 0 && y[i]! < y[i - 1]!);
    expect(falls).toEqual([]);
  });

  it("tanh is odd and stays within 1, cos is even and stays within 1 beyond its range too", () => {
    const [tanh, cos] = [elementary("tanh"), elementary("cos")];
    const x = [...argumentsOf.tanh, ...argumentsOf.cos, 1e7, 1e16, 1e22, 1e300, Number.MAX_VALUE];
    expect(x.filter((x) => !Object.is(tanh(-x), -tanh(x)) || Math.abs(tanh(x)) > 1)).toEqual([]);
    expect(x.filter((x) => !Object.is(cos(-x), cos(x)) || Math.abs(cos(x)) > 1)).toEqual([]);
  });
});

it.each(names)("%s in float32 is the float64 result rounded once", (name) => {
  const inFloat32 = compile(parse(`${name}(x)`), ["x"], Math.fround);
  const f = elementary(name);
  const x = [...argumentsOf[name], ...specialArguments].map(Math.fround);
  expect(x.filter((each) => !Object.is(inFloat32([each]), Math.fround(f(each))))).toEqual([]);
});

it.each(Object.values(functions) as Definition[])("$name names each step once and reads it", (definition) => {
  const { operand, steps, result } = definition;
  const known = [operand, ...steps.map(([step]) => step)];
  expect(new Set(known).size).toBe(known.length);
  const readers = [...steps.map(([, text]) => text), result].join(" ");
  expect(known.filter((name) => !new RegExp(`\\b${name}\\b`).test(readers))).toEqual([]);
});
