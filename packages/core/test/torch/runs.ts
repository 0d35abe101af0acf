import { leakyRelu, relu, sigmoid, softplus, tanh } from "../../src/layers/activations.ts";
import type { Activation } from "../../src/layers/layer.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { type Loss, meanOf } from "../../src/losses/loss.ts";
import { huber, meanAbsoluteError, meanSquaredError } from "../../src/losses/means.ts";
import { adam, adamw } from "../../src/optimizers/adam.ts";
import { momentum, nesterov } from "../../src/optimizers/momentum.ts";
import type { Optimizer } from "../../src/optimizers/optimizer.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { clipByValue, weightDecay } from "../../src/optimizers/wrappers.ts";
import { cosineDecay, stepDecay, warmUp } from "../../src/train/schedules.ts";

/** What a run of `make.py` is called here: the two hidden activations, the loss and the optimizer. */
export type Run = readonly [first: Activation, second: Activation, loss: Loss, optimizer: Optimizer];

const crossEntropy = meanOf(categoricalCrossEntropy);

/**
 * By the names that `make.py` gives them. Its losses are means over rows and outputs unless it says `sum`, as ours are
 * where "mean" is in their name. 40 epochs of five updates, or 50 of four.
 */
export const runs: Readonly<Record<string, Run>> = {
  sgd: [tanh, relu, meanSquaredError, sgd(0.1)],
  momentum: [tanh, relu, meanSquaredError, momentum(0.05)],
  nesterov: [relu, tanh, meanSquaredError, nesterov(0.05, { momentum: 0.8 })],
  "weight decay": [sigmoid, tanh, meanSquaredError, weightDecay(sgd(0.1), 0.02)],
  clipped: [leakyRelu(0.1), tanh, meanSquaredError, clipByValue(sgd(0.1), 0.05)],
  huber: [softplus, relu, huber(0.4), momentum(0.02)],
  absolute: [tanh, sigmoid, meanAbsoluteError, momentum(0.02, { momentum: 0.5 })],
  rmsprop: [tanh, softplus, meanSquaredError, rmsprop(0.01)],
  "rmsprop, other options": [tanh, relu, binaryCrossEntropy, rmsprop(0.005, { decay: 0.9, epsilon: 1e-6 })],
  marks: [relu, tanh, binaryCrossEntropy, momentum(0.02)],
  classifier: [relu, tanh, crossEntropy, momentum(0.1)],
  "classifier, summed": [sigmoid, relu, categoricalCrossEntropy, sgd(0.05)],
  "classifier of shares": [tanh, relu, crossEntropy, momentum(0.1)],
  adam: [tanh, relu, crossEntropy, adam(0.01)],
  "adam, other options": [
    softplus,
    tanh,
    crossEntropy,
    adam(0.01, { beta1: 0.8, beta2: 0.95, epsilon: 1e-5 }),
  ],
  "adam and weight decay": [tanh, tanh, crossEntropy, weightDecay(adam(0.01), 0.05)],
  adamw: [tanh, relu, crossEntropy, adamw(0.01)],
  "adamw, other options": [tanh, relu, meanSquaredError, adamw(0.02, { weightDecay: 0.2 })],
  "adam by steps": [tanh, relu, crossEntropy, adam(stepDecay(0.02, { factor: 0.5, every: 10 }))],
  "adam by a cosine": [tanh, relu, crossEntropy, adam(cosineDecay(0.02, { end: 0.001, epochs: 50 }))],
  "adamw after a warm-up": [tanh, relu, meanSquaredError, adamw(warmUp(0.02, { epochs: 4 }))],
};
