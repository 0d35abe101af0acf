import { describe, expect, it } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import type { Ref } from "../../src/ops/op.ts";
import { adam, adamw } from "../../src/optimizers/adam.ts";
import { momentum, nesterov } from "../../src/optimizers/momentum.ts";
import type { Optimizer } from "../../src/optimizers/optimizer.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { clipByNorm, clipByValue, weightDecay } from "../../src/optimizers/wrappers.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";

/** Weights after each of the first updates, where the loss is Σ slope · weight, whose derivative never changes. */
function weightsAfter(
  optimizer: Optimizer,
  starts: readonly number[],
  slopes: readonly number[],
): number[][] {
  const b = new ProgramBuilder("train");
  const weights = starts.map((value, i) => b.weights(`w_${i}`, [1], { value }));
  const terms = weights.map((ref, i) =>
    b.ops.multiply(b.state(`slope_${i}`, [1], { value: slopes[i]! }), ref),
  );
  const sum = terms.reduce<Ref | undefined>(
    (left, right) => (left ? b.ops.add(left, right) : right),
    undefined,
  );
  optimizer.append(b, b.gradient(b.ops.total(sum!), { by: weights }));
  const session = reference.open(b.build());
  return [1, 2].map(() => {
    session.run();
    return starts.map((_, i) => session.read(`w_${i}`).data[0]!);
  });
}

/** One weight that starts at 1, with a derivative of 0.5. */
const single: Readonly<Record<string, readonly [Optimizer, first: number, second: number]>> = {
  // 1 - 0.1 · 0.5
  sgd: [sgd(0.1), 0.95, 0.9],
  // velocities 0.5, then 0.9 · 0.5 + 0.5 = 0.95
  momentum: [momentum(0.1), 0.95, 0.855],
  // the same velocities; steps of 0.5 + 0.9 · 0.5 = 0.95, then 0.5 + 0.9 · 0.95 = 1.355
  nesterov: [nesterov(0.1), 0.905, 0.7695],
  // mean squares 0.25 · 0.25 = 0.0625, then 0.75 · 0.0625 + 0.0625 = 0.109375
  rmsprop: [rmsprop(0.1, { decay: 0.75, epsilon: 0.25 }), 0.9, 0.9 - 0.05 / (Math.sqrt(0.109375) + 0.25)],
  // means 0.25 / 0.5, then 0.375 / 0.75; mean squares 0.0625 / 0.25, then 0.109375 / 0.4375: always 0.5 and 0.25,
  // so each step is 0.1 · 0.5 / (0.5 + 0.25)
  adam: [adam(0.1, { beta1: 0.5, beta2: 0.75, epsilon: 0.25 }), 1 - 0.05 / 0.75, 1 - 0.1 / 0.75],
  // before each such step the weight shrinks by 0.1 · 0.5 of itself
  adamw: [
    adamw(0.1, { beta1: 0.5, beta2: 0.75, epsilon: 0.25, weightDecay: 0.5 }),
    0.95 - 0.05 / 0.75,
    0.95 * (0.95 - 0.05 / 0.75) - 0.05 / 0.75,
  ],
  // derivatives of 0.2 instead
  clipByValue: [clipByValue(sgd(0.1), 0.2), 0.98, 0.96],
  // derivatives of 0.5 + 0.2 · 1 = 0.7, then 0.5 + 0.2 · 0.93 = 0.686
  weightDecay: [weightDecay(sgd(0.1), 0.2), 0.93, 0.8614],
};

describe("the first two updates are what the formula gives by hand", () => {
  it.each(Object.entries(single))("%s", (_, [optimizer, first, second]) => {
    const found = weightsAfter(optimizer, [1], [0.5]);
    expect(found[0]![0]).toBeCloseTo(first, 14);
    expect(found[1]![0]).toBeCloseTo(second, 14);
  });

  it("clipByNorm: derivatives 3 and 4 are 5 long, and at most 2 long they are 1.2 and 1.6", () => {
    const [first] = weightsAfter(clipByNorm(sgd(0.5), 2), [1, 1], [3, 4]);
    expect(first![0]).toBeCloseTo(0.4, 14);
    expect(first![1]).toBeCloseTo(0.2, 14);
  });

  it("clipByNorm changes no bit of derivatives that are short enough, nor of 0", () => {
    const slopes = [0.1, 0.3];
    expect(weightsAfter(clipByNorm(sgd(0.7), 1), [1, 1], slopes)).toEqual(
      weightsAfter(sgd(0.7), [1, 1], slopes),
    );
    expect(weightsAfter(clipByNorm(sgd(0.7), 1), [1], [0])).toEqual([[1], [1]]);
  });

  it("the outer of two wrappers comes first", () => {
    // clipped to 0.2, then 0.2 + 0.5 · 1
    const clippedFirst = weightsAfter(clipByValue(weightDecay(sgd(0.1), 0.5), 0.2), [1], [0.5]);
    expect(clippedFirst[0]![0]).toBeCloseTo(0.93, 14);
    // 0.5 + 0.5 · 1, then clipped to 0.2
    const decayedFirst = weightsAfter(weightDecay(clipByValue(sgd(0.1), 0.2), 0.5), [1], [0.5]);
    expect(decayedFirst[0]![0]).toBeCloseTo(0.98, 14);
  });
});

describe("options that make no sense are refused by name", () => {
  it.each([
    ["momentum(0.1, momentum: 1)", () => momentum(0.1, { momentum: 1 }), "momentum: momentum is 1"],
    ["nesterov(NaN)", () => nesterov(Number.NaN), "nesterov(NaN)"],
    ["rmsprop(decay: -0.1)", () => rmsprop(0.1, { decay: -0.1 }), "rmsprop: decay is -0.1"],
    ["rmsprop(epsilon: 0)", () => rmsprop(0.1, { epsilon: 0 }), "rmsprop: epsilon is 0"],
    ["adam(beta2: NaN)", () => adam(0.1, { beta2: Number.NaN }), "adam: beta2 is NaN"],
    ["adamw(weightDecay: -1)", () => adamw(0.1, { weightDecay: -1 }), "adamw: weightDecay is -1"],
    ["clipByValue(0)", () => clipByValue(sgd(0.1), 0), "clipByValue: limit is 0"],
    [
      "clipByNorm(Infinity)",
      () => clipByNorm(sgd(0.1), Number.POSITIVE_INFINITY),
      "clipByNorm: norm is Infinity",
    ],
    [
      "weightDecay of adamw, whatever is between",
      () => weightDecay(clipByNorm(adamw(0.1), 1), 0.1),
      "weightDecay: adamw shrinks weights by itself: give it the share, adamw(alpha, { weightDecay: 0.01 })",
    ],
    [
      "weightDecay twice",
      () => weightDecay(clipByValue(weightDecay(sgd(0.1), 0.1), 1), 0.1),
      "weightDecay: the optimizer has a weightDecay already: give one rate, their sum",
    ],
    ["weightDecay(NaN)", () => weightDecay(sgd(0.1), Number.NaN), "weightDecay(NaN)"],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });

  it.each([
    ["none", undefined, "clipByValue: give an optimizer, such as sgd(0.1)"],
    ["a loss", halfSquaredError, "clipByValue: give an optimizer, such as sgd(0.1)"],
    ["one that was not called", sgd, "clipByValue: give an optimizer, such as sgd(0.1): call sgd(…)"],
  ])("wrapping %s", (_, optimizer, message) => {
    expect(() => clipByValue(optimizer as never, 1)).toThrow(new TypeError(message));
  });
});
