import { describe, expect, test } from "vitest";
import type { Ref } from "../../src/ops/op.ts";
import { GradientError } from "../../src/program/backpropagate.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { ProgramError } from "../../src/program/form.ts";
import { NameError } from "../../src/program/names.ts";
import { print } from "../../src/program/print/print.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";

/** A builder with one layer, its input, weights, result and target. */
function started() {
  const b = new ProgramBuilder("train");
  const x = b.input("x", ["batch", 2]);
  const w = b.weights("w", [2, 1]);
  const y = b.name("y", b.ops.matmul(x, w));
  return { b, x, w, y, goal: b.target("goal", ["batch", 1]) };
}

type Started = ReturnType<typeof started>;

const promises: readonly (readonly [
  what: string,
  error: new (message: string) => Error,
  message: string,
  act: (start: Started) => unknown,
])[] = [
  // Names
  [
    "a name given twice",
    NameError,
    'there are two arrays named "x" in train',
    ({ b }) => b.weights("x", [1]),
  ],
  [
    "a result named like an input",
    NameError,
    'there are two arrays named "x" in train',
    ({ b, x }) => b.name("x", b.ops.negate(x)),
  ],
  [
    "naming what was declared",
    NameError,
    '"z": x is declared, not computed, and has its name already',
    ({ b, x }) => b.name("z", x),
  ],
  [
    "naming what has a name",
    NameError,
    '"z": this array is already named "y"',
    ({ b, y }) => b.inline("z", y),
  ],
  [
    "naming what replaces weights",
    NameError,
    '"z": this result already replaces w',
    ({ b, w }) => {
      const next = b.inUpdate(() => b.ops.negate(w));
      b.update(w, next);
      b.name("z", next);
    },
  ],
  [
    "a metric that is no total",
    TypeError,
    'metric "z": a metric is the result of a metric op, such as squaredError',
    ({ b, x }) => b.metric("z", b.ops.negate(x)),
  ],
  [
    "a total named like an array",
    TypeError,
    '"z": squaredError gives a running total: name it with b.metric',
    ({ b, x }) => b.name("z", b.ops.squaredError(x, x)),
  ],

  // Ops
  [
    "an array of another builder",
    TypeError,
    "this is no array of this program: use what this builder's methods returned",
    ({ b, x }) => b.ops.add(x, started().x),
  ],
  [
    "no array at all",
    TypeError,
    "this is no array of this program: use what this builder's methods returned",
    ({ b, x }) => b.ops.add(x, undefined as unknown as Ref),
  ],
  [
    "reading a running total",
    TypeError,
    "scale: squaredError(y, goal) is a running total, which no step may read; " +
      "compute the number with other ops, such as ops.total(ops.square(…))",
    ({ b, y, goal }) => b.ops.scale(b.setting("half", 0.5), b.ops.squaredError(y, goal)),
  ],
  [
    "a spread without a size",
    TypeError,
    "spreadRows needs the size n, as in { n: 4 }",
    ({ b, w }) => b.ops.spreadRows(w),
  ],
  [
    "a spread over half a row",
    TypeError,
    'spreadRows: n is 1.5, but a size is a whole number or "batch"',
    ({ b, w }) => b.ops.spreadRows(w, { n: 1.5 }),
  ],
  [
    "an option that the op has not",
    TypeError,
    "relu has no parameter slope; it has at_zero, of_output",
    ({ b, w }) => b.ops.relu(w, { slope: 1 }),
  ],
  [
    "an option that is no number",
    TypeError,
    "relu: at_zero is NaN, but must be a finite number, not -0",
    ({ b, w }) => b.ops.relu(w, { at_zero: Number.NaN }),
  ],
  [
    "the size of an axis that is not there",
    ShapeError,
    "x is batch × 2 and has no axis 2",
    ({ b, x }) => b.ops.size(x, 2),
  ],

  // Gradients
  [
    "a loss that was declared",
    GradientError,
    "w is declared, not computed: it is no loss",
    ({ b, w }) => b.gradient(w),
  ],
  [
    "a loss that is an array",
    GradientError,
    "a loss is one number, but this one is batch × 1: add it up, for example with ops.total",
    ({ b, y }) => b.gradient(y),
  ],
  [
    "a loss that depends on no weights",
    GradientError,
    "the loss depends on no weights, so there is nothing to learn",
    ({ b, x }) => b.gradient(b.ops.halfSquaredError(x, x)),
  ],
  [
    "a derivative by what the loss does not depend on",
    GradientError,
    "the loss does not depend on v",
    ({ b, y, goal }) => b.gradient(b.ops.halfSquaredError(y, goal), { by: [b.weights("v", [1])] }),
  ],
  [
    "a loss without a derivative",
    GradientError,
    "differenceSum has no derivative by prediction: the loss cannot be traced back through it",
    ({ b, y, goal }) => b.gradient(b.ops.differenceSum(y, goal)),
  ],
  [
    "a step without a derivative on the way",
    GradientError,
    "relu2deriv has no derivative by output: the loss cannot be traced back through it",
    ({ b, y, goal }) => b.gradient(b.ops.halfSquaredError(b.ops.relu2deriv(y), goal)),
  ],

  // Updates
  [
    "rewriting an input",
    TypeError,
    "update: only weights and states are rewritten; x is neither",
    ({ b, x }) => b.update(x, b.ops.negate(x)),
  ],
  [
    "rewriting before update",
    TypeError,
    "update: compute the new w inside b.inUpdate(() => …)",
    ({ b, w }) => b.update(w, b.ops.negate(w)),
  ],
  [
    "rewriting twice",
    NameError,
    "update: w is rewritten by two steps; an array is updated once in a run",
    ({ b, w }) =>
      b.inUpdate(() => {
        b.update(w, b.ops.negate(w));
        b.update(w, b.ops.square(w));
      }),
  ],
  [
    "rewriting by another shape",
    ShapeError,
    "update: w is 2 × 1 but its new value is 1 × 2",
    ({ b, w }) => b.inUpdate(() => b.update(w, b.ops.transpose(w))),
  ],
  [
    "rewriting by what has a name",
    NameError,
    'update of w: this array is already named "z"',
    ({ b, w }) => b.inUpdate(() => b.update(w, b.name("z", b.ops.negate(w)))),
  ],
  [
    "rewriting by what was declared",
    NameError,
    "update of w: v is declared, not computed, and has its name already",
    ({ b, w }) => b.update(w, b.weights("v", [2, 1])),
  ],
  [
    "reading the old numbers where the new ones are there",
    TypeError,
    "update: w is read by a square between its new value and this call: " +
      "call update right after computing the new value, or compute that last",
    ({ b, w }) =>
      b.inUpdate(() => {
        const next = b.ops.negate(w);
        b.ops.square(w);
        b.update(w, next);
      }),
  ],

  // Initial numbers, which are looked at when the program is finished
  [
    "weights that start with NaN",
    ProgramError,
    "train: array v starts with NaN: initial numbers are finite and not -0",
    ({ b }) => {
      b.weights("v", [1], { value: Number.NaN });
      b.build();
    },
  ],
  [
    "a setting of -0",
    ProgramError,
    "train: array alpha starts with -0: initial numbers are finite and not -0",
    ({ b }) => {
      b.setting("alpha", -0);
      b.build();
    },
  ],
  [
    "too few initial values",
    ProgramError,
    "train: array v: values must be a list of 4 numbers, not 1",
    ({ b }) => {
      b.weights("v", [2, 2], { values: [1] });
      b.build();
    },
  ],
];

describe("a builder refuses", () => {
  test.each(promises)("%s", (_, kind, message, act) => {
    const error = thrownBy(() => act(started()));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toBe(message);
  });
});

test("an error leaves the builder as it was: what was refused may be done right", () => {
  const { b, w, y, goal } = started();
  expect(() => b.gradient(y)).toThrow(GradientError);
  expect(() => b.inUpdate(() => b.ops.relu(w, { slope: 1 }))).toThrow(TypeError);
  const [delta] = b.gradient(b.ops.halfSquaredError(y, goal)).values();
  b.inUpdate(() => b.update(w, b.ops.subtract(w, delta!)));
  expect(print(b.build())).toBe(
    "predict\n  y = x.dot(w)\nbackpropagate\n  y_delta = y - goal\nupdate\n  w -= x.T.dot(y_delta)",
  );
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
