import { describe, expect, test } from "vitest";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { constant, normal, uniform } from "../../src/layers/initializers.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { type Network, network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { GradientError } from "../../src/program/backpropagate.ts";
import { NameError } from "../../src/program/names.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { DataError, type Examples } from "../../src/train/data.ts";

const good = {
  inputs: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  targets: [[1], [2], [3]],
};
const bookish = { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 2 };

function net(): Network {
  return network(2, [dense(3, { activation: relu }), dense(1)]);
}

type Refusal = readonly [what: string, error: new (message: string) => Error, message: string];

const hint = "every number must be finite: leave the row out or fill the gap";

describe("training refuses, before it changes a weight,", () => {
  const refusals: readonly (readonly [...Refusal, data: Partial<Examples>])[] = [
    [
      "a missing number",
      DataError,
      `inputs: row 1, column 0 is NaN; ${hint}`,
      {
        inputs: [
          [1, 2],
          [Number.NaN, 4],
          [5, 6],
        ],
      },
    ],
    [
      "an infinite number",
      DataError,
      `inputs: row 2, column 1 is -Infinity; ${hint}`,
      {
        inputs: [
          [1, 2],
          [3, 4],
          [5, -Infinity],
        ],
      },
    ],
    [
      "an infinite target",
      DataError,
      `targets: row 0, column 0 is Infinity; ${hint}`,
      { targets: [[Infinity], [2], [3]] },
    ],
    [
      "a missing target in a plain list",
      DataError,
      `targets: row 2, column 0 is NaN; ${hint}`,
      { targets: [1, 2, Number.NaN] },
    ],
    [
      "rows of another width",
      ShapeError,
      "inputs: rows of 2 numbers are needed, but the shape is 3 × 1",
      { inputs: [[1], [2], [3]] },
    ],
    [
      "targets of another width",
      ShapeError,
      "targets: rows of 1 number are needed, but the shape is 3 × 2",
      {
        targets: [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
      },
    ],
    [
      "fewer targets than inputs",
      ShapeError,
      "inputs have 3 rows but targets have 2",
      { targets: [[1], [2]] },
    ],
    [
      "no examples",
      DataError,
      "there are no examples: inputs and targets have no rows",
      { inputs: [], targets: [] },
    ],
  ];

  test.each(refusals)("%s", async (_, kind, message, data) => {
    const made = net();
    const before = made.weightNames.map((name) => Array.from(made.read(name).data));
    const error = await rejection(made.fit({ ...good, ...data }, bookish));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toBe(message);
    expect(made.weightNames.map((name) => Array.from(made.read(name).data))).toEqual(before);
  });

  test("a number that is too large for float32", async () => {
    const made = network(2, [dense(1)], { precision: "float32" });
    const error = await rejection(
      made.fit(
        {
          ...good,
          inputs: [
            [1, 2],
            [3, 4e38],
            [5, 6],
          ],
        },
        bookish,
      ),
    );
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(
      "inputs: row 1, column 1 is 4e+38; every number must be finite in float32: leave the row out or fill the gap",
    );
  });

  test.each<[string, object, string]>([
    ["half an epoch", { epochs: 0.5 }, "loop: epochs is 0.5, but must be a whole number of at least 0"],
    ["batches of no rows", { batch: 0 }, "loop: batch is 0, but must be a whole number of at least 1"],
    ["batches of half a row", { batch: 1.5 }, "loop: batch is 1.5, but must be a whole number of at least 1"],
  ])("%s", async (_, options, message) => {
    const error = await rejection(net().fit(good, { ...bookish, ...options }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe(message);
  });

  test("a loss that has no derivative", async () => {
    const append: (typeof halfSquaredError)["append"] = (b, prediction, target) =>
      b.ops.differenceSum(prediction, target);
    const loss = { ...halfSquaredError, append };
    const error = await rejection(net().fit(good, { ...bookish, loss }));
    expect(error).toBeInstanceOf(GradientError);
    expect(error.message).toBe(
      "differenceSum has no derivative by prediction: the loss cannot be traced back through it",
    );
  });

  test("a target that is called like an array of the network", async () => {
    const made = network(2, [dense(1)], { target: "layer_0" });
    const error = await rejection(made.fit(good, bookish));
    expect(error).toBeInstanceOf(NameError);
    expect(error.message).toBe('there are two arrays named "layer_0" in train');
  });
});

describe("predicting refuses", () => {
  test.each<[...Refusal, rows: number[][] | number[] | number]>([
    [
      "a missing number",
      DataError,
      `inputs: row 1, column 1 is NaN; ${hint}`,
      [
        [1, 2],
        [3, Number.NaN],
      ],
    ],
    [
      "a missing number in a single row",
      DataError,
      `inputs: row 0, column 0 is NaN; ${hint}`,
      [Number.NaN, 2],
    ],
    [
      "rows of another width",
      ShapeError,
      "inputs: rows of 2 numbers are needed, but the shape is 1 × 3",
      [[1, 2, 3]],
    ],
    [
      "a single row of another width",
      ShapeError,
      "inputs: rows of 2 numbers are needed, but the shape is 3",
      [1, 2, 3],
    ],
    ["a single number", ShapeError, "inputs: rows of 2 numbers are needed, but the shape is scalar", 5],
  ])("%s", async (_, kind, message, rows) => {
    const error = await rejection(net().predict(rows));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toBe(message);
  });

  test("ragged rows, naming the first", async () => {
    const error = await rejection(net().predict([[1, 2], [3]]));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain("inputs[1]");
  });
});

describe("building refuses", () => {
  test.each<[...Refusal, act: () => unknown]>([
    ["no layers", RangeError, "network: give at least one layer, such as dense(1)", () => network(2, [])],
    [
      "half an input",
      RangeError,
      "network: 0.5 inputs; a row has a whole number of inputs, at least 1",
      () => network(0.5, [dense(1)]),
    ],
    [
      "no inputs",
      RangeError,
      "network: 0 inputs; a row has a whole number of inputs, at least 1",
      () => network(0, [dense(1)]),
    ],
    [
      "no units",
      RangeError,
      "dense: 0 units; a layer has a whole number of units, at least 1",
      () => dense(0),
    ],
    [
      "half a unit",
      RangeError,
      "dense: 1.5 units; a layer has a whole number of units, at least 1",
      () => dense(1.5),
    ],
    [
      "a dense layer after one that gives no matrix",
      ShapeError,
      "dense: layer_1 is batch, but a matrix is needed",
      () => network(2, [(b, previous) => b.name("layer_1", b.ops.sumColumns(previous)), dense(1)]),
    ],
    [
      "a last layer that gives no matrix",
      ShapeError,
      "network: layer_1 is batch, but a matrix is needed: a row of predictions for each row of inputs",
      () => network(2, [(b, previous) => b.name("layer_1", b.ops.sumColumns(previous))]),
    ],
    [
      "a layer that does not name its result",
      NameError,
      'network: the last layer must name its result layer_1, as in b.name("layer_1", …)',
      () => network(2, [(b, previous) => b.name("other", b.ops.negate(previous))]),
    ],
    [
      "uniform bounds the wrong way",
      RangeError,
      "uniform(1, -1): give two finite numbers, the lower first",
      () => uniform(1, -1),
    ],
    [
      "infinite bounds",
      RangeError,
      "uniform(-Infinity, 1): give two finite numbers, the lower first",
      () => uniform(-Infinity, 1),
    ],
    [
      "a negative deviation",
      RangeError,
      "normal(0, -1): give a finite mean and a deviation of at least 0",
      () => normal(0, -1),
    ],
    [
      "a constant that is none",
      RangeError,
      "constant(NaN): give a finite number",
      () => constant(Number.NaN),
    ],
    ["a step of NaN", RangeError, "sgd(NaN): the step size must be a finite number", () => sgd(Number.NaN)],
  ])("%s", (_, kind, message, act) => {
    let error: Error | undefined;
    try {
      act();
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error).toBeInstanceOf(kind);
    expect(error!.message).toBe(message);
  });
});

describe("weights", () => {
  test("that are not there are neither read nor written", () => {
    const message = 'there is no array of weights "weights_1_3" in this network; did you mean "weights_1_2"?';
    expect(() => net().read("weights_1_3")).toThrow(new NameError(message));
    expect(() => net().write("weights_1_3", 1)).toThrow(new NameError(message));
  });

  test("of another shape are not written", () => {
    expect(() => net().write("bias_1", [[1, 2, 3]])).toThrow(
      new ShapeError("bias_1 is 3, but the numbers given are 1 × 3"),
    );
  });
});

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
