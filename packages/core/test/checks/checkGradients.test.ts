import { expect, test } from "vitest";
import { checkGradients as checkProgram } from "../../src/checks/checkGradients.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { constant, uniform } from "../../src/layers/initializers.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { halfSquaredError, squaredError } from "../../src/losses/squared.ts";
import { checkGradients } from "../../src/network/checkGradients.ts";
import { network } from "../../src/network/network.ts";
import type { Ref } from "../../src/ops/op.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { ProgramData, Step } from "../../src/program/data.ts";
import { NameError } from "../../src/program/names.ts";
import { Program } from "../../src/program/program.ts";
import { RandomState } from "../../src/random/randomState.ts";
import { runPython } from "../oracle/python.ts";

const lights = [
  [1, 0, 1],
  [0, 1, 1],
  [0, 0, 1],
  [1, 1, 1],
];
const walk = [[1], [1], [0], [0]];
const loss = halfSquaredError;

/** Rows without zeros, on which no relu of a network with random weights stands on its corner. */
function examples(rows: number, inputs: number, outputs: number) {
  const chance = new RandomState(5);
  return { inputs: chance.normal(0, 1, [rows, inputs]), targets: chance.normal(0, 1, [rows, outputs]) };
}

function deep(options = {}) {
  return network(3, [dense(4, { activation: relu }), dense(3, { activation: relu }), dense(2)], {
    seed: 4,
    ...options,
  });
}

/** The program of `deep` with one step replaced. */
function tampered(writes: string, change: (step: Step) => Partial<Step>) {
  const { program, loss: array } = deep().differentiator(loss);
  const data: ProgramData = {
    ...program.data,
    steps: program.data.steps.map((step) => (step.writes === writes ? { ...step, ...change(step) } : step)),
  };
  const { inputs, targets } = examples(5, 3, 2);
  return checkProgram(new Program(data), { loss: array, data: { layer_0: inputs, goal: targets }, seed: 4 });
}

const differing = (report: ReturnType<typeof checkProgram>) => [
  ...new Set(report.rows.filter(({ verdict }) => verdict === "differs").map(({ array }) => array)),
];

test("the chapter's network of three hidden units has the derivatives that the notebook prints", () => {
  const net = network(3, [dense(3, { activation: relu, bias: false }), dense(1, { bias: false })], {
    seed: 1,
    initialize: uniform(-1, 1),
  });
  const report = checkGradients(net, { inputs: [lights[0]!], targets: [walk[0]!] }, { loss });
  const printed = {
    weights_0_1: [-0, 0.16505257, -0, -0, 0, -0, -0, 0.16505257, -0],
    // layer_1.T.dot(layer_2_delta) of cells 55 and 59, a product of printed numbers.
    weights_1_2: [0, 0.13177044 * -1.02129555, 0],
  };
  for (const [name, wanted] of Object.entries(printed)) {
    const rows = report.rows.filter(({ array }) => array === name);
    expect(rows.map(({ element }) => element)).toEqual(
      wanted.map((_, k) => (name === "weights_0_1" ? [Math.floor(k / 3), k % 3] : [k, 0])),
    );
    for (const [k, value] of wanted.entries()) {
      expect(rows[k]!.byBackpropagation).toBeCloseTo(value, 7);
      expect(rows[k]!.byDifference).toBeCloseTo(value, 7);
    }
  }
  expect(report.passed).toBe(true);
  expect(report.sampled).toBe(false);
  expect(report.kinks).toEqual([]);
});

test.each([
  ["sum of halves", halfSquaredError, {}],
  ["mean of halves", meanOf(halfSquaredError), {}],
  [
    "sum of squares",
    {
      name: "squared",
      append: squaredError.append as never,
      reduce: "sum",
      metrics: [squaredError],
    } as unknown as typeof halfSquaredError,
    {},
  ],
  ["float32", halfSquaredError, { precision: "float32" }],
  ["mean in float32", meanOf(halfSquaredError), { precision: "float32" }],
] as const)("every derivative of a deep network with biases agrees: %s", (_, given, options) => {
  const report = checkGradients(deep(options), examples(7, 3, 2), { loss: given });
  expect(report.rows).toHaveLength(3 * 4 + 4 + 4 * 3 + 3 + 3 * 2 + 2);
  expect(report.passed).toBe(true);
  expect(report.worst!.error).toBeLessThan(report.tolerance);
  // Not all of them vanish, so the check has something to see.
  expect(report.rows.filter(({ byBackpropagation }) => byBackpropagation !== 0).length).toBeGreaterThan(20);
});

