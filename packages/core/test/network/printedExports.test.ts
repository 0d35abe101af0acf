import fc from "fast-check";
import { expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import * as activations from "../../src/layers/activations.ts";
import { batchNorm } from "../../src/layers/batchNorm.ts";
import { dense } from "../../src/layers/dense.ts";
import * as initializers from "../../src/layers/initializers.ts";
import type { Activation, Layer } from "../../src/layers/layer.ts";
import { layerNorm } from "../../src/layers/layerNorm.ts";
import * as accuracies from "../../src/losses/accuracy.ts";
import * as crossEntropies from "../../src/losses/crossEntropy.ts";
import { ofLabels } from "../../src/losses/labels.ts";
import { type Loss, lossValue, type Metric, meanOf } from "../../src/losses/loss.ts";
import * as means from "../../src/losses/means.ts";
import * as squares from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import * as adams from "../../src/optimizers/adam.ts";
import * as momenta from "../../src/optimizers/momentum.ts";
import type { Optimizer } from "../../src/optimizers/optimizer.ts";
import * as rmsprops from "../../src/optimizers/rmsprop.ts";
import * as sgds from "../../src/optimizers/sgd.ts";
import * as wrappers from "../../src/optimizers/wrappers.ts";
import { print } from "../../src/program/print/print.ts";
import { times } from "../long.ts";
import { expectSameBits } from "../program/bits.ts";
import { runPythonPrograms, runTypescript } from "../program/execute.ts";

/** One or more uses of everything that a module exports: an export without one does not compile. */
type Uses<Module, Value> = { readonly [Name in keyof Module]: readonly Value[] };

const starts: Uses<typeof initializers, initializers.Initializer | ReturnType<typeof initializers.uniform>> =
  {
    uniform: [initializers.uniform(-0.3, 0.2), initializers.uniform(0, 1)],
    normal: [initializers.normal(0, 1), initializers.normal(0.1, 0.3), initializers.normal(0, 0)],
    constant: [initializers.constant(0.1), initializers.constant(-0.3)],
    glorotUniform: [initializers.glorotUniform],
    glorotNormal: [initializers.glorotNormal],
    heUniform: [initializers.heUniform],
    heNormal: [initializers.heNormal],
  };

const bends: Uses<typeof activations, Activation> = {
  relu: [activations.relu],
  reluWith: [
    activations.reluWith({ derivativeAtZero: 1 }),
    activations.reluWith({ derivativeAtZero: 1, of: "output" }),
  ],
  leakyRelu: [activations.leakyRelu(), activations.leakyRelu(-0.3)],
  sigmoid: [activations.sigmoid],
  tanh: [activations.tanh],
  softplus: [activations.softplus],
  identity: [activations.identity],
  softmax: [activations.softmax],
  logSoftmax: [activations.logSoftmax],
  withSlope: [
    activations.withSlope(activations.tanh, (b, { output }) => b.ops.tanh2deriv(output)),
    activations.withSlope(activations.identity, (b, { sum }) => b.ops.stopGradient(sum)),
  ],
};

const layers: readonly ((at: Chosen) => readonly Layer[])[] = [
  ({ activation, dropout }) => [dense(4, { activation, dropout, bias: false }), dense(2)],
  ({ activation, dropout, other }) => [
    dense(5, { activation, dropout, initializeBias: other }),
    batchNorm({ activation }),
    dense(2, { initialize: other }),
  ],
  ({ activation, dropout }) => [batchNorm(), dense(3, { dropout }), layerNorm({ activation }), dense(2)],
  ({ activation }) => [layerNorm(), dense(4, { activation }), dense(2, { bias: false })],
];

const losses: Uses<
  typeof crossEntropies & Pick<typeof squares, "halfSquaredError"> & Omit<typeof means, "absoluteError">,
  Loss
> = {
  binaryCrossEntropy: [crossEntropies.binaryCrossEntropy],
  categoricalCrossEntropy: [
    crossEntropies.categoricalCrossEntropy,
    meanOf(crossEntropies.categoricalCrossEntropy),
    ofLabels(crossEntropies.categoricalCrossEntropy),
  ],
  halfSquaredError: [squares.halfSquaredError, meanOf(squares.halfSquaredError)],
  huber: [means.huber(0.3)],
  meanAbsoluteError: [means.meanAbsoluteError],
  meanSquaredError: [means.meanSquaredError],
};

const metrics: readonly Metric[] = [
  lossValue,
  accuracies.accuracy,
  accuracies.classAccuracy,
  squares.squaredError,
  squares.differenceSum,
  means.absoluteError,
  means.meanAbsoluteError,
];

const optimizers: Uses<
  typeof sgds & typeof momenta & typeof rmsprops & typeof adams & typeof wrappers,
  Optimizer
> = {
  sgd: [sgds.sgd(0.1), sgds.sgd(({ batch }) => 0.1 / (batch + 1))],
  momentum: [momenta.momentum(0.05)],
  nesterov: [momenta.nesterov(0.05)],
  rmsprop: [rmsprops.rmsprop(0.01)],
  adam: [adams.adam(0.01)],
  adamw: [adams.adamw(0.01)],
  clipByValue: [wrappers.clipByValue(sgds.sgd(0.1), 0.05)],
  clipByNorm: [wrappers.clipByNorm(adams.adam(0.01), 0.5)],
  weightDecay: [wrappers.weightDecay(momenta.momentum(0.05), 0.01)],
};

interface Chosen {
  readonly activation: Activation;
  readonly dropout: number;
  readonly other: (typeof starts)["normal"][number];
}

const oneOf = <Value>(uses: Readonly<Record<string, readonly Value[]>>) =>
  fc.constantFrom(...Object.values(uses).flat());

const choice = fc.record({
  initialize: oneOf(starts),
  other: oneOf(starts),
  activation: oneOf(bends),
  layers: fc.constantFrom(...layers),
  loss: oneOf<Loss>(losses),
  metrics: fc.uniqueArray(fc.constantFrom(...metrics), { selector: ({ suffix }) => suffix, minLength: 1 }),
  optimizer: oneOf<Optimizer>(optimizers),
  precision: fc.constantFrom("float64", "float32"),
  chance: fc.constantFrom(undefined, "book"),
  dropout: fc.constantFrom(0, 0.5),
  seed: fc.oneof(fc.nat(9), fc.array(fc.nat(2 ** 32 - 1), { minLength: 1, maxLength: 3 })),
});

const rows = 5;
const inputs = Array.from({ length: rows }, (_, row) =>
  [0, 1, 2].map((column) => ((row * 7 + column * 5) % 9) / 4 - 1),
);

test("what is printed has the library's bits, whatever exports a network is made of", () => {
  const chosen = fc.sample(choice, times(12, 2000));
  const runs = chosen.map((each) => {
    const { initialize, precision, chance, seed, loss, optimizer } = each;
    const made = network(3, each.layers(each), {
      initialize,
      precision,
      seed,
      ...(chance ? { chance } : {}),
    });
    const program = made.trainer({ loss, optimizer, metrics: each.metrics });
    const labels = program.has("labels");
    const goal = inputs.map((_, row) => (labels ? row % 2 : [Number(row % 2 === 0), row % 2]));
    const data = { layer_0: inputs, [labels ? "labels" : "goal"]: goal };
    const perEpoch = 2;
    const settings = Object.fromEntries(
      Object.entries(optimizer.schedules ?? {}).map(([name, rate]) => [
        name,
        Array.from({ length: 3 * perEpoch }, (_, batch) => rate({ batch, batchesPerEpoch: perEpoch })),
      ]),
    );
    const loop = { epochs: 3, batch: 3, report: 1, settings };
    const session = reference.open(program, { capacity: 3, seed, ...(chance ? { chance } : {}) });
    session.load(data);
    session.fit(loop);
    const names = made.weightNames;
    const options = { data, loop, seed, ...(chance ? { chance } : {}) };
    const wanted = names.map((name) => [...session.read(name).toTyped()]);
    session.close();
    return { program, names, wanted, options };
  });
  const python = runPythonPrograms(
    runs.map(({ program, names, options }) => ({ text: print(program, "numpy-exact", options), names })),
  );
  for (const [place, { program, names, wanted, options }] of runs.entries()) {
    const what = () => `${JSON.stringify(options)}\n${program}`;
    const typescript = runTypescript({ text: print(program, "typescript", options), names });
    for (const [k, name] of names.entries()) {
      expectSameBits(python[place]!.numbers[name]!, wanted[k]!, `numpy-exact ${name}: ${what()}`);
      expectSameBits(typescript.numbers[name]!, wanted[k]!, `typescript ${name}: ${what()}`);
    }
  }
});

test("every export is among the choices", () => {
  expect(Object.keys(starts).sort()).toEqual(Object.keys(initializers).sort());
  expect(Object.keys(bends).sort()).toEqual(Object.keys(activations).sort());
  const known = [...Object.keys(losses), ...metrics.map(({ key }) => key), "accuracyAt", "rightClasses"];
  for (const module of [squares, means, crossEntropies, accuracies])
    for (const name of Object.keys(module)) expect(known).toContain(name);
  const all = [sgds, momenta, rmsprops, adams, wrappers].flatMap((module) => Object.keys(module));
  expect(Object.keys(optimizers).sort()).toEqual(all.sort());
});
