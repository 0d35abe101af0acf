import fc from "fast-check";
import type { Layer } from "../../src/layers/layer.ts";
import type { Loss, Metric } from "../../src/losses/loss.ts";
import { Architecture } from "../../src/network/architecture.ts";
import type { Optimizer, Rate } from "../../src/optimizers/optimizer.ts";
import type { Loop } from "../../src/program/loop.ts";
import type { Chance } from "../../src/program/noise.ts";
import type { Program } from "../../src/program/program.ts";
import { RandomState } from "../../src/random/randomState.ts";
import type { Block } from "../../src/shape/block.ts";
import {
  activations,
  initializers,
  type LayerOptions,
  layers,
  losses,
  lossWrappers,
  metrics,
  optimizers,
  optimizerWrappers,
  schedules,
} from "./networkParts.ts";

/** Sizes that no block or vector divides, and those just beside them. */
const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 1, 2, 3, 4, 7, 9, 17, 33] as const;

/** A network and how it is trained, as plain data, so that a failure shows it. */
export interface Recipe {
  readonly precision: "float64" | "float32";
  readonly inputs: number;
  readonly layers: readonly (LayerOptions & { readonly kind: keyof typeof layers })[];
  readonly initialize: keyof typeof initializers;
  /** Inputs that are bytes, targets that are class numbers, and masks as the book draws them. */
  readonly bytes?: number | undefined;
  readonly labels?: boolean;
  readonly chance?: Chance | undefined;
  readonly loss: keyof typeof losses;
  readonly mean: boolean;
  /** What is reported; undefined for what goes with the loss. */
  readonly metrics?: readonly (keyof typeof metrics)[] | undefined;
  readonly optimizer: keyof typeof optimizers;
  readonly wrappers: readonly (keyof typeof optimizerWrappers)[];
  readonly schedule?: keyof typeof schedules | undefined;
  readonly rows: number;
  readonly batch: number | "full";
  readonly batches: number;
  readonly ordered: boolean;
  readonly spareCapacity: number;
  readonly keep: "all" | "default";
  /** Whether the session has a program that evaluates, which runs after every call of `fit`. */
  readonly validated: boolean;
  /** Where the training is cut into calls of `fit`. */
  readonly cuts: readonly number[];
  readonly seed: number;
}

const keys = <Table extends object>(table: Table) =>
  fc.constantFrom(...(Object.keys(table) as (keyof Table)[]));
const some = <Table extends object>(table: Table, maxLength: number) =>
  fc.uniqueArray(keys(table), { maxLength });
const size = fc.constantFrom(...sizes);

export const recipe: fc.Arbitrary<Recipe> = fc.record({
  precision: fc.constantFrom("float64", "float32"),
  inputs: size,
  layers: fc
    .array(
      fc.record({
        kind: fc.oneof({ weight: 2, arbitrary: fc.constant("dense" as const) }, keys(layers)),
        units: size,
        initialize: fc.option(keys(initializers), { nil: undefined }),
        activation: fc.oneof(fc.constant("none" as const), { weight: 4, arbitrary: keys(activations) }),
        bias: fc.boolean(),
        dropout: fc.constantFrom(0, 0, 0.25, 0.5),
        share: fc.constantFrom(0.1, 1e-5, 1),
      }),
      { minLength: 1, maxLength: 4 },
    )
    // One at least must learn.
    .filter((each) => each.some(({ kind }) => kind !== "metricFirst")),
  initialize: keys(initializers),
  bytes: fc.constantFrom(undefined, undefined, 255, 7),
  labels: fc.boolean(),
  chance: fc.constantFrom(undefined, undefined, "book"),
  loss: keys(losses),
  mean: fc.boolean(),
  metrics: fc.option(some(metrics, 4), { nil: undefined }),
  optimizer: keys(optimizers),
  wrappers: some(optimizerWrappers, 2),
  schedule: fc.option(keys(schedules), { nil: undefined }),
  rows: fc.constantFrom(1, 2, 5, 8, 3, 9, 33),
  batch: fc.oneof(fc.constantFrom<(number | "full")[]>(1, 3, 4, 7, 31, "full")),
  batches: fc.integer({ min: 1, max: 7 }),
  ordered: fc.boolean(),
  spareCapacity: fc.constantFrom(0, 0, 1, 5),
  keep: fc.constantFrom("all", "default"),
  validated: fc.boolean(),
  cuts: fc.array(fc.nat(6), { maxLength: 3 }),
  seed: fc.nat(1000),
});

