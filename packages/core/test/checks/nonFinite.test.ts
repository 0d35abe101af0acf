import { describe, expect, test } from "vitest";
import { causeIn } from "../../src/checks/cause.ts";
import { firstNonFinite } from "../../src/checks/nonFinite.ts";
import { NonFiniteError } from "../../src/checks/nonFiniteError.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { constant, uniform } from "../../src/layers/initializers.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { type Network, network } from "../../src/network/network.ts";
import type { ElementwiseOp, Emit, Ref } from "../../src/ops/op.ts";
import { ops } from "../../src/ops/table.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { momentum, nesterov } from "../../src/optimizers/momentum.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { RandomState } from "../../src/random/randomState.ts";
import { Player, type Score } from "../../src/trace/player.ts";
import { Trace } from "../../src/trace/trace.ts";
import { type Matrix, trainByHand } from "../network/loops.ts";
import { lights } from "../trace/examples.ts";

const loss = halfSquaredError;

/** One weight: `layer_1 = layer_0.dot(weights_0_1)`. */
function line(options = {}): Network {
  return network(1, [dense(1, { bias: false })], { initialize: constant(1), ...options });
}

async function thrown(run: Promise<unknown>): Promise<NonFiniteError> {
  try {
    await run;
  } catch (error) {
    expect(error).toBeInstanceOf(NonFiniteError);
    return error as NonFiniteError;
  }
  throw new Error("the training stayed finite");
}

/** The whole text, as `console.error` shows its first lines. */
const textOf = (error: NonFiniteError) => `${error.name}: ${error.message}`;

