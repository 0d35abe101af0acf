import { describe, expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import type { Ref } from "../../src/ops/op.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { Program } from "../../src/program/program.ts";
import { expectSameBits } from "../program/bits.ts";
import { chapter, examples, lights, predict, train } from "./crossing.ts";

const both = (keep: readonly string[] | "all" = []) =>
  reference.open([train, predict], { capacity: 4, seed: 1, keep });

/** A program of one line, `<output> = <op>(w)`. */
function small(
  name: string,
  shape: readonly number[],
  line: (b: ProgramBuilder, w: Ref) => unknown,
): Program {
  const b = new ProgramBuilder(name);
  line(b, b.weights("w", shape, { value: 2 }));
  return b.build();
}

describe("several programs over one memory", () => {
  test("share arrays of one name: what one learns, the other predicts with", async () => {
    const session = both();
    session.load(examples);
    session.fit({ epochs: 60 });
    session.write({ layer_0: lights });
    session.run({ program: "predict" });
    const shared = Array.from(session.read("layer_2").data);

    const alone = chapter();
    for (const name of ["weights_0_1", "weights_1_2"]) alone.write(name, session.read(name));
    expectSameBits(shared, (await alone.predict(lights)).data);
    // After sixty epochs the book's network is right about all four lights.
    expect(shared.map(Math.round).map(Math.abs)).toEqual([1, 1, 0, 0]);
  });

  test("draw shared weights once, as the first program declares them", () => {
    const alone = reference.open(train, { seed: 1 });
    for (const name of ["weights_0_1", "weights_1_2"])
      expectSameBits(both().read(name).data, alone.read(name).data);
  });

  test("predicting changes neither weights nor metrics", () => {
    const session = both();
    const before = ["weights_0_1", "weights_1_2", "layer_2_error"].map((name) =>
      Array.from(session.read(name).data),
    );
    session.write({ layer_0: lights });
    session.run({ program: "predict" });
    const after = ["weights_0_1", "weights_1_2", "layer_2_error"].map((name) =>
      Array.from(session.read(name).data),
    );
    expect(after).toEqual(before);
  });

  test("fit trains the first, run without a name runs the first", () => {
    const session = reference.open([predict, train], { capacity: 4, seed: 1, keep: "all" });
    session.write({ layer_0: [[1, 0, 1]], goal: [[1]] });
    session.run();
    expect(() => session.read("layer_2_delta")).toThrow(
      "layer_2_delta is not computed yet: run backpropagate first",
    );
  });

  test("a plan has a line for each", () => {
    expect(both().plan().split("\n")).toEqual([
      "reference: train in float64, 17 steps (3 of them views, which write nothing) over 20 arrays, capacity 4 rows",
      "reference: predict in float64, 3 steps (0 of them views, which write nothing) over 6 arrays, capacity 4 rows",
    ]);
  });
});

describe("programs that do not go together are refused", () => {
  const square = (name: string) => small(name, [2, 2], (b, w) => b.name("y", b.ops.square(w)));

  test("two of one name", () => {
    expect(() => reference.open([square("one"), square("one")])).toThrow(
      "two programs of a session are named one",
    );
  });

  test("none at all", () => {
    expect(() => reference.open([])).toThrow("a session needs at least one program");
  });

  test("one name for arrays of different shapes", () => {
    const other = small("other", [2, 3], (b, w) => b.name("z", b.ops.square(w)));
    expect(() => reference.open([square("one"), other])).toThrow(
      "w is 2 × 3 float64 in other, but 2 × 2 float64 in a program before it; arrays of one name are shared",
    );
  });

  test("one name for arrays of different precision", () => {
    const b = new ProgramBuilder("single", "float32");
    b.name("z", b.ops.square(b.weights("w", [2, 2])));
    expect(() => reference.open([square("one"), b.build()])).toThrow(
      "w is 2 × 2 float32 in single, but 2 × 2 float64 in a program before it; arrays of one name are shared",
    );
  });

  test("one name for a view here and a result there", () => {
    const view = small("view", [2, 2], (b, w) => b.name("y", b.ops.transpose(w)));
    for (const [first, second] of [
      [square("squares"), view],
      [view, square("squares")],
    ] as const)
      expect(() => reference.open([first, second])).toThrow(
        `y is computed otherwise in ${second.name} than in a program before it: give it another name`,
      );
  });
});
