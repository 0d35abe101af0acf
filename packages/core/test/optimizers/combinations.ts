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
import type { Activation } from "../../src/layers/layer.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { type Loss, lossValue, meanOf } from "../../src/losses/loss.ts";
import { huber, meanAbsoluteError, meanSquaredError } from "../../src/losses/means.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { type Network, network } from "../../src/network/network.ts";
import { adam, adamw } from "../../src/optimizers/adam.ts";
import { momentum, nesterov } from "../../src/optimizers/momentum.ts";
import type { Optimizer } from "../../src/optimizers/optimizer.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { clipByNorm, clipByValue, weightDecay } from "../../src/optimizers/wrappers.ts";
import type { Precision } from "../../src/program/data.ts";
import { stepDecay } from "../../src/train/schedules.ts";

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

/** Rates and options as `oracle.py` has them; the rest is each optimizer's default. */
export const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd(0.05),
  momentum: momentum(0.02),
  nesterov: nesterov(0.02),
  rmsprop: rmsprop(0.01),
  adam: adam(0.02),
  "adam with a schedule": adam(stepDecay(0.02, { factor: 0.5, every: 5 })),
  adamw: adamw(0.02, { weightDecay: 0.2 }),
  clipByValue: clipByValue(sgd(0.05), 0.05),
  clipByNorm: clipByNorm(momentum(0.02), 0.3),
  weightDecay: weightDecay(adam(0.02), 0.1),
};

export interface Combination {
  readonly activation: string;
  readonly loss: string;
  readonly optimizer: string;
}

/** Seven rows, so that batches of three leave a last one of one; each row's targets are the shares of two classes. */
export const data = {
  inputs: [
    [1, 0.2, -0.4],
    [0.3, -1, 0.8],
    [-0.6, 0.5, 0.1],
    [0.9, 0.7, -1.1],
    [-0.2, -0.3, 0.6],
    [0.4, 1.2, 0.5],
    [-1.3, 0.1, 0.2],
  ],
  targets: [
    [1, 0],
    [0, 1],
    [0, 1],
    [1, 0],
    [0.25, 0.75],
    [1, 0],
    [0, 1],
  ],
};

/** Seventeen epochs of three batches: 51 updates. */
export const batch = 3;
export const epochs = 17;

export function build({ activation }: Pick<Combination, "activation">, precision?: Precision): Network {
  const hidden = dense(4, { activation: activations[activation]! });
  return network(3, [hidden, dense(2)], { seed: 1, ...(precision === undefined ? {} : { precision }) });
}

export function learning({ loss, optimizer }: Omit<Combination, "activation">) {
  return { loss: losses[loss]!, optimizer: optimizers[optimizer]!, metrics: [lossValue] };
}
