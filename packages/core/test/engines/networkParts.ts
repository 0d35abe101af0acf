import * as activationsOfCore from "../../src/layers/activations.ts";
import { batchNorm } from "../../src/layers/batchNorm.ts";
import { dense } from "../../src/layers/dense.ts";
import * as initializersOfCore from "../../src/layers/initializers.ts";
import type { Activation, Layer } from "../../src/layers/layer.ts";
import { layerNorm } from "../../src/layers/layerNorm.ts";
import { accuracy, accuracyAt, classAccuracy } from "../../src/losses/accuracy.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { ofLabels } from "../../src/losses/labels.ts";
import { type Loss, lossValue, type Metric, meanOf } from "../../src/losses/loss.ts";
import { absoluteError, huber, meanAbsoluteError, meanSquaredError } from "../../src/losses/means.ts";
import { differenceSum, halfSquaredError, squaredError } from "../../src/losses/squared.ts";
import { adam, adamw } from "../../src/optimizers/adam.ts";
import { momentum, nesterov } from "../../src/optimizers/momentum.ts";
import type { Optimizer, Rate } from "../../src/optimizers/optimizer.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { clipByNorm, clipByValue, weightDecay } from "../../src/optimizers/wrappers.ts";
import { cosineDecay, stepDecay, warmUp } from "../../src/train/schedules.ts";

// Everything that networks are made of, by the name under which core exports it: a test holds that nothing is missing.

export const activations = {
  relu: activationsOfCore.relu,
  reluWith: activationsOfCore.reluWith({ derivativeAtZero: 1, of: "output" }),
  leakyRelu: activationsOfCore.leakyRelu(),
  sigmoid: activationsOfCore.sigmoid,
  tanh: activationsOfCore.tanh,
  softplus: activationsOfCore.softplus,
  identity: activationsOfCore.identity,
  softmax: activationsOfCore.softmax,
  logSoftmax: activationsOfCore.logSoftmax,
  withSlope: activationsOfCore.withSlope(activationsOfCore.tanh, (b, { output }) => b.ops.tanh2deriv(output)),
} as const satisfies Record<string, Activation>;

const { normal, constant, uniform, ...byFans } = initializersOfCore;
export const initializers = {
  ...byFans,
  normal: normal(0.1, 0.5),
  constant: constant(0.25),
  uniform: uniform(-1, 1),
} as const;

/** Layers of these options; those that normalise leave out what is of no use to them. */
export interface LayerOptions {
  readonly units: number;
  readonly activation: keyof typeof activations | "none";
  readonly bias: boolean;
  readonly dropout: number;
  /** How its weights and biases start; undefined for what the network has, and zeros. */
  readonly initialize?: keyof typeof initializers | undefined;
  readonly share: number;
}

/** Reports on what it is given, be it an example, and hands on its distance to the means of its columns. */
const metricFirst: Layer = (b, previous, { number, training }) => {
  if (training) b.metric(`layer_${number}_given`, b.ops.squaredError(previous, previous));
  const means = b.ops.divideByScalar(b.ops.sumRows(previous), b.rowCount());
  return b.name(`layer_${number}`, b.ops.subtract(previous, means));
};

export const layers = {
  dense: ({ units, activation, bias, dropout, initialize }) => {
    const start = initialize && initializers[initialize];
    const starts = start ? { initialize: start, ...(bias ? { initializeBias: start } : {}) } : {};
    const given = activation === "none" ? {} : { activation: activations[activation] as Activation };
    return dense(units, { bias, dropout, ...starts, ...given });
  },
  batchNorm: ({ share }) => batchNorm({ momentum: share }),
  layerNorm: ({ share }) => layerNorm({ epsilon: share }),
  metricFirst: () => metricFirst,
} as const satisfies Record<string, (options: LayerOptions) => Layer>;

/** Of targets alone: a metric that reads nothing but what the batch is given. */
const ofTargets: Metric = {
  key: "ofTargets",
  label: "Targets",
  suffix: "targets",
  append: (b, _, target) => b.ops.differenceSum(target, target),
};

export const metrics = {
  accuracy,
  classAccuracy,
  accuracyAt: accuracyAt(0.25),
  lossValue,
  absoluteError,
  meanSquaredError,
  meanAbsoluteError,
  squaredError,
  differenceSum,
  ofTargets,
} as const satisfies Record<string, Metric>;

export const losses = {
  halfSquaredError,
  meanSquaredError,
  meanAbsoluteError,
  huber: huber(0.5),
  binaryCrossEntropy,
  categoricalCrossEntropy,
} as const satisfies Record<string, Loss>;

export const lossWrappers = { meanOf, ofLabels } as const satisfies Record<string, (loss: Loss) => Loss>;

export const optimizers = {
  sgd,
  momentum,
  nesterov,
  rmsprop,
  adam,
  adamw,
} as const satisfies Record<string, (rate: Rate) => Optimizer>;

export const optimizerWrappers = {
  clipByValue: (each) => clipByValue(each, 0.1),
  clipByNorm: (each) => clipByNorm(each, 0.5),
  weightDecay: (each) => (each.decayedBy === undefined ? weightDecay(each, 0.1) : each),
} as const satisfies Record<string, (optimizer: Optimizer) => Optimizer>;

export const schedules = {
  stepDecay: (rate) => stepDecay(rate, { factor: 0.5, every: 1 }),
  cosineDecay: (rate) => cosineDecay(rate, { epochs: 2 }),
  warmUp: (rate) => warmUp(rate, { epochs: 1 }),
} as const satisfies Record<string, (rate: number) => Rate>;

export const parts = [
  activations,
  initializers,
  layers,
  metrics,
  losses,
  lossWrappers,
  optimizers,
  optimizerWrappers,
  schedules,
] as const;
