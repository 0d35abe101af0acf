import { describe, expect, test } from "vitest";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { print } from "../../src/program/print/print.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";

/** What building says against a program. */
function problemOf(build: (b: ProgramBuilder) => void): string {
  const b = new ProgramBuilder("train");
  try {
    build(b);
    b.build();
  } catch (error) {
    expect(error).toBeInstanceOf(ShapeError);
    return String(error);
  }
  throw new Error("nothing was thrown");
}

describe("a clash of shapes shows the sizes, both arrays, and the line", () => {
  test("in the words and the layout of the design", () => {
    const text = problemOf((b) => {
      const product = b.ops.matmul(b.input("layer_0", ["batch", 3]), b.weights("weights_0_1", [2, 4]));
      b.name("layer_1", b.ops.relu(product));
    });
    expect(text).toBe(
      `ShapeError: matmul(layer_0, weights_0_1): k is 3 in layer_0 but 2 in weights_0_1
  left   layer_0       batch × 3   [n k]
  right  weights_0_1       2 × 4   [k m]
  in predict: layer_1 = relu(layer_0.dot(weights_0_1))`,
    );
  });

  test("with the names that unnamed arrays have in the program", () => {
    const text = problemOf((b) => {
      const x = b.input("x", ["batch", 3]);
      b.name("y", b.ops.add(b.ops.square(b.ops.matmul(x, b.weights("w", [3, 2]))), x));
    });
    expect(text).toBe(
      `ShapeError: add(y_squared, x): size 2 is 2 in y_squared but 3 in x
  left   y_squared   batch × 2   [...]
  right  x           batch × 3   [...]
  in predict: y = x.dot(w) ** 2 + x`,
    );
  });

  test("in compare, where the target has another width", () => {
    const text = problemOf((b) => {
      const x = b.input("x", ["batch", 3]);
      b.metric("error", b.ops.squaredError(x, b.target("goal", ["batch", 1])));
    });
    expect(text).toBe(
      `ShapeError: squared_error(x, goal): m is 3 in x but 1 in goal
  prediction  x      batch × 3   [n m]
  target      goal   batch × 1   [n m]
  in compare: error += np.sum((x - goal) ** 2)`.replace("squared_error", "squaredError"),
    );
  });

  test("in update", () => {
    const text = problemOf((b) => {
      const [w, v] = [b.weights("w", [3, 2]), b.weights("v", [2, 3])];
      b.inUpdate(() => b.update(w, b.ops.subtract(w, v)));
    });
    expect(text).toBe(
      `ShapeError: subtract(w, v): size 1 is 3 in w but 2 in v
  left   w   3 × 2   [...]
  right  v   2 × 3   [...]
  in update: w -= v`,
    );
  });

  test("with the number of axes, where that is what differs", () => {
    const text = problemOf((b) => {
      b.name("y", b.ops.matmul(b.input("x", ["batch", 3]), b.weights("w", [3])));
    });
    expect(text).toBe(
      `ShapeError: matmul(x, w): w has 1 axis, 2 axes needed
  left   x   batch × 3   [n k]
  right  w           3   [k m]
  in predict: y = x.dot(w)`.replace("2 axes needed", "2 needed"),
    );
  });

  test("where a scalar is needed and an array given", () => {
    const text = problemOf((b) => {
      const x = b.input("x", ["batch", 3]);
      b.name("y", b.ops.scale(b.weights("w", [3]), x));
    });
    expect(text.split("\n")).toEqual([
      "ShapeError: scale(w, x): w has 1 axis, 0 needed",
      "  factor  w           3   []",
      "  x       x   batch × 3   [...]",
      "  in predict: y = w * x",
    ]);
  });

  test("only the first clash is reported, not what follows from it", () => {
    const text = problemOf((b) => {
      const x = b.input("x", ["batch", 3]);
      const first = b.name("first", b.ops.matmul(x, b.weights("w", [2, 2])));
      b.name("second", b.ops.matmul(first, b.weights("v", [9, 9])));
      b.name("third", b.ops.matmul(x, b.weights("u", [4, 4])));
    });
    expect(text.split("\n")[0]).toBe("ShapeError: matmul(x, w): k is 3 in x but 2 in w");
  });

  test("rows never fit a fixed size, be there ever so many", () => {
    const text = problemOf((b) => {
      b.name("y", b.ops.matmul(b.ops.transpose(b.input("x", ["batch", 3])), b.weights("w", [4, 1])));
    });
    expect(text.split("\n")[0]).toBe(
      "ShapeError: matmul(y_transposed, w): k is batch in y_transposed but 4 in w",
    );
  });
});

describe("an elementwise op spreads the smaller operand, by a visible step", () => {
  test.each([
    ["a row over all rows", [3], ["spreadRows", { n: "batch" }]],
    [
      "a scalar over a row and then over all rows",
      [],
      ["spreadRows", { n: 3 }, "spreadRows", { n: "batch" }],
    ],
  ] as const)("%s", (_, shape, wanted) => {
    const b = new ProgramBuilder("spreads");
    b.name("y", b.ops.add(b.input("x", ["batch", 3]), b.weights("w", shape)));
    const steps = b.build().data.steps.filter(({ op }) => op !== "add");
    expect(steps.flatMap(({ op, parameters }) => [op, parameters])).toEqual(wanted);
  });

  test("a column of row sums over all columns", () => {
    const b = new ProgramBuilder("spreads");
    const x = b.input("x", ["batch", 3]);
    b.name("y", b.ops.divide(x, b.ops.sumColumns(x)));
    const spread = b.build().data.steps.find(({ op }) => op === "spreadColumns")!;
    expect(spread.parameters).toEqual({ m: 3 });
    expect(print(b.build())).toBe("predict\n  y = x / x.sum(axis=1)[:, None]");
  });

  test("and nothing else: one column is not repeated", () => {
    const text = problemOf((b) => {
      b.name("y", b.ops.add(b.input("x", ["batch", 3]), b.weights("w", [1])));
    });
    expect(text.split("\n")[0]).toBe(
      "ShapeError: add(x, w): x is batch × 3 but w is 1; " +
        "the smaller is spread over the larger only where its sizes are the last of the larger's",
    );
  });
});

describe("declared sizes", () => {
  const declared = (declare: (b: ProgramBuilder) => unknown) => problemOf(declare as () => void);

  test.each([
    ["rows of weights", (b: ProgramBuilder) => b.weights("w", ["batch", 2]), "w is batch × 2"],
    ["rows as columns", (b: ProgramBuilder) => b.input("w", [2, "batch"]), "w is 2 × batch"],
    ["rows of a state", (b: ProgramBuilder) => b.state("w", ["batch"]), "w is batch"],
  ])("refuse %s", (_, declare, shape) => {
    expect(declared(declare)).toBe(
      `ShapeError: ${shape}: only the first size of an input or target is batch`,
    );
  });

  test.each([
    [[2.5], 'w is 2.5: a size is a whole number or "batch", not 2.5'],
    [[3, -1], 'w is 3 × -1: a size is a whole number or "batch", not -1'],
    [[Number.NaN], 'w is NaN: a size is a whole number or "batch", not NaN'],
  ])("refuse %j", (shape, message) => {
    expect(declared((b) => b.weights("w", shape))).toBe(`ShapeError: ${message}`);
  });
});