describe("a training that leaves the finite numbers says where and why:", () => {
  test("a step size that is far too large", async () => {
    // Row 0: prediction 1, so the weight becomes 1 - 1e100. Row 1: prediction -2e100, so it becomes -1e100 + 4e200.
    // Then row 0 predicts 4e200, whose square is beyond the largest float64.
    const net = line();
    const data = { inputs: [[1], [2]], targets: [[0], [0]] };
    const error = await thrown(net.fit(data, { loss, optimizer: sgd(1e100), epochs: 3 }));
    expect(textOf(error)).toBe(
      [
        "NonFiniteError: squaredError(layer_1, goal): layer_1_error became inf",
        "  prediction  4e+200  layer_1[0, 0]",
        "  target      0.0     goal[0, 0]",
        "  in compare: layer_1_error += np.sum((layer_1 - goal) ** 2)",
        "  at epoch 1, batch 0, step 1, example 0, all counted from 0",
        "  usual cause: numbers beyond the largest float64, since every update made them larger: a step size that is too large",
      ].join("\n"),
    );
    expect(error).toMatchObject({ array: "layer_1_error", element: [], value: Infinity, epoch: 1, batch: 0 });
    expect(error).toMatchObject({ step: 1, phase: "compare", op: "squaredError", row: 0 });
    expect(error.operands.map(({ numbers }) => numbers.at())).toEqual([4e200, 0]);
    // The last finite state: that after row 1 of the first epoch.
    expect(net.read("weights_0_1").toArray()).toEqual([[4e200]]);
  });

  test("a weight written by hand", async () => {
    const net = network(3, [dense(2)]);
    const bad = net.read("weights_0_1").toArray() as number[][];
    bad[1]![0] = Number.NaN;
    net.write("weights_0_1", bad);
    const data = { inputs: [[1, 2, 3]], targets: [[0, 0]] };
    const error = await thrown(net.fit(data, { loss, optimizer: sgd(0.1), epochs: 1 }));
    expect(textOf(error)).toBe(
      [
        "NonFiniteError: weights_0_1[1, 0] is nan before a step has run",
        "  at epoch 0, batch 0, all counted from 0",
        "  usual cause: a number that was written by hand or read from a file",
      ].join("\n"),
    );
    expect(error.step).toBeUndefined();
    expect(net.read("weights_0_1").toArray()).toEqual(bad);
  });

  test("a schedule without a number", async () => {
    const net = line();
    const alpha = ({ batch }: { batch: number }) => (batch === 5 ? Number.NaN : 0.1);
    const data = { inputs: [[1], [2], [1]], targets: [[0], [0], [1]] };
    const error = await thrown(net.fit(data, { loss, optimizer: sgd(alpha), epochs: 3 }));
    expect(textOf(error)).toBe(
      [
        "NonFiniteError: alpha is nan before a step has run",
        "  at epoch 1, batch 2, all counted from 0",
        "  usual cause: a schedule that gives no finite number for this batch",
      ].join("\n"),
    );
    let w = 1;
    for (const [x, goal] of [
      [1, 0],
      [2, 0],
      [1, 1],
      [1, 0],
      [2, 0],
    ] as const)
      w = w - 0.1 * (x * (x * w - goal));
    expect(net.read("weights_0_1").at(0, 0)).toBe(w);
  });

  test("inputs too large, in the first batch: a matrix product of a row and a column", async () => {
    const net = network(3, [dense(2, { bias: false })], { initialize: constant(1) });
    net.write("weights_0_1", [
      [1, 0.5],
      [1, 2],
      [1, 0.25],
    ]);
    const data = {
      inputs: [
        [1, 2, 3],
        [1, 1e308, 4],
      ],
      targets: [
        [0, 0],
        [0, 0],
      ],
    };
    const error = await thrown(net.fit(data, { loss, optimizer: sgd(0.1), epochs: 1, batch: 2 }));
    expect(textOf(error)).toBe(
      [
        "NonFiniteError: matmul(layer_0, weights_0_1): layer_1[1, 1] became inf",
        "  left   [1.e+000 1.e+308 4.e+000]  row 1 of layer_0",
        "  right  [0.5  2.   0.25]           column 1 of weights_0_1",
        "  in predict: layer_1 = layer_0.dot(weights_0_1)",
        "  at epoch 0, batch 0, step 0, example 1, all counted from 0",
        "  usual cause: numbers beyond the largest float64, from inputs that are too large: scale them",
      ].join("\n"),
    );
    expect(error.operands.map(({ numbers }) => numbers.toArray())).toEqual([
      [1, 1e308, 4],
      [0.5, 2, 0.25],
    ]);
  });

  test("float32 ends at 3.4e38", async () => {
    const net = line({ precision: "float32" });
    const data = { inputs: [[1e30]], targets: [[0]] };
    const error = await thrown(net.fit(data, { loss, optimizer: sgd(1), epochs: 1 }));
    // The prediction is 1e30 and its square, a float64 metric, 1e60; the derivative 1e60 is beyond float32.
    expect(textOf(error).split("\n")).toEqual([
      "NonFiniteError: matmul(weight_delta_0_1_transposed, layer_1_delta): weight_delta_0_1[0, 0] became inf",
      "  left   [1.e+30]  row 0 of weight_delta_0_1_transposed",
      "  right  [1.e+30]  column 0 of layer_1_delta",
      "  in update: weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)",
      "  at epoch 0, batch 0, step 4, all counted from 0",
      "  usual cause: numbers beyond the largest float32, from inputs that are too large: scale them",
    ]);
    expect(error.row).toBeUndefined();
  });

  test("weights too large, in the first batch", async () => {
    const net = network(2, [dense(1, { bias: false })], { initialize: constant(-1e308) });
    const data = { inputs: [[1, 1]], targets: [[0]] };
    const error = await thrown(net.fit(data, { loss, optimizer: sgd(0.1), epochs: 1 }));
    expect(error).toMatchObject({ array: "layer_1", value: -Infinity, epoch: 0, batch: 0, row: 0 });
    expect(error.cause).toBe(
      "numbers beyond the largest float64 in the first batch already: weights that are too large",
    );
  });

  test("a wide row shows its ends", async () => {
    const net = network(9, [dense(1, { bias: false })], { initialize: constant(1) });
    const data = { inputs: [[1e308, 1, 2, 3, 4, 5, 6, 7, 1e308]], targets: [[0]] };
    const error = await thrown(net.fit(data, { loss, optimizer: sgd(1), epochs: 1 }));
    expect(error.message.split("\n").slice(1, 3)).toEqual([
      "  left   [1.e+308 1.e+000 ... 7.e+000 1.e+308]  row 0 of layer_0",
      "  right  [1. 1. ... 1. 1.]                      column 0 of weights_0_1",
    ]);
    expect(error.operands[0]!.numbers.toArray()).toEqual(data.inputs[0]);
  });
});