test("differences are those of NumPy, which knows nothing of our backpropagation", () => {
  const net = deep();
  const { inputs, targets } = examples(5, 3, 2);
  const report = checkGradients(net, { inputs, targets }, { loss });
  const matrix = (name: string) => net.read(name).toArray();
  const names = ["weights_0_1", "bias_1", "weights_1_2", "bias_2", "weights_2_3", "bias_3"];
  const script = `
import json, sys, numpy as np
given = json.load(sys.stdin)
x, goal = np.array(given['x']).reshape(5, 3), np.array(given['goal']).reshape(5, 2)
w = {name: np.array(values, dtype=float) for name, values in given['weights'].items()}
def loss():
    a = np.maximum(0, x.dot(w['weights_0_1']) + w['bias_1'])
    b = np.maximum(0, a.dot(w['weights_1_2']) + w['bias_2'])
    return 0.5 * np.sum((b.dot(w['weights_2_3']) + w['bias_3'] - goal) ** 2)
found = []
for name in given['names']:
    for i in np.ndindex(w[name].shape):
        kept = w[name][i]
        w[name][i] = kept + 1e-6; up = loss()
        w[name][i] = kept - 1e-6; down = loss()
        w[name][i] = kept
        found.append((up - down) / 2e-6)
print(json.dumps(found))
`;
  const printed = runPython(script, {
    x: Array.from(inputs.data),
    goal: Array.from(targets.data),
    names,
    weights: Object.fromEntries(names.map((name) => [name, matrix(name)])),
  });
  const wanted = JSON.parse(printed) as number[];
  expect(report.rows.map(({ array }) => array)).toEqual(
    names.flatMap((name) => Array(net.read(name).size).fill(name)),
  );
  for (const [k, row] of report.rows.entries()) {
    expect(Math.abs(row.byBackpropagation - wanted[k]!)).toBeLessThan(1e-7);
    expect(Math.abs(row.byDifference - wanted[k]!)).toBeLessThan(1e-7);
  }
});

test.each([
  // layer_2_delta without the slope of relu.
  [
    "a slope of 2x",
    "layer_2_delta_slope",
    () => ({ op: "square2deriv", parameters: {} }),
    ["weights_0_1", "bias_1", "weights_1_2", "bias_2"],
  ],
  [
    "the slope of another place",
    "layer_1_delta_slope",
    () => ({ reads: ["layer_1_output_delta"] }),
    ["weights_0_1", "bias_1"],
  ],
  [
    "a sum where the loss has a difference",
    "layer_3_delta",
    () => ({ op: "add" }),
    ["weights_0_1", "bias_1", "weights_1_2", "bias_2", "weights_2_3", "bias_3"],
  ],
  [
    "weights that read the wrong layer",
    "weight_delta_1_2_transposed",
    () => ({ op: "transpose", reads: ["layer_1_sum"] }),
    ["weights_1_2"],
  ],
] as const)("a broken rule is found, and where: %s", (_, writes, change, broken) => {
  const report = tampered(writes, change as (step: Step) => Partial<Step>);
  expect(report.passed).toBe(false);
  expect(differing(report)).toEqual(broken);
  expect(report.worst!.verdict).toBe("differs");
  expect(`${report}`).toContain(`${report.worst!.array}[${report.worst!.element.join(", ")}]`);
  expect(`${report}`).toMatch(/ \d+ differ\n/);
});

test("one derivative of a hand-made rule that is off by a hundred-thousandth is found", () => {
  const b = new ProgramBuilder("made");
  const x = b.input("x", ["batch", 2]);
  const w = b.weights("weights_0_1", [2, 1], { values: [0.5, -0.25] });
  const value = b.ops.halfSquaredError(b.name("layer_1", b.ops.matmul(x, w)), b.target("goal", ["batch", 1]));
  b.metric("layer_1_loss", value);
  b.gradient(value);
  const { data } = b.build();
  const off = (factor: number): Program =>
    new Program({
      ...data,
      arrays: [
        ...data.arrays.map((array) =>
          array.name === "weight_delta_0_1" ? { ...array, name: "honest" } : array,
        ),
        { name: "near", role: "setting", shape: [], dtype: "float64", initial: { value: factor } },
        { name: "weight_delta_0_1", role: "gradient", shape: [2, 1], dtype: "float64" },
      ],
      steps: [
        ...data.steps.map((step) =>
          step.writes === "weight_delta_0_1" ? { ...step, writes: "honest" } : step,
        ),
        { phase: "backpropagate", op: "scale", reads: ["near", "honest"], writes: "weight_delta_0_1" },
      ],
    });
  const check = { loss: "layer_1_loss", data: { x: [[1, 2]], goal: [[3]] } };
  // layer_1 = 0.5 - 0.5 = 0, so the delta is -3 and the derivatives are -3 and -6.
  const sound = checkProgram(off(1), check);
  expect(sound.passed).toBe(true);
  expect(sound.rows.map(({ byBackpropagation }) => byBackpropagation)).toEqual([-3, -6]);
  for (const { byDifference } of sound.rows) expect(Number.isInteger(Math.fround(byDifference))).toBe(true);
  const broken = checkProgram(off(1.00001), check);
  expect(broken.passed).toBe(false);
  expect(broken.worst!.error).toBeCloseTo(1e-5, 8);
  expect(checkProgram(off(1.00001), { ...check, tolerance: 1e-4 }).passed).toBe(true);
});

