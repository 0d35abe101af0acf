import { describe, expect, test } from "vitest";
import { type Session, SessionError } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { phases } from "../../src/program/data.ts";
import type { Numbers } from "../../src/shape/numbers.ts";
import { expectSameBits } from "../program/bits.ts";
import { chapter, opened, train } from "./crossing.ts";

/** x · w, with numbers that are easy by hand: rows of x times [10, 1]. */
function easy() {
  const b = new ProgramBuilder("easy");
  const w = b.weights("w", [2, 1], { values: [10, 1] });
  const less = b.name("less", b.ops.negate(b.input("x", ["batch", 2])));
  b.name("y", b.ops.negate(b.ops.matmul(less, w)));
  return reference.open(b.build(), { capacity: 3, keep: "all" });
}

/** An array's numbers; undefined where nothing has computed it. */
function numbersOrNone(session: Session, name: string): number[] | undefined {
  try {
    return Array.from(session.read(name).data);
  } catch (error) {
    if (error instanceof SessionError) return undefined;
    throw error;
  }
}

describe("the chapter's first batch, phase by phase", () => {
  // In [13], In [16], In [7] of the notebook print layer_0, layer_1 and layer_2; In [36] the squared error; In [39]
  // weights_1_2. The seed draws the weights that In [32] prints.
  const session = opened({ keep: "all" });
  const digits = (name: string) =>
    Array.from(session.read(name).data, (value) => (Object.is(value, -0) ? -0 : Number(value.toFixed(8))));
  session.write({ layer_0: [[1, 0, 1]], goal: [[1]] });

  test("weights start as the notebook draws them", () => {
    expect(digits("weights_0_1")).toEqual([
      -0.16595599, 0.44064899, -0.99977125, -0.39533485, -0.70648822, -0.81532281, -0.62747958, -0.30887855,
      -0.20646505, 0.07763347, -0.16161097, 0.370439,
    ]);
    expect(digits("weights_1_2")).toEqual([-0.5910955, 0.75623487, -0.94522481, 0.34093502]);
  });

  test("predict", () => {
    session.run("predict");
    expect(digits("layer_1")).toEqual([-0, 0.51828245, -0, -0]);
    expect(digits("layer_2")).toEqual([0.39194327]);
    expect(digits("layer_2_error")).toEqual([0]);
  });

  test("compare", () => {
    session.run("compare");
    expect(digits("layer_2_error")).toEqual([0.36973299]);
    expect(() => session.read("layer_2_delta")).toThrow(
      "layer_2_delta is not computed yet: run backpropagate first",
    );
  });

  test("backpropagate reads the weights from before the update", () => {
    session.run("backpropagate");
    // layer_2_delta = 0.39194327 - 1; times weights_1_2, where layer_1 is above 0.
    expect(digits("layer_2_delta")).toEqual([-0.60805673]);
    expect(digits("layer_1_delta")).toEqual([0, expect.closeTo(-0.60805673 * 0.75623487, 7), 0, -0]);
    expect(digits("weights_1_2")[1]).toBe(0.75623487);
  });

  test("update", () => {
    session.run("update");
    // weights_1_2[1] -= 0.2 · 0.51828245 · -0.60805673
    expect(digits("weights_1_2")).toEqual([-0.5910955, 0.8192639, -0.94522481, 0.34093502]);
  });
});

describe("what is run", () => {
  const everything = (act: (session: ReturnType<typeof opened>) => void) => {
    const session = opened({ keep: "all" });
    session.write({
      layer_0: [
        [1, 0, 1],
        [0, 1, 1],
      ],
      goal: [[1], [1]],
    });
    act(session);
    return train.data.arrays.map(({ name }) => numbersOrNone(session, name));
  };
  const whole = everything((session) => session.run());

  test("four phases one by one are the whole program", () => {
    const one = everything((session) => {
      for (const phase of phases) session.run(phase);
    });
    expect(one).toEqual(whole);
  });

  test("one step after the other is the whole program", () => {
    const steps = train.data.steps.length;
    expect(
      everything((session) => {
        for (let step = 0; step < steps; step++) session.run({ steps: [step, step + 1] });
      }),
    ).toEqual(whole);
  });

  test("a range of no steps changes nothing", () => {
    expect(everything((session) => session.run({ steps: [3, 3] }))).toEqual(everything(() => {}));
  });

  test("the program is the first one, or the one named", () => {
    expect(everything((session) => session.run({ program: "train" }))).toEqual(whole);
  });

  test("a metric is the run's own, unless it is to add to what it holds", () => {
    const session = opened();
    session.write({ layer_0: [[1, 0, 1]], goal: [[1]] });
    const error = () => session.read("layer_2_error").data[0]!;
    session.run("predict");
    session.run("compare");
    const once = error();
    expect(once).toBeCloseTo(0.36973299, 8);
    session.run("compare");
    expect(error()).toBe(once);
    session.run({ phase: "compare", accumulate: true });
    expect(error()).toBe(once + once);
    session.write({ layer_2_error: 5 });
    session.run({ phase: "compare", accumulate: true });
    expect(error()).toBe(5 + once);
    // What has no steps of it leaves it as it is.
    session.run("backpropagate");
    expect(error()).toBe(5 + once);
    session.run({ phase: "compare", accumulate: false });
    expect(error()).toBe(once);
    session.run({}, 0);
    expect(error()).toBe(0);
  });
});

