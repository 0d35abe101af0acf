import { describe, expect, test } from "vitest";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { lineText } from "../../src/program/print/listing.ts";
import type { Program } from "../../src/program/program.ts";

function linesOf(program: Program): string[] {
  return program.lines.map(lineText);
}

describe("a result is folded into the line that reads it", () => {
  test("if nobody named it and only one step reads it", () => {
    const b = new ProgramBuilder("folds");
    const x = b.input("x", ["batch", 2]);
    b.name("y", b.ops.square(b.ops.negate(x)));
    expect(linesOf(b.build())).toEqual(["y = (-x) ** 2"]);
  });

  test("if it was named with inline and only one step reads it", () => {
    const b = new ProgramBuilder("folds");
    const x = b.input("x", ["batch", 2]);
    b.name("y", b.ops.square(b.inline("less", b.ops.negate(x))));
    const program = b.build();
    expect(linesOf(program)).toEqual(["y = (-x) ** 2"]);
    expect(program.array("less").inline).toBe(true);
  });

  test("across phases, so that the update reads as the book's", () => {
    const b = new ProgramBuilder("folds");
    const w = b.weights("w", [2, 1]);
    const y = b.name("y", b.ops.matmul(b.input("x", ["batch", 2]), w));
    const [delta] = b.gradient(b.ops.halfSquaredError(y, b.target("goal", ["batch", 1]))).values();
    b.inUpdate(() => b.update(w, b.ops.subtract(w, delta!)));
    const line = b.build().lines.at(-1)!;
    expect(lineText(line)).toBe("w -= x.T.dot(y_delta)");
    expect(line.phase).toBe("update");
    // Its steps: transpose and matmul in backpropagate, subtract in update.
    const { steps } = b.build().data;
    expect(line.steps.map((position) => `${steps[position]!.phase} ${steps[position]!.op}`)).toEqual([
      "backpropagate transpose",
      "backpropagate matmul",
      "update subtract",
    ]);
  });
});

describe("a result keeps a line of its own", () => {
  test("if two steps read it", () => {
    const b = new ProgramBuilder("folds");
    const less = b.ops.negate(b.input("x", ["batch", 2]));
    b.name("y", b.ops.add(b.ops.square(less), less));
    expect(linesOf(b.build())).toEqual([
      "y_squared_negated = -x",
      "y = y_squared_negated ** 2 + y_squared_negated",
    ]);
  });

  test("if one step reads it twice", () => {
    const b = new ProgramBuilder("folds");
    const less = b.ops.negate(b.input("x", ["batch", 2]));
    b.name("y", b.ops.multiply(less, less));
    expect(linesOf(b.build())).toEqual(["y_negated = -x", "y = y_negated * y_negated"]);
  });

  test("if it has a name, though only one step reads it", () => {
    const b = new ProgramBuilder("folds");
    b.name("y", b.ops.square(b.name("less", b.ops.negate(b.input("x", ["batch", 2])))));
    expect(linesOf(b.build())).toEqual(["less = -x", "y = less ** 2"]);
  });

  test("if what it reads is rewritten before its reader runs", () => {
    const b = new ProgramBuilder("folds");
    const [w, v] = [b.weights("w", [2]), b.state("v", [2])];
    b.inUpdate(() => {
      const before = b.ops.negate(w);
      b.update(w, b.ops.square(w));
      b.update(v, b.ops.add(v, before));
    });
    expect(linesOf(b.build())).toEqual(["v_negated = -w", "w = w ** 2", "v += v_negated"]);
  });
});

describe("in update", () => {
  test("steps appended after b.update read the new numbers, through the array and through the result", () => {
    for (const through of ["array", "result"]) {
      const b = new ProgramBuilder("momentum");
      const [w, v] = [b.weights("w", [2]), b.state("v", [2])];
      b.inUpdate(() => {
        const next = b.ops.negate(v);
        b.update(v, next);
        b.update(w, b.ops.subtract(w, through === "array" ? v : next));
      });
      expect(linesOf(b.build())).toEqual(["v = -v", "w -= v"]);
    }
  });

  test("adding to an array prints as +=, adding it to something else does not", () => {
    const b = new ProgramBuilder("adds");
    const [w, v] = [b.weights("w", [2]), b.weights("v", [2])];
    const x = b.setting("x", 1);
    b.inUpdate(() => {
      b.update(w, b.ops.add(w, b.ops.scale(x, w)));
      b.update(v, b.ops.add(b.ops.scale(x, w), v));
    });
    expect(linesOf(b.build())).toEqual(["w += x * w", "v = x * w + v"]);
  });
});

describe("names that nobody gave", () => {
  test("say who reads the array first and what it is", () => {
    const b = new ProgramBuilder("names");
    const x = b.input("x", ["batch", 2]);
    const y = b.ops.subtract(b.ops.scale(b.setting("c", 2), x), b.ops.divide(x, x));
    b.name("y", y);
    expect(b.build().data.steps.map((step) => step.writes)).toEqual(["y_scaled", "y_quotient", "y"]);
  });

  test("call the operand of an activation its sum, and the derivative by that sum its delta, as the book does", () => {
    const b = new ProgramBuilder("names");
    const w = b.weights("w", [2, 2]);
    const hidden = b.name("hidden", b.ops.relu(b.ops.matmul(b.input("x", ["batch", 2]), w)));
    const y = b.name("y", b.ops.matmul(hidden, b.weights("out", [2, 1])));
    const deltas = b.gradient(b.ops.halfSquaredError(y, b.target("goal", ["batch", 1])));
    expect(deltas.size).toBe(2);
    const program = b.build();
    expect(program.data.steps.map((step) => step.writes)).toEqual(
      expect.arrayContaining(["hidden_sum", "hidden_output_delta", "hidden_delta", "w_delta", "out_delta"]),
    );
    expect(program.array("w_delta").role).toBe("gradient");
    expect(program.array("hidden_delta").role).toBe("delta");
    expect(program.array("hidden_sum").role).toBe("activation");
  });

  test("are numbered where they are taken, and never collide with given ones", () => {
    const b = new ProgramBuilder("names");
    const x = b.input("y_negated", ["batch", 2]);
    b.name("y", b.ops.add(b.ops.negate(x), b.ops.negate(x)));
    expect(b.build().data.steps.map((step) => step.writes)).toEqual(["y_negated_2", "y_negated_3", "y"]);
  });
});

test("steps whose results nobody asked for are dropped", () => {
  const b = new ProgramBuilder("drops");
  const x = b.input("x", ["batch", 2]);
  b.ops.square(x);
  b.name("y", b.ops.negate(x));
  expect(b.build().data.steps.map((step) => step.op)).toEqual(["negate"]);
});

test("every step stands in exactly one line", () => {
  const b = new ProgramBuilder("lines");
  const w = b.weights("w", [2, 2]);
  const x = b.input("x", ["batch", 2]);
  const y = b.name("y", b.ops.relu(b.ops.add(b.ops.matmul(x, w), b.weights("bias", [2]))));
  const gradients = b.gradient(b.ops.halfSquaredError(y, b.target("goal", ["batch", 2])), { reduce: "mean" });
  b.inUpdate(() => {
    for (const [weights, delta] of gradients) b.update(weights, b.ops.subtract(weights, delta));
  });
  const { lines, data } = b.build();
  expect(lines.flatMap((line) => line.steps).sort((left, right) => left - right)).toEqual(
    data.steps.map((_, position) => position),
  );
});
