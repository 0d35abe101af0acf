import {
  identity,
  leakyRelu,
  logSoftmax,
  relu,
  sigmoid,
  softmax,
  softplus,
  tanh,
} from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { uniform } from "../../src/layers/initializers.ts";
import type { Activation, Layer } from "../../src/layers/layer.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { type Loss, lossValue, meanOf } from "../../src/losses/loss.ts";
import { huber, meanAbsoluteError, meanSquaredError } from "../../src/losses/means.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { adam, adamw } from "../../src/optimizers/adam.ts";
import { momentum, nesterov } from "../../src/optimizers/momentum.ts";
import type { Optimizer, Rate } from "../../src/optimizers/optimizer.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { clipByNorm, clipByValue, weightDecay } from "../../src/optimizers/wrappers.ts";
import type { Precision } from "../../src/program/data.ts";
import { cosineDecay, stepDecay, warmUp } from "../../src/train/schedules.ts";

export const activations: Readonly<Record<string, Activation>> = {
  identity,
  relu,
  leakyRelu: leakyRelu(0.1),
  sigmoid,
  tanh,
  softplus,
  softmax,
  logSoftmax,
};

export const losses: Readonly<Record<string, Loss>> = {
  halfSquaredError,
  "meanOf(halfSquaredError)": meanOf(halfSquaredError),
  meanSquaredError,
  meanAbsoluteError,
  huber: huber(0.4),
  binaryCrossEntropy,
  "meanOf(binaryCrossEntropy)": meanOf(binaryCrossEntropy),
  categoricalCrossEntropy,
  "meanOf(categoricalCrossEntropy)": meanOf(categoricalCrossEntropy),
};

/** A step size that starts at a number and goes on from there. */
type Course = (start: number) => Rate;

/**
 * Rates and options as `oracle.py` has them; the rest is each optimizer's default. They are small, as are the first
 * weights: a training that diverges, as those of logSoftmax with dropout do at four times these rates, multiplies the
 * rounding too, and then agrees with nobody.
 */
export const optimizers: Readonly<Record<string, (rate: Course) => Optimizer>> = {
  sgd: (rate) => sgd(rate(0.02)),
  momentum: (rate) => momentum(rate(0.005)),
  nesterov: (rate) => nesterov(rate(0.005)),
  rmsprop: (rate) => rmsprop(rate(0.005)),
  adam: (rate) => adam(rate(0.01)),
  adamw: (rate) => adamw(rate(0.01), { weightDecay: 0.2 }),
  clipByValue: (rate) => clipByValue(sgd(rate(0.02)), 0.05),
  clipByNorm: (rate) => clipByNorm(momentum(rate(0.005)), 0.3),
  weightDecay: (rate) => weightDecay(adam(rate(0.01)), 0.1),
};

export const schedules: Readonly<Record<string, Course>> = {
  constant: (start) => start,
  step: (start) => stepDecay(start, { factor: 0.5, every: 12 }),
  cosine: (start) => cosineDecay(start, { end: 0.001, epochs: 40 }),
  "warm-up": (start) => warmUp(start, { epochs: 5 }),
  "warm-up, then cosine": (start) => warmUp(cosineDecay(start, { epochs: 50 }), { epochs: 3 }),
};

/** What the hidden layers are, apart from their activation. */
export const bodies: Readonly<Record<string, (activation: Activation) => readonly Layer[]>> = {
  plain: (activation) => [dense(4, { activation }), dense(3, { activation })],
  dropout: (activation) => [dense(5, { activation, dropout: 0.1 }), dense(4, { activation, dropout: 0.25 })],
};

export interface Combination {
  readonly activation: string;
  readonly loss: string;
  readonly optimizer: string;
  readonly schedule: string;
  readonly body: string;
}

/**
 * Every loss with every optimizer and activation. Schedules and bodies take turns, so that each of them meets all the
 * others without a product of all five.
 */
export const combinations: readonly Combination[] = Object.keys(losses).flatMap((loss, i) =>
  Object.keys(optimizers).flatMap((optimizer, j) =>
    Object.keys(activations).map((activation, k) => ({
      activation,
      loss,
      optimizer,
      schedule: turn(schedules, i + j + k),
      body: turn(bodies, Math.floor((i + j + k) / Object.keys(schedules).length)),
    })),
  ),
);

/** The key whose turn it is. */
export function turn(table: object, place: number): string {
  const keys = Object.keys(table);
  return keys[place % keys.length]!;
}

/**
 * What + - * / and roots make up, in the order that the docs give: it has one right result, to the last bit. A body adds
 * nothing to that.
 */
export const exact: Readonly<Record<Exclude<keyof Combination, "body">, readonly string[]>> = {
  activation: ["identity", "relu", "leakyRelu"],
  loss: ["halfSquaredError", "meanOf(halfSquaredError)", "meanSquaredError", "meanAbsoluteError", "huber"],
  optimizer: ["sgd", "momentum", "nesterov", "rmsprop", "clipByValue"],
  schedule: ["constant", "step", "warm-up"],
};

/** Ten rows, so that batches of three leave a last one of one. A row's targets are the shares of two classes. */
export const data = {
  inputs: [
    [1, 0.2, -0.4],
    [0.3, -1, 0.8],
    [-0.6, 0.5, 0.1],
    [0.9, 0.7, -1.1],
    [-0.2, -0.3, 0.6],
    [0.4, 1.2, 0.5],
    [-1.3, 0.1, 0.2],
    [0.7, -0.6, -0.9],
    [-0.4, -1.1, 0.3],
    [0.1, 0.8, -0.7],
  ],
  targets: [
    [1, 0],
    [0, 1],
    [0, 1],
    [1, 0],
    [0.25, 0.75],
    [1, 0],
    [0, 1],
    [0.5, 0.5],
    [0, 1],
    [1, 0],
  ],
};

/** The same, but for cross entropy rows of no class, of two, and of shares that add up to more than 1. */
export function dataFor({ loss }: Pick<Combination, "loss">): typeof data {
  if (!loss.includes("ategoricalCrossEntropy")) return data;
  const odd: Readonly<Record<number, number[]>> = { 2: [1, 1], 6: [0.9, 0.5], 8: [0, 0] };
  return { ...data, targets: data.targets.map((row, place) => odd[place] ?? row) };
}

/** Fifty epochs of four batches: 200 updates. */
export const batch = 3;
export const epochs = 50;
export const seed = 1;

export function build({ activation, body }: Pick<Combination, "activation" | "body">, precision?: Precision) {
  const hidden = bodies[body]!(activations[activation]!);
  return network(3, [...hidden, dense(2)], {
    seed,
    initialize: uniform(-0.5, 0.5),
    ...(precision === undefined ? {} : { precision }),
  });
}

export function learning({ loss, optimizer, schedule }: Omit<Combination, "activation" | "body">) {
  return {
    loss: losses[loss]!,
    optimizer: optimizers[optimizer]!(schedules[schedule]!),
    metrics: [lossValue],
  };
}
