import { describe, expect, test } from "vitest";
import {
  absoluteError,
  accuracy,
  adam,
  adamw,
  categoricalCrossEntropy,
  clipByNorm,
  clipByValue,
  dense,
  halfSquaredError,
  huber,
  type Loss,
  lossValue,
  type Metric,
  meanOf,
  momentum,
  nesterov,
  network,
  type Optimizer,
  ofLabels,
  rmsprop,
  sgd,
  softmax,
  stepDecay,
  weightDecay,
} from "../../src/index.ts";

interface Learning {
  readonly loss: Loss<Metric>;
  readonly optimizer: Optimizer;
  readonly metrics?: readonly Metric[];
}

const made = () => network(2, [dense(3), dense(2, { activation: softmax })], { seed: 1 });
const by = (optimizer: Optimizer): Learning => ({ loss: halfSquaredError, optimizer });
const of = (loss: Loss<Metric>): Learning => ({ loss, optimizer: sgd(0.1) });

/** A loss as a class of a user's has it: `append` is one function for all. */
class Scaled {
  readonly name = "scaled";
  readonly reduce = "sum";
  readonly metrics = [lossValue];
  readonly #by: number;

  constructor(by: number) {
    this.#by = by;
  }

  append(...[b, prediction, target]: Parameters<Loss["append"]>) {
    return b.ops.huber(prediction, target, { limit: this.#by });
  }
}

/** A user's own function, as new as what it is part of. */
const own = (alpha: number): Optimizer => ({ append: (b, gradients) => sgd(alpha).append(b, gradients) });

/** Each makes all of it anew. */
const trainings: Readonly<Record<string, () => Learning>> = {
  "sgd(0.1)": () => by(sgd(0.1)),
  "sgd(0.2)": () => by(sgd(0.2)),
  "sgd(0)": () => by(sgd(0)),
  "momentum(0.1)": () => by(momentum(0.1)),
  "momentum(0.1) of 0.5": () => by(momentum(0.1, { momentum: 0.5 })),
  "nesterov(0.1)": () => by(nesterov(0.1)),
  "rmsprop(0.1)": () => by(rmsprop(0.1)),
  "rmsprop(0.1) with decay": () => by(rmsprop(0.1, { decay: 0.5 })),
  "rmsprop(0.1) with epsilon": () => by(rmsprop(0.1, { epsilon: 0.5 })),
  "adam(0.1)": () => by(adam(0.1)),
  "adam(0.1) with beta1": () => by(adam(0.1, { beta1: 0.5 })),
  "adam(0.1) with beta2": () => by(adam(0.1, { beta2: 0.5 })),
  "adam(0.1) with epsilon": () => by(adam(0.1, { epsilon: 0.5 })),
  "adamw(0.1)": () => by(adamw(0.1)),
  "adamw(0.1) of 0.5": () => by(adamw(0.1, { weightDecay: 0.5 })),
  clipByValue: () => by(clipByValue(sgd(0.1), 1)),
  "clipByValue of 2": () => by(clipByValue(sgd(0.1), 2)),
  clipByNorm: () => by(clipByNorm(sgd(0.1), 1)),
  "clipByNorm of 2": () => by(clipByNorm(sgd(0.1), 2)),
  weightDecay: () => by(weightDecay(sgd(0.1), 0.1)),
  "weightDecay of 0.2": () => by(weightDecay(sgd(0.1), 0.2)),
  "weightDecay by a schedule": () => by(weightDecay(sgd(0.1), stepDecay(0.1, { every: 2, factor: 0.5 }))),
  "all of them": () => by(clipByNorm(weightDecay(clipByValue(adam(0.1), 1), 0.1), 2)),
  "all of them, one changed within": () => by(clipByNorm(weightDecay(clipByValue(adam(0.1), 3), 0.1), 2)),
  "a schedule": () => by(sgd(stepDecay(0.1, { every: 2, factor: 0.5 }))),
  "a user's own": () => by(own(0.3)),
  "a user's own, of a different rate": () => by(own(0.4)),
  "an optimizer with a user's append": () => by({ ...sgd(0.1), append: own(0.5).append }),
  "meanOf(huber())": () => of(meanOf(huber())),
  "huber()": () => of(huber()),
  "huber(2)": () => of(huber(2)),
  "meanOf(halfSquaredError)": () => of(meanOf(halfSquaredError)),
  "a user's class": () => of(new Scaled(3)),
  "a user's class, of a different limit": () => of(new Scaled(4)),
  "ofLabels(categoricalCrossEntropy)": () => of(ofLabels(categoricalCrossEntropy)),
  "meanOf(ofLabels(…))": () => of(meanOf(ofLabels(categoricalCrossEntropy))),
  categoricalCrossEntropy: () => of(categoricalCrossEntropy),
  "no metrics": () => ({ ...by(sgd(0.1)), metrics: [] }),
  "one metric": () => ({ ...by(sgd(0.1)), metrics: [absoluteError] }),
  "two metrics": () => ({ ...by(sgd(0.1)), metrics: [absoluteError, accuracy] }),
};

describe("what a network learns by, made anew", () => {
  test.each(Object.entries(trainings))("%s gives the program that it gave before", (_, make) => {
    const net = made();
    expect(net.trainer(make())).toBe(net.trainer(make()));
  });

  test("gives the program of what was given, whatever was before", () => {
    const net = made();
    const all = Object.entries(trainings);
    const wanted = all.map(([, make]) => made().trainer(make()).toJSON());
    // Those that are nearly alike stand side by side.
    for (const [k, [name, make]] of all.entries())
      for (const [, before] of all.slice(Math.max(0, k - 2), k + 3)) {
        net.trainer(before());
        expect(net.trainer(make()).toJSON(), name).toEqual(wanted[k]);
      }
  });
});

test("a rate that stays is not what a schedule before it ended with", async () => {
  const data = { inputs: [[1, 2]], targets: [[0, 1]] };
  const fallen = sgd(stepDecay(0.1, { every: 1, factor: 0.5 }));
  const [going, wanted] = [made(), made()];
  for (const net of [going, wanted]) await net.fit(data, { ...by(fallen), epochs: 3 });
  await going.fit(data, { ...by(sgd(0.1)), epochs: 1 });
  // In a network that has not run yet, no session is left.
  const fresh = made();
  for (const { name } of fresh.predictor.data.arrays.filter(({ role }) => role === "weights"))
    fresh.write(name, wanted.read(name));
  await fresh.fit(data, { ...by(sgd(0.1)), epochs: 1 });
  for (const { name } of fresh.predictor.data.arrays.filter(({ role }) => role === "weights"))
    expect(going.read(name).toTyped()).toEqual(fresh.read(name).toTyped());
});
