import { describe, expect, test } from "vitest";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { print } from "../../src/program/print/print.ts";
import type { Program } from "../../src/program/program.ts";

/** The chapter's network: 3 inputs, 4 hidden units, 1 output, no bias. */
function crossing(bias = false, loss = halfSquaredError): Program {
  return network(3, [dense(4, { activation: relu, bias }), dense(1, { bias })], {
    seed: 1,
    target: "walk_vs_stop",
  }).trainer({ loss, optimizer: sgd(0.2) });
}

/** The steps that write these arrays, as `op(reads)`. */
function stepsOf(program: Program, ...writes: string[]): string[] {
  return writes.map((name) => {
    const { op, reads } = program.data.steps.find((step) => step.writes === name)!;
    return `${op}(${reads.join(", ")})`;
  });
}

test("the chapter's network prints the book's lines in the four phases", () => {
  expect(print(crossing())).toBe(
    [
      "predict",
      "  layer_1 = relu(layer_0.dot(weights_0_1))",
      "  layer_2 = layer_1.dot(weights_1_2)",
      "compare",
      "  layer_2_error += np.sum((layer_2 - walk_vs_stop) ** 2)",
      "backpropagate",
      "  layer_2_delta = layer_2 - walk_vs_stop",
      "  layer_1_delta = layer_2_delta.dot(weights_1_2.T) * relu2deriv(layer_1)",
      "update",
      "  weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)",
      "  weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)",
    ].join("\n"),
  );
});

test("String(program) is the listing", () => {
  expect(String(crossing())).toBe(print(crossing(), "listing"));
});

test("a network that only predicts has the one phase", () => {
  const { predictor } = network(2, [dense(2, { activation: relu, bias: false }), dense(1, { bias: false })]);
  expect(print(predictor)).toBe(
    "predict\n  layer_1 = relu(layer_0.dot(weights_0_1))\n  layer_2 = layer_1.dot(weights_1_2)",
  );
  expect(predictor.phases).toEqual(["predict"]);
  expect(predictor.outputs).toEqual(["layer_2"]);
});

describe("bias", () => {
  test("is added as NumPy broadcasts it, and learns from the sum of its layer's delta", () => {
    const lines = print(crossing(true)).split("\n");
    expect(lines).toContain("  layer_1 = relu(layer_0.dot(weights_0_1) + bias_1)");
    expect(lines).toContain("  layer_2 = layer_1.dot(weights_1_2) + bias_2");
    expect(lines).toContain("  bias_2 -= alpha * layer_2_delta.sum(axis=0)");
    expect(lines).toContain("  bias_1 -= alpha * layer_1_delta.sum(axis=0)");
  });

  test("is spread over the rows by a step of its own, which sums answer", () => {
    const program = crossing(true);
    expect(stepsOf(program, "layer_1_sum", "layer_1_sum_spread", "bias_delta_1")).toEqual([
      "add(layer_1_sum_dot, layer_1_sum_spread)",
      "spreadRows(bias_1)",
      "sumRows(layer_1_delta)",
    ]);
    const spread = program.data.steps.find((step) => step.writes === "layer_1_sum_spread")!;
    expect(spread.parameters).toEqual({ n: "batch" });
    expect(program.array("layer_1_sum_spread").shape).toEqual(["batch", 4]);
  });
});

test("a mean divides the output's delta once, and nothing else", () => {
  const lines = print(crossing(false, meanOf(halfSquaredError))).split("\n");
  expect(lines).toContain("  layer_2_delta = (layer_2 - walk_vs_stop) / batch");
  const other = print(crossing()).split("\n");
  expect(lines.filter((line) => !other.includes(line))).toHaveLength(1);
  expect(lines.filter((line) => line.includes("batch"))).toHaveLength(1);
});