export interface Built {
  readonly program: Program;
  /** Computes metrics after every call, where there is one. */
  readonly evaluator: Program | undefined;
  readonly data: Readonly<Record<string, Block>>;
  readonly loops: readonly Loop[];
  readonly capacity: number;
  readonly chance: Chance | undefined;
}

/** The program of a recipe, its data, and the calls of `fit` that train it. */
export function build({ inputs, rows, batch, batches, bytes, ...recipe }: Recipe): Built {
  const architecture = new Architecture(
    inputs,
    recipe.layers.map((each) => layerOf(each, recipe.chance)),
    {
      precision: recipe.precision,
      initialize: initializers[recipe.initialize],
      seed: recipe.seed,
      ...(bytes === undefined ? {} : { bytes }),
    },
  );
  const { outputs, predictor } = architecture;
  const labels = recipe.labels === true && outputs > 1;
  const summed: Loss = losses[recipe.loss];
  const plain = recipe.mean ? lossWrappers.meanOf(summed) : summed;
  const loss = labels ? lossWrappers.ofLabels(plain) : plain;
  const reported = recipe.metrics && metricsOf(recipe.metrics);
  const optimizer = optimizerOf(recipe);
  const chance = new RandomState(recipe.seed + 1);
  const cuts = [...new Set([0, batches, ...recipe.cuts.map((cut) => cut % batches)])].sort((a, b) => a - b);
  const order = recipe.ordered ? { order: chance.randint(0, rows, [rows + 2]) } : {};
  const batchesPerEpoch = Math.ceil(
    (recipe.ordered ? rows + 2 : rows) / (batch === "full" ? rows + 2 : batch),
  );
  const settings = Object.fromEntries(
    Object.entries(optimizer.schedules ?? {}).map(([name, schedule]) => [
      name,
      Array.from({ length: batches }, (_, each) => schedule({ batch: each, batchesPerEpoch })),
    ]),
  );
  return {
    program: architecture.trainer({ loss, optimizer, ...(reported ? { metrics: reported } : {}) }),
    evaluator: recipe.validated ? architecture.evaluator(loss, reported ?? loss.metrics, 0.5) : undefined,
    data: {
      [predictor.data.arrays.find(({ role }) => role === "input")!.name]:
        bytes === undefined ? chance.uniform(-1, 1, [rows, inputs]) : chance.randint(0, 256, [rows, inputs]),
      ...(labels
        ? { labels: chance.randint(0, outputs, [rows]) }
        : { goal: chance.uniform(0, 1, [rows, outputs]) }),
    },
    chance: recipe.chance,
    loops: cuts.slice(1).map((to, k) => ({ batch, ...order, settings, from: cuts[k]!, to })),
    capacity: (batch === "full" ? rows + 2 : Math.min(batch, rows + 2)) + recipe.spareCapacity,
  };
}

/** The book silences one half. */
function layerOf({ kind, ...options }: Recipe["layers"][number], chance: Chance | undefined): Layer {
  const dropout = chance === "book" && options.dropout > 0 ? 0.5 : options.dropout;
  return layers[kind]({ ...options, dropout });
}

/** Each key is reported once. */
function metricsOf(names: NonNullable<Recipe["metrics"]>): readonly Metric[] {
  const chosen = names.map((name): Metric => metrics[name]);
  return [...new Map(chosen.map((metric) => [metric.key, metric])).values()];
}

const rates = { sgd: 0.05, momentum: 0.02, nesterov: 0.02, rmsprop: 0.01, adam: 0.01, adamw: 0.01 };

function optimizerOf({ optimizer, wrappers, schedule }: Pick<Recipe, "optimizer" | "wrappers" | "schedule">) {
  const alpha: number = rates[optimizer];
  const rate: Rate = schedule === undefined ? alpha : schedules[schedule](alpha);
  return wrappers.reduce<Optimizer>(
    (each, wrapper) => optimizerWrappers[wrapper](each),
    optimizers[optimizer](rate),
  );
}