describe("an op that has no number there says which part of it:", () => {
  /** `layer_1 = f(layer_0 * weights)` for rows of two numbers. */
  function scoreOf(f: (ops: Emit, x: Ref) => Ref, layer_0: Matrix, batch = 1): Score {
    const b = new ProgramBuilder("made");
    const x = b.input("layer_0", ["batch", 2]);
    const goal = b.target("goal", ["batch", 2]);
    const weights = b.weights("factor", [2], { values: [1, 1] });
    const value = b.ops.halfSquaredError(
      b.name("layer_1", f(b.ops, b.name("layer_0_scaled", b.ops.multiply(x, weights)))),
      goal,
    );
    b.metric("layer_1_loss", value);
    return {
      program: b.build(),
      data: { layer_0, goal: layer_0.map((row) => row.map(() => 0)) },
      loop: { epochs: 1, batch },
    };
  }
  const find = (score: Score) =>
    firstNonFinite(score, 0, new Player(score).course.to, new Player(score).state);

  test.each<
    [
      string,
      (ops: Emit, x: Ref) => Ref,
      number,
      { op: string; value: number; operands: number[]; cause: string },
    ]
  >([
    [
      "log of 0",
      (ops, x) => ops.log(x),
      0,
      { op: "log", value: -Infinity, operands: [0], cause: "the logarithm of 0" },
    ],
    [
      "log of a negative number",
      (ops, x) => ops.log(x),
      -2,
      { op: "log", value: Number.NaN, operands: [-2], cause: "the logarithm of a negative number, -2.0" },
    ],
    [
      "exp",
      (ops, x) => ops.exp(x),
      800,
      {
        op: "exp",
        value: Infinity,
        operands: [800],
        cause: "exp of 800.0, which is beyond the largest number",
      },
    ],
    [
      "a division by 0",
      (ops, x) => ops.divide(ops.square(ops.exp(x)), x),
      0,
      { op: "divide", value: Infinity, operands: [1, 0], cause: "a division by 0" },
    ],
    [
      "0 by 0",
      (ops, x) => ops.divide(x, x),
      0,
      { op: "divide", value: Number.NaN, operands: [0, 0], cause: "a division of 0 by 0" },
    ],
    [
      "a division by next to nothing",
      (ops, x) => ops.divide(ops.exp(x), x),
      1e-310,
      {
        op: "divide",
        value: Infinity,
        operands: [1, 1e-310],
        cause: "a division by 1e-310, which is too small",
      },
    ],
    [
      "a square root",
      (ops, x) => ops.sqrt(x),
      -4,
      {
        op: "sqrt",
        value: Number.NaN,
        operands: [-4],
        cause: "the square root of a negative number, -4.0",
      },
    ],
    [
      "a square",
      (ops, x) => ops.square(x),
      1e200,
      {
        op: "square",
        value: Infinity,
        operands: [1e200],
        cause: "numbers beyond the largest float64, from inputs that are too large: scale them",
      },
    ],
  ])("%s", (_, f, bad, { op, value, operands, cause }) => {
    const found = find(
      scoreOf(f, [
        [1, 2],
        [3, 4],
        [2, bad],
        [1, 1],
      ]),
    )!;
    expect(found).toMatchObject({ array: "layer_1", element: [0, 1], value, epoch: 0, batch: 2, row: 2, op });
    expect(found.operands.map(({ numbers }) => numbers.at())).toEqual(operands);
    expect(found.cause).toBe(cause);
  });

  test("the row is that of the data, wherever it stands in its batch", () => {
    const rows = [
      [1, 2],
      [3, 4],
      [2, 1],
      [1, 0],
      [5, 5],
    ];
    const score = scoreOf((ops, x) => ops.log(x), rows, 2);
    expect(find(score)).toMatchObject({ batch: 1, element: [1, 1], row: 3 });
    const shuffled = { ...score, loop: { to: 3, batch: 2, order: [4, 1, 0, 2, 3] } };
    expect(find(shuffled)).toMatchObject({ batch: 2, element: [0, 1], row: 3 });
    const again = { ...score, loop: { to: 6, batch: 2, rows: 2, order: [4, 1, 0, 2, 3, 2] } };
    expect(find(again)).toMatchObject({ epoch: 2, batch: 0, element: [0, 1], row: 3 });
  });

  test("a number of the data is found before any step", () => {
    const score = scoreOf(
      (ops, x) => ops.square(x),
      [
        [1, 2],
        [3, Number.NaN],
      ],
    );
    expect(find(score)).toMatchObject({
      array: "layer_0",
      element: [0, 1],
      batch: 1,
      row: 1,
      operands: [],
      cause: "a gap or a number too large in the data",
    });
    expect(find(score)!.step).toBeUndefined();
  });

  test("a total that outgrows the numbers names the term that did it", () => {
    const score = scoreOf(
      (ops, x) => ops.add(x, x),
      [
        [1, 2],
        [1, 6.5e153],
        [1, 1],
        [6.5e153, 1],
        [1, 1],
        [1, 6.5e153],
      ],
      3,
    );
    // ½ (13e153)² = 0.845e308 is finite, and so are two of them; the third ends beyond 1.797e308.
    const found = find(score)!;
    expect(found).toMatchObject({ array: "layer_1_loss", op: "halfSquaredError", batch: 1, row: 5 });
    expect(found.operands.map(({ place }) => place)).toEqual(["layer_1[2, 1]", "goal[2, 1]"]);
    expect(found.operands[0]!.numbers.at()).toBe(13e153);
  });
});

