import { describe, expect, test } from "vitest";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { print } from "../../src/program/print/print.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "./execute.ts";

const given = {
  layer_0: [
    [1, 2],
    [3, -4],
  ],
  weights_0_1: [
    [1, -1],
    [0.5, 0.25],
  ],
  weights_1_2: [[2], [4]],
};
const small = network(2, [dense(2, { activation: relu, bias: false }), dense(1, { bias: false })]);

describe("a program that only predicts", () => {
  // By hand: [1 2] · W = [2, -0.5], relu [2, -0]; [3 -4] · W = [1, -4], relu [1, -0]; times [2 4] gives 4 and 2.
  test("prints its output in Python", () => {
    const text = print(small.predictor, "numpy", { data: given });
    const [outcome] = runPythonPrograms([{ text, names: ["layer_1", "layer_2"] }]);
    expect(outcome!.numbers).toEqual({ layer_1: [2, -0, 1, -0], layer_2: [4, 2] });
    expect(outcome!.output).toEqual(["[[4.]", " [2.]]"]);
  });

  test("prints its output in TypeScript", () => {
    const text = print(small.predictor, "typescript", { data: given });
    const outcome = runTypescript({ text, names: ["layer_1", "layer_2"] });
    expect(outcome.numbers).toEqual({ layer_1: [2, -0, 1, -0], layer_2: [4, 2] });
    expect(outcome.output).toEqual(["4,2"]);
  });

  test("defines only the functions that it calls", () => {
    expect(print(small.predictor, "numpy", { data: given })).toBe(
      [
        "import numpy as np",
        "",
        "def relu(x):",
        "    return (x > 0) * x",
        "",
        "layer_0 = np.array([[1, 2], [3, -4]], dtype=float)",
        "",
        "weights_0_1 = np.array([[1, -1], [0.5, 0.25]], dtype=float)",
        "weights_1_2 = np.array([[2], [4]], dtype=float)",
        "",
        "# predict",
        "layer_1 = relu(layer_0.dot(weights_0_1))",
        "layer_2 = layer_1.dot(weights_1_2)",
        "",
        "print(layer_2)",
        "",
      ].join("\n"),
    );
  });
});

describe("without data, the phases of one batch are printed", () => {
  const train = small.trainer({ loss: meanOf(halfSquaredError), optimizer: sgd(0.5) });
  const start = {
    layer_0: "[[1.0, 2.0], [3.0, -4.0]]",
    goal: "[[3.0], [4.0]]",
    weights_0_1: "[[1.0, -1.0], [0.5, 0.25]]",
    weights_1_2: "[[2.0], [4.0]]",
  };
  // By hand: deltas (4 - 3) / 2 = 0.5 and (2 - 4) / 2 = -1; weights_1_2 -= 0.5 [2 · 0.5 - 1, 0] leaves [2, 4];
  // deltas of layer_1 [1, 0] and [-2, 0]; weights_0_1 -= 0.5 [[1 - 6, 0], [2 + 8, 0]].
  const wanted = { weights_0_1: [3.5, -1, -4.5, 0.25], weights_1_2: [2, 4], layer_2_error: [5] };
  const names = Object.keys(wanted);

  test.each(["numpy", "numpy-exact"] as const)("and %s runs on variables that stand before it", (dialect) => {
    const arrays = Object.entries(start).map(([name, text]) => `${name} = np.array(${text})`);
    const text = ["import numpy as np", ...arrays, "alpha = 0.5", "batch = 2", "layer_2_error = 0.0"];
    const [outcome] = runPythonPrograms([{ text: `${text.join("\n")}\n${print(train, dialect)}`, names }]);
    expect(outcome!.numbers).toEqual(wanted);
  });

  test("and typescript too", () => {
    const arrays = Object.entries(start).map(([name, text]) => `let ${name} = ${text};`);
    const text = [...arrays, "const alpha = 0.5;", "const batch = 2;", "let layer_2_error = 0;"].join("\n");
    const printed = `${text}\n${print(train, "typescript")}`;
    expect(runTypescript({ text: printed, names }).numbers).toEqual(wanted);
    expect(typeErrors([printed])).toEqual([]);
  });
});

describe("what a report calls a metric", () => {
  const awkward = [
    "it's",
    "back\\slash",
    "`tick` $" + "{1 + 1}",
    "{braces}",
    "two\nlines",
    'say "hi"',
    "µ ≤ 1 %d",
  ];
  const texts = awkward.map((label) => {
    const b = new ProgramBuilder("labels");
    const x = b.input("x", ["batch", 1]);
    b.metric("error", b.ops.differenceSum(x, x), label);
    return b.build();
  });
  const data = { x: [[1]] };

  test("may be any text in Python", () => {
    const outcomes = runPythonPrograms(
      texts.map((program) => ({ text: print(program, "numpy", { data }), names: [] })),
    );
    expect(outcomes.map(({ output }) => output.join("\n"))).toEqual(awkward.map((label) => `${label} : 0.0`));
  });

  test("may be any text in TypeScript", () => {
    const outcomes = texts.map((program) =>
      runTypescript({ text: print(program, "typescript", { data, loop: { epochs: 1 } }), names: [] }),
    );
    expect(outcomes.map(({ output }) => output.join("\n"))).toEqual(awkward.map((label) => `${label} : 0`));
  });
});

test("array names that variables and functions of a script would have are stepped around", () => {
  const b = new ProgramBuilder("names");
  const x = b.input("x", ["batch", 2]);
  const weights = [
    "data_x",
    "alpha_by_batch",
    "relu2deriv_2",
    "position",
    "key",
    "constructor",
    "toString",
  ].map((name) => b.weights(name, [2], { uniform: [-1, 1] }));
  const sum = weights.reduce((left, right) => b.ops.add(left, right));
  const y = b.name("y", b.ops.relu(b.ops.relu(b.ops.add(x, sum)), { at_zero: 1 }));
  const alpha = b.setting("alpha", 0);
  const gradients = b.gradient(b.ops.halfSquaredError(y, b.target("goal", ["batch", 2])));
  b.inUpdate(() => {
    for (const [array, delta] of gradients) b.update(array, b.ops.subtract(array, b.ops.scale(alpha, delta)));
  });
  const program = b.build();
  const options = {
    data: { x: [[1, 2]], goal: [[0, 0]] },
    seed: 1,
    loop: { epochs: 1, settings: { alpha: [1] } },
  };
  // NumPy's first draws from seed 1, doubled minus 1, and then one step by the delta.
  const names = ["constructor", "toString"];
  const [python] = runPythonPrograms([{ text: print(program, "numpy-exact", options), names }]);
  const script = print(program, "typescript", options);
  expect(runTypescript({ text: script, names }).numbers).toEqual(python!.numbers);
  expect(typeErrors([script])).toEqual([]);
});

test("the report comes after every tenth epoch of ten or more, after every one of fewer, or as asked", () => {
  const train = small.trainer({ loss: halfSquaredError, optimizer: sgd(0.001) });
  const lines = (epochs: number, report?: number) => {
    const loop = { epochs, ...(report === undefined ? {} : { report }) };
    const text = print(train, "typescript", { data: { ...given, goal: [[1], [2]] }, loop });
    return runTypescript({ text, names: [] }).output.length;
  };
  expect([lines(30), lines(9), lines(9, 3), lines(9, 4), lines(0)]).toEqual([3, 9, 3, 2, 0]);
});