describe("rows", () => {
  test("a run takes as many as were written last", () => {
    const session = easy();
    session.write({
      x: [
        [1, 2],
        [3, 4],
      ],
    });
    session.run();
    expect(session.read("y").shape).toEqual([2, 1]);
    expect(Array.from(session.read("y").data)).toEqual([12, 34]);
    session.write({ x: [[5, 6]] });
    session.run();
    expect(Array.from(session.read("y").data)).toEqual([56]);
  });

  test("a run may take fewer, or more of those that were written before", () => {
    const session = easy();
    session.write({
      x: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    });
    session.run({}, 2);
    expect(Array.from(session.read("y").data)).toEqual([12, 34]);
    session.run({}, 3);
    expect(Array.from(session.read("y").data)).toEqual([12, 34, 56]);
  });

  test("none are allowed: nothing is predicted", () => {
    const session = easy();
    session.run({}, 0);
    expect(session.read("y").shape).toEqual([0, 1]);
  });

  test("of a batch without rows, gradients are 0 and weights stay", () => {
    const session = opened({ keep: "all" });
    const before = Array.from(session.read("weights_0_1").data);
    session.run({}, 0);
    expectSameBits(session.read("weight_delta_0_1").data, new Array(12).fill(0));
    expectSameBits(session.read("weights_0_1").data, before);
  });
});

describe("write", () => {
  test("takes nested lists, typed arrays, arrays and one number", () => {
    const session = opened();
    session.write({
      weights_1_2: chapter().read("weights_1_2"),
      alpha: 0.5,
      layer_2_error: new Float64Array(1)[0]!,
    });
    expect(session.read("alpha").data[0]).toBe(0.5);
    const b = new ProgramBuilder("vector");
    b.name("y", b.ops.negate(b.weights("w", [3])));
    const row = reference.open(b.build());
    row.write({ w: Float32Array.of(1, 2, 0.5) });
    row.run();
    expect(Array.from(row.read("y").data)).toEqual([-1, -2, -0.5]);
  });

  test("copies: numbers that change afterwards change nothing", () => {
    const session = opened();
    const given = Float64Array.of(1, 2, 3, 4);
    session.write({ weights_1_2: chapter().read("weights_1_2") });
    const list = Array.from(given, (value) => [value]);
    session.write({ weights_1_2: list });
    list[0]![0] = 99;
    expect(Array.from(session.read("weights_1_2").data)).toEqual([1, 2, 3, 4]);
  });

  test("writes all or nothing", () => {
    const session = opened();
    session.write({ layer_0: [[1, 1, 1]], goal: [[1]] });
    const before = ["layer_0", "goal", "weights_1_2", "alpha"].map((name) =>
      Array.from(session.read(name).data),
    );
    const refused: Record<string, Numbers>[] = [
      { alpha: 3, weights_1_2: [[1], [2], [3]] },
      { alpha: 3, layer_0: [[2, 2, 2]], layer_9: 1 },
      { alpha: 3, layer_0: [[2, 2, 2]], layer_1: [[1, 1, 1, 1]] },
      {
        alpha: 3,
        layer_0: [
          [2, 2, 2],
          [2, 2, 2],
        ],
        goal: [[2]],
      },
      { alpha: 3, goal: [[1], [2], [3], [4], [5]] },
    ];
    for (const broken of refused) expect(() => session.write(broken)).toThrow();
    const after = ["layer_0", "goal", "weights_1_2", "alpha"].map((name) =>
      Array.from(session.read(name).data),
    );
    expect(after).toEqual(before);
  });

  test("rounds once where the program is float32", () => {
    const b = new ProgramBuilder("single", "float32");
    b.name("y", b.ops.negate(b.weights("w", [1])));
    const session = reference.open(b.build());
    session.write({ w: [0.1] });
    expect(session.read("w").data[0]).toBe(Math.fround(0.1));
    expect(session.read("w").dtype).toBe("float32");
  });
});