test("a loss that is a computed number, whose derivative has a name of its own", () => {
  const b = new ProgramBuilder("made");
  const x = b.input("x", ["batch", 2]);
  const w = b.weights("slope", [2], { values: [0.5, -2] });
  const value = b.name("cost", b.ops.total(b.ops.exp(b.ops.multiply(x, w))));
  b.name("by_slope", [...b.gradient(value).values()][0]!);
  const program = b.build();
  const check = {
    loss: "cost",
    data: {
      x: [
        [1, 0.5],
        [2, 0.25],
      ],
    },
  };
  expect(() => checkProgram(program, check)).toThrow(
    "made has no array slope_delta, the derivative by slope: say which array holds it",
  );
  const report = checkProgram(program, { ...check, gradients: { slope: "by_slope" } });
  expect(report.passed).toBe(true);
  // d/dw of e^(xw) is x e^(xw), for both rows.
  const wanted = [Math.exp(0.5) + 2 * Math.exp(1), 0.5 * Math.exp(-1) + 0.25 * Math.exp(-0.5)];
  for (const [k, row] of report.rows.entries()) {
    expect(row.gradient).toBe("by_slope");
    expect(row.byBackpropagation).toBeCloseTo(wanted[k]!, 14);
    expect(row.byDifference).toBeCloseTo(wanted[k]!, 8);
  }
  const mean = checkProgram(program, { ...check, gradients: { slope: "by_slope" }, reduce: "mean" });
  expect(mean.passed).toBe(false);
  const elsewhere = checkProgram(program, {
    ...check,
    gradients: { slope: "by_slope" },
    weights: { slope: [0, 0] },
  });
  expect(elsewhere.rows.map(({ byBackpropagation }) => byBackpropagation)).toEqual([3, 0.75]);
});

test.each([
  // A straight line, whose slopes to both sides differ by rounding alone, and a curve so steep that they differ by much.
  ["straight", (_b: ProgramBuilder, sum: Ref) => sum, [0.3, -0.7]],
  ["steep", (b: ProgramBuilder, sum: Ref) => b.ops.exp(sum), [0.03, 0.05]],
] as const)("a broken derivative of a loss that is %s is no kink", (_, f, values) => {
  const b = new ProgramBuilder("made");
  const x = b.input("x", ["batch", 2]);
  const w = b.weights("slope", [2], { values });
  const value = b.name("cost", b.ops.total(f(b, b.ops.multiply(x, w))));
  const [gradient] = b.gradient(value).values();
  b.name("by_slope", b.ops.square2deriv(gradient!));
  const data = { x: [[100, 300]] };
  const report = checkProgram(b.build(), { loss: "cost", data, gradients: { slope: "by_slope" } });
  expect(report.rows.map(({ verdict }) => verdict)).toEqual(["differs", "differs"]);
  for (const { byBackpropagation, byDifference, error } of report.rows) {
    expect(byBackpropagation / byDifference).toBeCloseTo(2, 4);
    expect(error).toBeCloseTo(0.5, 4);
  }
});