test("each step says what it answers: the forward step going backwards, nothing going forwards", () => {
  const answers = crossing().data.steps.map(({ phase, writes, answers }) => [phase, writes, answers]);
  expect(
    answers.filter(([phase]) => phase !== "backpropagate").every(([, , each]) => each === undefined),
  ).toBe(true);
  const backwards = Object.fromEntries(
    answers.filter(([phase]) => phase === "backpropagate").map(([, writes, each]) => [writes, each]),
  );
  // The first delta comes from the loss, which the program does not compute: it answers no step.
  expect(backwards).toEqual({
    layer_2_delta: undefined,
    layer_1_output_delta_transposed: "layer_2",
    layer_1_output_delta: "layer_2",
    layer_1_delta_slope: "layer_1",
    layer_1_delta: "layer_1",
    weight_delta_1_2_transposed: "layer_2",
    weight_delta_1_2: "layer_2",
    weight_delta_0_1_transposed: "layer_1_sum",
    weight_delta_0_1: "layer_1_sum",
  });
});

describe("an array that is read more than once", () => {
  /** Weights by hand and an update as in the book. */
  function descend(b: ProgramBuilder, gradients: ReturnType<ProgramBuilder["gradient"]>): void {
    const alpha = b.setting("alpha", 0.1);
    b.inUpdate(() => {
      for (const [weights, delta] of gradients)
        b.update(weights, b.ops.subtract(weights, b.ops.scale(alpha, delta)));
    });
  }

  test("where two branches meet again, gets contributions named after their readers, in order of emission", () => {
    const b = new ProgramBuilder("train");
    const input = b.input("layer_0", ["batch", 2]);
    const goal = b.target("goal", ["batch", 1]);
    const shared = b.name("layer_1", b.ops.matmul(input, b.weights("weights_0_1", [2, 3])));
    const left = b.name("left", b.ops.matmul(shared, b.weights("weights_left", [3, 1])));
    const right = b.name("right", b.ops.matmul(shared, b.weights("weights_right", [3, 1])));
    const output = b.name("layer_2", b.ops.add(left, right));
    descend(b, b.gradient(b.ops.halfSquaredError(output, goal)));
    const program = b.build();
    // Backpropagation goes from the last node to the first, so right answers before left.
    expect(stepsOf(program, "layer_1_delta", "layer_1_delta_from_right", "layer_1_delta_from_left")).toEqual([
      "add(layer_1_delta_from_right, layer_1_delta_from_left)",
      "matmul(layer_2_delta, layer_1_delta_from_right_transposed)",
      "matmul(layer_2_delta, layer_1_delta_from_left_transposed)",
    ]);
    expect(print(program).split("\n")).toContain(
      "  layer_1_delta = layer_2_delta.dot(weights_right.T) + layer_2_delta.dot(weights_left.T)",
    );
  });

  test("shared weights gather what each of their layers contributes, the last layer first", () => {
    const b = new ProgramBuilder("train");
    const input = b.input("layer_0", ["batch", 2]);
    const goal = b.target("goal", ["batch", 2]);
    const weights = b.weights("weights_0_1", [2, 2]);
    const layer_1 = b.name("layer_1", b.ops.relu(b.ops.matmul(input, weights)));
    const layer_2 = b.name("layer_2", b.ops.matmul(layer_1, weights));
    descend(b, b.gradient(b.ops.halfSquaredError(layer_2, goal)));
    const program = b.build();
    expect(stepsOf(program, "weight_delta_0_1")).toEqual([
      "add(weight_delta_0_1_from_layer_2, weight_delta_0_1_from_layer_1)",
    ]);
    expect(print(program).split("\n").at(-1)).toBe(
      "  weights_0_1 -= alpha * (layer_1.T.dot(layer_2_delta) + layer_0.T.dot(layer_1_delta))",
    );
  });

  test("with two losses gets the sum of both derivatives, the later loss first", () => {
    const b = new ProgramBuilder("train");
    const input = b.input("layer_0", ["batch", 2]);
    const goals = [b.target("near", ["batch", 1]), b.target("far", ["batch", 1])] as const;
    const output = b.name("layer_1", b.ops.matmul(input, b.weights("weights_0_1", [2, 1])));
    descend(b, b.gradient(goals.map((goal) => b.ops.halfSquaredError(output, goal))));
    expect(print(b.build()).split("\n")).toContain("  layer_1_delta = layer_1 - far + (layer_1 - near)");
  });
});