test.each([
  ["2 * log(x) + 1", 0, "the logarithm of 0"],
  ["x * exp(1000 - x)", 0, "exp of 1000.0, which is beyond the largest number"],
  ["select(x > 0, log(x), 1 / x)", 0, "a division by 0"],
  ["select(x > 0, log(x), 1 / (x + 1))", -1, "a division by 0"],
  ["log1p(x)", -3, "the logarithm of a negative number, -2.0"],
])("the cause of %s at %s is %s", (expression, x, says) => {
  const op = { ...ops.square, expression } as ElementwiseOp;
  expect(causeIn(op, {}, [x], (value) => value)).toEqual({ kind: "domain", says });
});

test("a metric whose rows are no sums names the row", () => {
  const b = new ProgramBuilder("made");
  const x = b.input("layer_0", ["batch", 2]);
  const layer_1 = b.name("layer_1", b.ops.multiply(x, b.weights("factor", [2], { values: [1, 1] })));
  b.metric("loss", b.ops.categoricalCrossEntropy(layer_1, b.target("goal", ["batch", 2])));
  const score: Score = {
    program: b.build(),
    // -1e308 less the row's maximum is -2e308.
    data: {
      layer_0: [
        [1, 2],
        [1e308, -1e308],
      ],
      goal: [
        [0, 1],
        [0, 1],
      ],
    },
    loop: { epochs: 1, batch: 2 },
  };
  const found = firstNonFinite(score, 0, 1, new Player(score).state)!;
  expect(found).toMatchObject({ array: "loss", value: Infinity, row: 1, op: "categoricalCrossEntropy" });
  expect(found.operands.map(({ place, numbers }) => [place, numbers.toArray()])).toEqual([
    ["row 1", [1e308, -1e308]],
    ["row 1", [0, 1]],
  ]);
  expect(found.cause).toBe("a row of numbers for which categoricalCrossEntropy is not finite");
});

test("the row, the batch and the weights are right where rows are shuffled and the step size changes", async () => {
  const inputs = Array.from({ length: 7 }, (_, k) => [k / 7, 1 - k / 7]);
  inputs[4] = [1e160, 0];
  const targets = inputs.map(() => [0.5]);
  const layers = () => [dense(3, { activation: relu, bias: false }), dense(1, { bias: false })];
  const net = network(2, layers(), { seed: 9, initialize: uniform(0.1, 1) });
  const fresh = network(2, layers(), { seed: 9, initialize: uniform(0.1, 1) });
  const alpha = ({ batch }: { batch: number }) => 0.1 / (batch + 1);
  const error = await thrown(
    net.fit({ inputs, targets }, { loss, optimizer: sgd(alpha), epochs: 3, shuffle: true }),
  );
  const order = Array.from(new RandomState([9, 1]).permutation(7).data);
  expect(order).not.toEqual([0, 1, 2, 3, 4, 5, 6]);
  // Its prediction is about 1e160, so its squared error is beyond float64.
  expect(error).toMatchObject({ array: "layer_2_error", epoch: 0, batch: order.indexOf(4), row: 4 });
  // The last finite weights are those of the plain loops over the rows before it.
  let weights = {
    weights_0_1: fresh.read("weights_0_1").toArray() as Matrix,
    weights_1_2: fresh.read("weights_1_2").toArray() as Matrix,
  };
  for (const [batch, row] of order.slice(0, error.batch).entries())
    weights = trainByHand(weights, { inputs, targets, batches: [[row]], alpha: 0.1 / (batch + 1) })
      .weights as never;
  expect(net.read("weights_0_1").toArray()).toEqual(weights.weights_0_1);
  expect(net.read("weights_1_2").toArray()).toEqual(weights.weights_1_2);
});