describe("read", () => {
  test("gives a copy", () => {
    const session = opened();
    const read = session.read("weights_1_2");
    read.data[0] = 99;
    expect(session.read("weights_1_2").data[0]).not.toBe(99);
  });

  test("gives outputs, weights, settings, metrics and examples without being asked to keep them", () => {
    const session = opened();
    session.write({ layer_0: [[1, 0, 1]], goal: [[1]] });
    session.run();
    for (const name of ["layer_2", "weights_0_1", "alpha", "layer_2_error", "layer_0", "goal"])
      expect(() => session.read(name)).not.toThrow();
  });

  test("gives what keep names, and with all, everything that the program has", () => {
    const one = opened({ keep: ["layer_1"] });
    one.write({ layer_0: [[1, 0, 1]], goal: [[1]] });
    one.run();
    expect(one.read("layer_1").shape).toEqual([1, 4]);
    expect(() => one.read("layer_1_delta")).toThrow("was not kept");
    const all = opened({ keep: "all" });
    all.write({
      layer_0: [
        [1, 0, 1],
        [0, 1, 1],
      ],
      goal: [[1], [1]],
    });
    all.run();
    for (const { name, shape } of train.data.arrays)
      expect(all.read(name).shape, name).toEqual(shape.map((size) => (size === "batch" ? 2 : size)));
  });

  test("shows a transposed array by rows, as it is", () => {
    const session = opened({ keep: "all" });
    session.write({
      layer_0: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      goal: [[0], [0]],
    });
    session.run();
    expect(session.read("weight_delta_0_1_transposed").shape).toEqual([3, 2]);
    expect(Array.from(session.read("weight_delta_0_1_transposed").data)).toEqual([1, 4, 2, 5, 3, 6]);
  });
});

describe("a step of update that reads what it rewrites", () => {
  const rewriting = (
    make: (
      b: ProgramBuilder,
      w: ReturnType<ProgramBuilder["weights"]>,
    ) => ReturnType<ProgramBuilder["weights"]>,
  ) => {
    const b = new ProgramBuilder("rewrites");
    const w = b.weights("w", [2, 2], { values: [1, 2, 3, 4] });
    b.inUpdate(() => b.update(w, make(b, w)));
    const session = reference.open(b.build());
    session.run();
    return Array.from(session.read("w").data);
  };

  test("reads the numbers from before, though transposed", () => {
    // [[1 2] [3 4]] + [[1 3] [2 4]]
    expect(rewriting((b, w) => b.ops.add(w, b.ops.transpose(w)))).toEqual([2, 5, 5, 8]);
  });

  test("reads the numbers from before, though in a product with itself", () => {
    // [[1 2] [3 4]] · [[1 2] [3 4]]
    expect(rewriting((b, w) => b.ops.matmul(w, w))).toEqual([7, 10, 15, 22]);
  });

  test("reads the numbers from before, though it spreads sums of them", () => {
    // Columns add up to 4 and 6.
    expect(rewriting((b, w) => b.ops.subtract(w, b.ops.sumRows(w)))).toEqual([-3, -4, -1, -2]);
  });
});

test("a plan says what runs, in which precision, with which capacity", () => {
  expect(opened().plan()).toBe(
    "reference: train in float64, 17 steps (3 of them views, which write nothing) over 20 arrays, capacity 4 rows",
  );
});

describe("what is not there is not read", () => {
  test("an array that no run has computed", () => {
    const session = opened({ keep: "all" });
    session.write({ layer_0: [[1, 0, 1]], goal: [[1]] });
    expect(() => session.read("layer_1")).toThrow("layer_1 is not computed yet: run predict first");
    expect(() => session.run("backpropagate")).toThrow("layer_2 is not computed yet: run predict first");
    session.run("predict");
    expect(() => session.run("update")).toThrow("is not computed yet: run backpropagate first");
  });

  test("examples that were not written, or for fewer rows", () => {
    const session = opened({ keep: "all" });
    expect(() => session.run("predict", 1)).toThrow(
      "layer_0 has no numbers yet: write it first, it is input",
    );
    session.write({ layer_0: [[1, 0, 1]], goal: [[1]] });
    expect(() => session.run("predict", 2)).toThrow(
      "layer_0 holds 1 rows, but this run has 2: write or compute it first",
    );
  });

  test("rows that the last run did not have", () => {
    const session = opened({ keep: "all" });
    session.write({ layer_0: [[1, 0, 1]], goal: [[1]] });
    session.run();
    session.write({
      layer_0: [
        [1, 0, 1],
        [0, 1, 1],
      ],
    });
    expect(session.read("layer_2").shape).toEqual([1, 1]);
    expect(() => session.run()).toThrow("goal holds 1 rows, but this run has 2");
  });
});
