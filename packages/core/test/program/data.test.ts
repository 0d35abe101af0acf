import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { ProgramData } from "../../src/program/data.ts";
import { loadProgram } from "../../src/program/loadProgram.ts";
import { print } from "../../src/program/print/print.ts";
import { Program } from "../../src/program/program.ts";
import { build, recipe } from "./randomPrograms.ts";

/** One input, one weights array, one output, one update: the smallest program with all kinds of fields. */
function smallest(): Program {
  const b = new ProgramBuilder("train");
  const w = b.weights("w", [2, 1], { uniform: [-1, 1] });
  const y = b.name(
    "y",
    b.ops.relu(b.ops.matmul(b.input("x", ["batch", 2]), w), { of_output: 1, at_zero: 1 }),
  );
  const goal = b.target("goal", ["batch", 1]);
  b.metric("error", b.ops.squaredError(y, goal), "Error");
  const [delta] = b.gradient(b.ops.halfSquaredError(y, goal), { reduce: "mean" }).values();
  b.inUpdate(() => b.update(w, b.ops.subtract(w, b.ops.scale(b.setting("alpha", 0.5), delta!))));
  return b.build();
}

/** The same data with every record's fields in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe("a program as JSON", () => {
  test("comes back the same: equal JSON, equal listing", () => {
    const program = smallest();
    const again = loadProgram(JSON.stringify(program));
    expect(JSON.stringify(again)).toBe(JSON.stringify(program));
    expect(print(again)).toBe(print(program));
    expect(again.data).toEqual(program.data);
  });

  test("is equal for equal programs, built twice or read from fields in another order", () => {
    const text = JSON.stringify(smallest());
    expect(JSON.stringify(smallest())).toBe(text);
    expect(JSON.stringify(new Program(reversed(JSON.parse(text)) as ProgramData))).toBe(text);
  });

  test("comes back the same, for random programs", () => {
    fc.assert(
      fc.property(recipe, (each) => {
        const { program } = build(each);
        const text = JSON.stringify(program);
        const again = loadProgram(text);
        expect(JSON.stringify(again)).toBe(text);
        expect(JSON.stringify(new Program(reversed(JSON.parse(text)) as ProgramData))).toBe(text);
        expect(print(again, "numpy-exact")).toBe(print(program, "numpy-exact"));
      }),
      { numRuns: 60 },
    );
  });

  test("holds no number that JSON cannot: what is written is what is read", () => {
    const { data } = smallest();
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  test("is not changed by whoever handed the data over", () => {
    const data = JSON.parse(JSON.stringify(smallest()));
    const program = new Program(data);
    const before = JSON.stringify(program);
    data.arrays[0].name = "other";
    data.steps[0].reads[0] = "other";
    data.steps.pop();
    expect(JSON.stringify(program)).toBe(before);
  });
});

test("a program knows its arrays by name, and suggests the nearest to a mistyped one", () => {
  const program = smallest();
  expect(program.array("w").shape).toEqual([2, 1]);
  expect(program.has("w")).toBe(true);
  expect(program.has("v")).toBe(false);
  expect(() => program.array("gaol")).toThrow('there is no array "gaol" in train; did you mean "goal"?');
  expect(() => program.array("nothing_like_it")).toThrow(
    /^there is no array "nothing_like_it" in train; there are x, w, |^there is no array "nothing_like_it" in train; there are w, x, /,
  );
});

test("a program cannot be changed once it is built", () => {
  const data = smallest().data as unknown as { name: string; steps: { op: string; reads: string[] }[] };
  expect(() => {
    data.name = "other";
  }).toThrow(TypeError);
  expect(() => {
    data.steps[0]!.op = "add";
  }).toThrow(TypeError);
  expect(() => data.steps[0]!.reads.push("x")).toThrow(TypeError);
});