test("a second training goes on from the last finite weights, and finds its own place", async () => {
  const net = line();
  const data = { inputs: [[1], [2]], targets: [[0], [0]] };
  await net.fit(data, { loss, optimizer: sgd(0.1), epochs: 2 });
  const error = await thrown(net.fit(data, { loss, optimizer: sgd(1e200), epochs: 5 }));
  // Epochs count on through trainings that go on, as schedules do.
  expect(error.epoch).toBeGreaterThanOrEqual(2);
  const kept = net.read("weights_0_1").at(0, 0);
  expect(Number.isFinite(kept)).toBe(true);
  net.write("weights_0_1", [[1]]);
  const [epoch] = await net.fit(data, { loss, optimizer: sgd(0.1), epochs: 1 });
  expect(Number.isFinite(epoch!.metrics.squaredError)).toBe(true);
});

test.each([3, 10, 100, 1e6, 1e30])(
  "with a step size of %s the batch is the first at which plain loops fail",
  async (alpha) => {
    const inputs = [
      [1, 0.5, 1],
      [0.25, 1, 1],
      [0.5, 0.1, 1],
      [1, 1, 1],
    ];
    const targets = [[1], [1], [0], [0]];
    const net = network(3, [dense(4, { activation: relu, bias: false }), dense(1, { bias: false })], {
      initialize: uniform(0, 1),
    });
    let weights = {
      weights_0_1: net.read("weights_0_1").toArray() as Matrix,
      weights_1_2: net.read("weights_1_2").toArray() as Matrix,
    };
    let total = 0;
    let failed: number | undefined;
    for (let batch = 0; batch < 200 && failed === undefined; batch++) {
      const after = trainByHand(weights, { inputs, targets, batches: [[batch % 4]], alpha });
      total = batch % 4 === 0 ? after.error : total + after.error;
      const numbers = [...after.weights.weights_0_1.flat(), ...after.weights.weights_1_2.flat(), total];
      if (!numbers.every(Number.isFinite)) failed = batch;
      else weights = after.weights as never;
    }
    const run = net.fit({ inputs, targets }, { loss, optimizer: sgd(alpha), epochs: 50 });
    if (failed === undefined) {
      await run;
      return;
    }
    const error = await thrown(run);
    expect(4 * error.epoch + error.batch).toBe(failed);
    expect(net.read("weights_0_1").toArray()).toEqual(weights.weights_0_1);
    expect(net.read("weights_1_2").toArray()).toEqual(weights.weights_1_2);
  },
);

test("a training that stays finite has no such place", () => {
  const score = lights({ epochs: 60, batch: 1 });
  expect(firstNonFinite(score, 0, 240, new Player(score).state)).toBeUndefined();
});

test("a number edited by hand in a trace is played as well", () => {
  const trunk = Trace.record(lights({ epochs: 3, batch: 1 }));
  const branch = trunk.seek({ epoch: 1, batch: 2 }).edit("weights_1_2", [1, 0], 1e300);
  const start = branch.stateBefore(0);
  const found = firstNonFinite(branch.score, 0, branch.batches, start, branch.events)!;
  expect(found).toMatchObject({ epoch: 1, batch: 2, row: 2 });
  expect([...found.before.values()].every(({ data }) => data.every(Number.isFinite))).toBe(true);
});

describe("of a first training by an optimizer that carries something", () => {
  const inputs = [
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 1],
    [1, 1, 1],
  ];
  const targets = [[1], [1], [0], [0]];
  test.each([
    ["momentum", momentum(0.5)],
    ["nesterov", nesterov(5)],
    ["rmsprop", rmsprop(1e200)],
    ["adam", adam(1e150)],
  ] as const)(
    "%s: the report is that of a trace, and the network keeps what it had before",
    async (_, optimizer) => {
      const made = () => network(3, [dense(4), dense(1)], { seed: 1 });
      const options = { loss, optimizer, epochs: 60 };
      const net = made();
      const { epoch, batch, step, array } = await thrown(net.fit({ inputs, targets }, options));
      const trace = await made().trace({ inputs, targets }, options);
      const finite = (name: string) => trace.read(name)?.data.every(Number.isFinite) ?? true;
      trace.seek({ epoch, batch });
      for (const name of net.weightNames) {
        expect(finite(name)).toBe(true);
        expect(net.read(name).data).toEqual(trace.read(name)!.data);
      }
      trace.seek({ epoch, batch, step: step! });
      expect(finite(array)).toBe(true);
      trace.seek({ epoch, batch, step: step! + 1 });
      expect(finite(array)).toBe(false);
    },
  );
});
