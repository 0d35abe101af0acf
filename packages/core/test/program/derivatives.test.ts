import { describe, expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { leakyRelu, relu, reluWith, tanh, withSlope } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { constant, uniform } from "../../src/layers/initializers.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { GradientError } from "../../src/program/backpropagate.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { print } from "../../src/program/print/print.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { runPythonPrograms, runTypescript } from "./execute.ts";

/** y = f(w x) with w = 3 and x = 2, and what the loss ½ (y - 1)² has as its derivative by w. */
function slopeOf(
  f: (b: ProgramBuilder, sum: ReturnType<ProgramBuilder["input"]>) => ReturnType<ProgramBuilder["input"]>,
) {
  const b = new ProgramBuilder("one");
  const x = b.input("x", ["batch", 1]);
  const w = b.weights("w", [1, 1], { value: 3 });
  const y = b.name("y", f(b, b.ops.matmul(x, w)));
  const gradient = b.gradient(b.ops.halfSquaredError(y, b.target("goal", ["batch", 1]))).get(w)!;
  b.name("slope", gradient);
  const session = reference.open(b.build(), { keep: "all" });
  session.write({ x: [[2]], goal: [[1]] });
  session.run();
  return session.read("slope").toTyped()[0];
}

describe("a stated derivative takes the place of the op's", () => {
  // y = 6² = 36, so the delta is 35; x is 2.
  test("and the op's own is 2 · sum", () => {
    expect(slopeOf((b, sum) => b.ops.square(sum))).toBe(35 * 12 * 2);
  });

  test("by the operand, with the delta as it is, and with the output", () => {
    expect(slopeOf((b, sum) => b.derivative(b.ops.square(sum), sum, ({ delta }) => delta))).toBe(35 * 2);
    const byOutput = slopeOf((b, sum) =>
      b.derivative(b.ops.square(sum), sum, ({ delta, output }) => b.ops.multiply(delta, output)),
    );
    expect(byOutput).toBe(35 * 36 * 2);
  });

  test("by an array further back: the steps between are passed over", () => {
    const far = slopeOf((b, sum) =>
      b.derivative(b.ops.square(b.ops.exp(b.ops.log(sum))), sum, ({ delta }) =>
        b.ops.multiplyByNumber(delta, { factor: 0 }),
      ),
    );
    expect(far).toBe(0);
  });

  test("passBack appends a rule, with what stands for the result", () => {
    const passed = slopeOf((b, sum) => {
      const rooted = b.ops.sqrt(sum);
      const square = b.ops.square(rooted);
      // The slope of the square at its operand √6 is 2 √6; at the tanh, 1 - output² where 3 stands for the output.
      return b.derivative(b.ops.tanh(square), sum, ({ delta, output }) => {
        expect(b.sources(output)).toEqual([sum]);
        return b.passBack(delta, {
          from: b.ops.tanh(sum),
          to: sum,
          output: b.ops.multiplyByNumber(delta, { factor: 0 }),
        });
      });
    });
    // tanh(6) rounds to just below 1, and the slope with 0 for the output is 1.
    expect(passed).toBeCloseTo((Math.tanh(6) - 1) * 2, 12);
  });

  test("withSlope, and stopGradient on one of two ways", () => {
    const square = withSlope(
      (b, sum) => b.ops.square(sum),
      (_b, { sum }) => sum,
    );
    expect(slopeOf((b, sum) => square(b, sum))).toBe(35 * 6 * 2);
    expect(slopeOf((b, sum) => b.ops.multiply(sum, b.ops.stopGradient(sum)))).toBe(35 * 6 * 2);
    expect(() => slopeOf((b, sum) => b.ops.stopGradient(sum))).toThrow(GradientError);
  });

  test("errors", () => {
    const b = new ProgramBuilder("wrong");
    const w = b.weights("w", [2]);
    const y = b.ops.square(w);
    expect(() => b.derivative(w, w, ({ delta }) => delta)).toThrow("derivative: w is declared, not computed");
    expect(() => b.derivative(y, b.ops.square(y), ({ delta }) => delta)).toThrow("made before it");
    b.derivative(y, w, ({ delta }) => b.ops.sumRows(delta));
    expect(() => b.derivative(y, w, ({ delta }) => delta)).toThrow("there are two by w: state their sum");
    expect(() => b.gradient(b.ops.total(y))).toThrow(ShapeError);
    expect(() => b.passBack(y, { from: y, to: y })).toThrow(GradientError);
    expect(() => dense(2, { bias: false, initializeBias: constant(1) })).toThrow(
      "dense: initializeBias is given, but the layer has no bias",
    );
  });
});

test("a stopped array is a copy in printed programs: it does not move with the weights", () => {
  const b = new ProgramBuilder("copy");
  const w = b.weights("w", [1, 1], { value: 3 });
  const still = b.name("still", b.ops.stopGradient(w));
  const y = b.name("y", b.ops.matmul(b.input("x", ["batch", 1]), b.ops.add(w, still)));
  sgd(0.5).append(b, b.gradient(b.ops.halfSquaredError(y, b.target("goal", ["batch", 1]))));
  const options = { data: { x: [[1]], goal: [[0]] } };
  const names = ["still", "w"];
  const [python] = runPythonPrograms([{ text: print(b.build(), "numpy-exact", options), names }]);
  // y = 6, so w becomes 3 - 0.5 · 6.
  expect(python!.numbers).toEqual({ still: [3], w: [0] });
  expect(runTypescript({ text: print(b.build(), "typescript", options), names }).numbers).toEqual(
    python!.numbers,
  );
});

test("a layer has starts of its own, drawn in the order of its arrays", () => {
  const whole = network(2, [dense(3, { initializeBias: uniform(0, 1) }), dense(1)], {
    initialize: constant(2),
  });
  expect([...whole.read("weights_0_1").toTyped()]).toEqual(Array(6).fill(2));
  expect(
    whole
      .read("bias_1")
      .toTyped()
      .every((x) => x > 0 && x < 1),
  ).toBe(true);
  const own = network(2, [dense(3), dense(1, { initialize: constant(5) })], { initialize: constant(2) });
  expect([...own.read("weights_1_2").toTyped()]).toEqual([5, 5, 5]);
});

test("a listing tells the slopes of relu apart, and says of a function what is not usual", () => {
  const deltaLine = (activation: typeof relu) =>
    `${network(2, [dense(2, { activation, bias: false }), dense(1, { bias: false })]).trainer({ loss: halfSquaredError, optimizer: sgd(1) })}`
      .split("\n")
      .find((line) => line.includes("layer_1_delta ="))!
      .trim();
  const before = "layer_1_delta = layer_2_delta.dot(weights_1_2.T) * ";
  expect(deltaLine(relu)).toBe(`${before}relu2deriv(layer_1)`);
  expect(deltaLine(reluWith({ derivativeAtZero: 1 }))).toBe(
    `${before}relu2deriv(layer_1_sum)  # relu2deriv: output >= 0`,
  );
  expect(deltaLine(reluWith({ derivativeAtZero: 1, of: "output" }))).toBe(
    `${before}relu2deriv(layer_1)  # relu2deriv: output >= 0`,
  );
  expect(deltaLine(tanh)).toBe(`${before}tanh2deriv(layer_1)`);
  expect(deltaLine(leakyRelu())).toBe(`${before}leaky_relu2deriv(layer_1_sum)`);
  expect(deltaLine(leakyRelu(0.2))).toBe(
    `${before}leaky_relu2deriv(layer_1_sum)  # leaky_relu2deriv: np.where(x > 0, 1, 0.2)`,
  );
});