test("a relu on its corner is a kink, not a failure", () => {
  // A row of zeros without a bias leaves every sum at 0; the bias of layer 1 meets the corner.
  const net = network(2, [dense(3, { activation: relu }), dense(1)], { seed: 1 });
  const report = checkGradients(net, { inputs: [[0, 0]], targets: [[1]] }, { loss });
  expect(report.passed).toBe(true);
  expect(report.kinks.map(({ array, element }) => [array, ...element])).toEqual([
    ["bias_1", 0],
    ["bias_1", 1],
    ["bias_1", 2],
  ]);
  // relu's slope at 0 is 0 here; a difference sees half of the slope above 0, -1 * weights_1_2.
  for (const row of report.kinks) {
    expect(row.byBackpropagation === 0).toBe(true);
    expect(row.byDifference).toBeCloseTo(-net.read("weights_1_2").at(row.element[0]!, 0) / 2, 3);
  }
  expect(`${report}`.split("\n")[0]).toBe("derivatives of layer_2_loss: 10 agree to 1e-6, 3 at a kink");
});

test("a corner near the weights, but not under them, is no kink", () => {
  // The sum is 3e-6, less than the step of a difference: half of the larger steps reach over the corner.
  const net = network(1, [dense(1, { activation: relu, bias: false }), dense(1, { bias: false })], {
    initialize: constant(1),
  });
  net.write("weights_0_1", [[3e-6]]);
  const report = checkGradients(net, { inputs: [[1]], targets: [[1]] }, { loss });
  expect(report.passed).toBe(true);
  expect(report.kinks).toEqual([]);
  // By hand: delta = 3e-6 - 1; by weights_1_2 it is delta * 3e-6.
  expect(report.rows[0]!.byDifference).toBeCloseTo(3e-6 - 1, 6);
  expect(report.rows[1]!.byBackpropagation).toBeCloseTo((3e-6 - 1) * 3e-6, 15);
});

test("above 10,000 derivatives a sample is drawn, which holds the small arrays whole", () => {
  const net = network(1000, [dense(10)], { seed: 2 });
  const small = checkGradients(net, examples(1, 1000, 10), { loss, most: 60 });
  expect(small.rows).toHaveLength(60);
  expect(small.sampled).toBe(true);
  expect(small.total).toBe(10_010);
  expect(small.rows.filter(({ array }) => array === "bias_1")).toHaveLength(10);
  expect(small.passed).toBe(true);
  expect(`${small}`.split("\n")[0]).toBe(
    "derivatives of layer_1_loss: 60 agree to 1e-6 (a sample of 60 out of 10010)",
  );
  const places = (report: typeof small) =>
    report.rows.map(({ array, element }) => [array, ...element].join());
  expect(new Set(places(small)).size).toBe(60);
  const again = checkGradients(net, examples(1, 1000, 10), { loss, most: 60 });
  expect(places(again)).toEqual(places(small));
  const other = checkGradients(net, examples(1, 1000, 10), { loss, most: 60, seed: 3 });
  expect(places(other)).not.toEqual(places(small));
});

test("a report is a table of the worst derivatives of each array", () => {
  const net = network(2, [dense(1)], { initialize: constant(0.5) });
  const data = { inputs: [[1, 2]], targets: [[3]] };
  // layer_1 = 0.5 + 1 = 1.5, delta = -1.5; every number here is exact in binary, and a parabola's differences are too.
  expect(`${checkGradients(net, data, { loss })}`).toBe(
    [
      "derivatives of layer_1_loss: 3 agree to 1e-6",
      "                     by backpropagation  by difference  relative error",
      "  weights_0_1[0, 0]                -1.5           -1.5          0.0e+0  agrees",
      "  weights_0_1[1, 0]                -3.0           -3.0          0.0e+0  agrees",
      "  bias_1[0]                        -1.5           -1.5          0.0e+0  agrees",
    ].join("\n"),
  );
});

test("what cannot be checked is refused", () => {
  const { program } = deep().differentiator(loss);
  const { inputs, targets } = examples(5, 3, 2);
  const data = { layer_0: inputs, goal: targets };
  expect(() => checkProgram(program, { loss: "layer_3_los", data })).toThrow(
    new NameError('there is no array "layer_3_los" in differentiate; did you mean "layer_3_loss"?'),
  );
  const predictor = deep().predictor;
  expect(() => checkProgram(predictor, { loss: "layer_3", data })).toThrow(
    new NameError(
      "checkGradients: predict has no array weight_delta_0_1, the derivative by weights_0_1: " +
        'say which array holds it, as in gradients: { weights_0_1: "…" }',
    ),
  );
  expect(() => checkProgram(program, { loss: "layer_3_loss", data, tolerance: 0 })).toThrow(
    "checkGradients: tolerance is 0, but must be above 0",
  );
  expect(() => checkProgram(program, { loss: "layer_3_loss", data, most: 0 })).toThrow(
    "checkGradients: most is 0, but must be a whole number of at least 1",
  );
});
