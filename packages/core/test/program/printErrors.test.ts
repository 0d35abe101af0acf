import { describe, expect, test } from "vitest";
import { dense } from "../../src/layers/dense.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { NameError } from "../../src/program/names.ts";
import { print } from "../../src/program/print/print.ts";
import type { PrintOptions } from "../../src/program/print/script.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";

const train = network(2, [dense(1, { bias: false })]).trainer({
  loss: halfSquaredError,
  optimizer: sgd(0.1),
});
const data = {
  layer_0: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  goal: [[1], [2], [3]],
};
const seed = 1;

const promises: readonly (readonly [
  what: string,
  error: new (message: string) => Error,
  message: string,
  options: PrintOptions,
])[] = [
  [
    "data without a target",
    NameError,
    "print: data has no goal: give numbers for it, since it is a target",
    { data: { layer_0: data.layer_0 } },
  ],
  [
    "data without an input",
    NameError,
    "print: data has no layer_0: give numbers for it, since it is an input",
    { data: { goal: data.goal } },
  ],
  [
    "data for an array that is not there",
    NameError,
    'there is no array "layer_00" in train; did you mean "layer_0"?',
    { data: { ...data, layer_00: [[1]] } },
  ],
  [
    "data for what is computed",
    NameError,
    "print: data.layer_1: layer_1 is computed by the program: leave it out",
    { data: { ...data, layer_1: [[1]] }, seed },
  ],
  [
    "rows that differ",
    ShapeError,
    "goal has 2 rows but layer_0 has 3",
    { data: { ...data, goal: [[1], [2]] }, seed },
  ],
  [
    "rows of another width",
    ShapeError,
    "layer_0 is batch × 2, but the data given for it are 3 × 1",
    { data: { ...data, layer_0: [[1], [2], [3]] }, seed },
  ],
  [
    "weights of another shape",
    ShapeError,
    "weights_0_1 is 2 × 1, but the data given for it are 1 × 2",
    { data: { ...data, weights_0_1: [[1, 2]] } },
  ],
  [
    "no seed",
    TypeError,
    "print: weights_0_1 starts with random numbers: give a seed, or its numbers in data",
    { data },
  ],
  [
    "a loop that starts later",
    RangeError,
    "print: a printed loop starts at the first batch: leave out from",
    { data, seed, loop: { epochs: 2, from: 1 } },
  ],
  [
    "a loop that ends within an epoch",
    RangeError,
    "print: a printed loop runs whole epochs: give epochs instead of to",
    { data, seed, loop: { to: 4 } },
  ],
  ["a loop without an end", RangeError, "loop: give epochs, or to", { data, seed, loop: {} }],
  [
    "half a batch",
    RangeError,
    "loop: batch is 0.5, but must be a whole number of at least 1",
    { data, seed, loop: { epochs: 1, batch: 0.5 } },
  ],
  [
    "fewer than no epochs",
    RangeError,
    "loop: epochs is -1, but must be a whole number of at least 0",
    { data, seed, loop: { epochs: -1 } },
  ],
  [
    "more rows than the data have",
    RangeError,
    "loop: rows is 4, but the data have 3",
    { data, seed, loop: { epochs: 1, rows: 4 } },
  ],
  [
    "an order that leaves the data",
    RangeError,
    "loop: order[1] is 3, but the data have rows 0 to 2",
    { data, seed, loop: { epochs: 1, order: [0, 3] } },
  ],
  [
    "an order of halves",
    RangeError,
    "loop: order[0] is 0.5, but the data have rows 0 to 2",
    { data, seed, loop: { epochs: 1, order: [0.5] } },
  ],
  [
    "an empty order",
    RangeError,
    "loop: order is empty",
    { data, seed, loop: { epochs: 1, rows: 2, order: [] } },
  ],
  [
    "a report after no epoch",
    RangeError,
    "print: report is 0, but must be a whole number of epochs, at least 1",
    { data, seed, loop: { epochs: 1, report: 0 } },
  ],
  [
    "a setting that is none",
    NameError,
    "loop: settings.weights_0_1: weights_0_1 is not a setting, its role is weights",
    { data, seed, loop: { epochs: 1, settings: { weights_0_1: 1 } } },
  ],
  [
    "a setting that is not there",
    NameError,
    'there is no array "alpa" in train; did you mean "alpha"?',
    { data, seed, loop: { epochs: 1, settings: { alpa: 1 } } },
  ],
  [
    "too few values of a setting",
    RangeError,
    "loop: settings.alpha has 2 values, but batch 2 needs one",
    { data, seed, loop: { epochs: 1, settings: { alpha: [1, 2] } } },
  ],
];

describe("print refuses, in every language", () => {
  test.each(promises)("%s", (_, kind, message, options) => {
    for (const dialect of ["numpy", "numpy-exact", "typescript"] as const) {
      let error: Error | undefined;
      try {
        print(train, dialect, options);
      } catch (thrown) {
        error = thrown as Error;
      }
      expect(error).toBeInstanceOf(kind);
      expect(error!.message).toBe(message);
    }
  });

  test("an unknown language", () => {
    expect(() => print(train, "fortran" as "numpy")).toThrow(
      'print: there is no "fortran"; there are listing, numpy, numpy-exact, typescript',
    );
  });
});
