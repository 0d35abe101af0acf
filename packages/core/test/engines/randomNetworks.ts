import fc from "fast-check";
import {
  leakyRelu,
  logSoftmax,
  relu,
  sigmoid,
  softmax,
  softplus,
  tanh,
} from "../../src/layers/activations.ts";
import { batchNorm } from "../../src/layers/batchNorm.ts";
import { dense } from "../../src/layers/dense.ts";
import { layerNorm } from "../../src/layers/layerNorm.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { ofLabels } from "../../src/losses/labels.ts";
import { type Loss, meanOf } from "../../src/losses/loss.ts";
import { huber, meanAbsoluteError, meanSquaredError } from "../../src/losses/means.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { adam, adamw } from "../../src/optimizers/adam.ts";
import { momentum, nesterov } from "../../src/optimizers/momentum.ts";
import { rmsprop } from "../../src/optimizers/rmsprop.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { clipByNorm, clipByValue, weightDecay } from "../../src/optimizers/wrappers.ts";
import type { Loop } from "../../src/program/loop.ts";
import type { Chance } from "../../src/program/noise.ts";
import type { Program } from "../../src/program/program.ts";
import { RandomState } from "../../src/random/randomState.ts";
import type { Block } from "../../src/shape/block.ts";

/** Sizes that no block or vector divides, and those just beside them. */
const sizes = [1, 2, 3, 4, 7, 8, 9, 31, 33] as const;

const activations = {
  none: undefined,
  relu,
  leakyRelu: leakyRelu(),
  sigmoid,
  tanh,
  softplus,
  softmax,
  logSoftmax,
};
const losses = {
  halfSquaredError,
  meanOfHalf: meanOf(halfSquaredError),
  meanSquaredError,
  meanAbsoluteError,
  huber: huber(0.5),
  binaryCrossEntropy,
  categoricalCrossEntropy: meanOf(categoricalCrossEntropy),
};
const optimizers = {
  sgd: sgd(0.05),
  momentum: momentum(0.02),
  nesterov: nesterov(0.02),
  rmsprop: rmsprop(0.01),
  adam: adam(0.01),
  adamw: adamw(0.01),
  clipByValue: clipByValue(sgd(0.05), 0.1),
  clipByNorm: clipByNorm(momentum(0.02), 0.5),
  weightDecay: weightDecay(adam(0.01), 0.1),
};

const norms = { none: undefined, batch: batchNorm(), layer: layerNorm() };

/** A network and how it is trained, as plain data, so that a failure shows it. */
export interface Recipe {
  readonly precision: "float64" | "float32";
  readonly inputs: number;
  readonly layers: readonly {
    readonly units: number;
    readonly activation: keyof typeof activations;
    readonly bias: boolean;
    readonly dropout: number;
    readonly norm?: keyof typeof norms;
  }[];
  /** Inputs that are bytes, targets that are class numbers, and masks as the book draws them. */
  readonly bytes?: boolean;
  readonly labels?: boolean;
  readonly chance?: Chance | undefined;
  readonly loss: keyof typeof losses;
  readonly optimizer: keyof typeof optimizers;
  readonly rows: number;
  readonly batch: number | "full";
  readonly batches: number;
  readonly ordered: boolean;
  readonly spareCapacity: number;
  readonly keep: "all" | "default";
  /** Where the training is cut into calls of `fit`. */
  readonly cuts: readonly number[];
  readonly seed: number;
}

const keys = <Table extends object>(table: Table) =>
  fc.constantFrom(...(Object.keys(table) as (keyof Table)[]));
const size = fc.constantFrom(...sizes);

export const recipe: fc.Arbitrary<Recipe> = fc.record({
  precision: fc.constantFrom("float64", "float32"),
  inputs: size,
  layers: fc.array(
    fc.record({
      units: size,
      activation: keys(activations),
      bias: fc.boolean(),
      dropout: fc.constantFrom(0, 0, 0, 0.5),
      norm: fc.constantFrom(...(["none", "none", "batch", "layer"] as const)),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  bytes: fc.boolean(),
  labels: fc.boolean(),
  chance: fc.constantFrom(undefined, undefined, "book"),
  loss: keys(losses),
  optimizer: keys(optimizers),
  rows: fc.constantFrom(1, 2, 5, 8, 33, 65),
  batch: fc.oneof(fc.constantFrom<(number | "full")[]>(1, 3, 4, 7, 31, 33, "full")),
  batches: fc.integer({ min: 1, max: 7 }),
  ordered: fc.boolean(),
  spareCapacity: fc.constantFrom(0, 0, 1, 5),
  keep: fc.constantFrom("all", "default"),
  cuts: fc.array(fc.nat(6), { maxLength: 3 }),
  seed: fc.nat(1000),
});

export interface Built {
  readonly program: Program;
  readonly data: Readonly<Record<string, Block>>;
  readonly loops: readonly Loop[];
  readonly capacity: number;
  readonly chance: Chance | undefined;
}

/** The program of a recipe, its data, and the calls of `fit` that train it. */
export function build({ inputs, layers, rows, batch, batches, ...recipe }: Recipe): Built {
  const net = network(
    inputs,
    layers.flatMap(({ units, activation, bias, dropout, norm = "none" }) => {
      const { [activation]: given } = activations;
      const layer = dense(units, { bias, dropout, ...(given === undefined ? {} : { activation: given }) });
      const { [norm]: normal } = norms;
      return normal === undefined ? [layer] : [layer, normal];
    }),
    { precision: recipe.precision, seed: recipe.seed, ...(recipe.bytes ? { bytes: 255 } : {}) },
  );
  const labels = recipe.labels && net.outputs > 1;
  const loss = losses[recipe.loss] as Loss;
  const chance = new RandomState(recipe.seed + 1);
  const cuts = [...new Set([0, batches, ...recipe.cuts.map((cut) => cut % batches)])].sort((a, b) => a - b);
  const order = recipe.ordered ? { order: chance.randint(0, rows, [rows + 2]) } : {};
  return {
    program: net.trainer({ loss: labels ? ofLabels(loss) : loss, optimizer: optimizers[recipe.optimizer] }),
    data: {
      [net.input.name]: recipe.bytes
        ? chance.randint(0, 256, [rows, inputs])
        : chance.uniform(-1, 1, [rows, inputs]),
      ...(labels
        ? { labels: chance.randint(0, net.outputs, [rows]) }
        : { goal: chance.uniform(0, 1, [rows, net.outputs]) }),
    },
    chance: recipe.chance,
    loops: cuts.slice(1).map((to, k) => ({ batch, ...order, from: cuts[k]!, to })),
    capacity: (batch === "full" ? rows + 2 : Math.min(batch, rows + 2)) + recipe.spareCapacity,
  };
}
