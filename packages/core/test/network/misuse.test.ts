import { expect, test } from "vitest";
import * as core from "../../src/index.ts";

const {
  adam,
  adamw,
  batchNorm,
  clipByNorm,
  clipByValue,
  cosineDecay,
  dense,
  halfSquaredError,
  layerNorm,
  leakyRelu,
  meanOf,
  momentum,
  nesterov,
  network,
  ofLabels,
  reluWith,
  rmsprop,
  sgd,
  stepDecay,
  warmUp,
  weightDecay,
} = core;

const data = { inputs: [[1, 2]], targets: [[1]] };
const learning = { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 1 };
const fit = (options: object) => () => network(2, [dense(1)]).fit(data, { ...learning, ...options } as never);

/** What comes from inside where nothing was checked. */
const fromInside =
  /is not a function|not iterable|Cannot (read|destructure|use|convert)|intermediate|typed array|\[object|is not defined/;

const wrong: readonly unknown[] = [null, {}, "0.1", [], true];
const makers = {
  sgd,
  momentum,
  nesterov,
  rmsprop,
  adam,
  adamw,
  stepDecay,
  cosineDecay,
  warmUp,
  dense,
  reluWith,
  leakyRelu,
  batchNorm,
  layerNorm,
  clipByValue,
  clipByNorm,
  weightDecay,
  meanOf,
  ofLabels,
} as unknown as Record<string, (...given: unknown[]) => unknown>;
const options: Record<string, unknown[]> = {
  momentum: [0.1],
  nesterov: [0.1],
  rmsprop: [0.1],
  adam: [0.1],
  adamw: [0.1],
  stepDecay: [0.1],
  cosineDecay: [0.1],
  warmUp: [0.1],
  dense: [1],
  reluWith: [],
  batchNorm: [],
  layerNorm: [],
  clipByValue: [sgd(0.1)],
  clipByNorm: [sgd(0.1)],
  weightDecay: [sgd(0.1)],
};

/** What takes an empty object, or nothing, for its defaults. */
const takesNothing = ["batchNorm", "layerNorm", "leakyRelu", "reluWith"];

async function errorOf(run: () => unknown): Promise<Error | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

test.each(Object.keys(makers))("%s refuses what it cannot use, in a text of its own", async (name) => {
  const make = makers[name]!;
  for (const first of takesNothing.includes(name) ? [null, "0.1"] : [undefined, ...wrong]) {
    const error = await errorOf(() => make(first));
    expect(error, `${name}(${JSON.stringify(first)})`).toBeDefined();
    expect(error!.message).not.toMatch(fromInside);
    expect(error!.message).toContain(name);
  }
  if (options[name] === undefined) return;
  for (const given of [null, "0.9", true, []]) {
    const error = await errorOf(() => make(...options[name]!, given));
    expect(error, `${name}(…, ${JSON.stringify(given)})`).toBeDefined();
    expect(error!.message).not.toMatch(fromInside);
    expect(error!.message).toContain(name);
  }
});

test.each([
  ["a layer that was not called", () => network(2, [dense as never]), /dense/],
  ["a normalisation that was not called", () => network(2, [batchNorm as never]), /call|batchNorm/],
  ["no layer", () => network(2, [null as never]), "network: layer 1 is null, not a layer such as dense(1)"],
  ["a layer's number", () => network(2, [dense(1), 4 as never]), "network: layer 2 is 4, not a layer"],
  [
    "a layer that gives nothing",
    () => network(2, [(() => undefined) as never]),
    "network: layer 1 gives undefined instead of an array",
  ],
  ["an activation's name", () => dense(1, { activation: "relu" as never }), "give a function, such as relu"],
  [
    "no options",
    () => network(2, [dense(1)], null as never),
    "network: give a record, such as { seed: 1 }, not null",
  ],
  [
    "how weights start",
    () => network(2, [dense(1)], { initialize: "he" as never }),
    'initialize: give a record, such as uniform(-1, 1), not "he"',
  ],
  ["metrics", fit({ metrics: null }), "train: metrics must be a list, such as [accuracy]"],
  ["a metric", fit({ metrics: [5] }), "train: metrics[0] is not a metric, such as accuracy"],
  ["a metric's name", fit({ metrics: ["accuracy"] }), "train: metrics[0] is not a metric, such as accuracy"],
  ["what to watch", fit({ watch: null }), "train: watch is null; give a list of names"],
  ["a name to watch", fit({ watch: "layer_1" }), 'train: watch is "layer_1"; give a list of names'],
  ["a stop without anything", fit({ stopWhen: {} }), "train: stopWhen is {}; give an array's name"],
  [
    "a stop without a condition",
    fit({ stopWhen: { array: "layer_1" } }),
    "give an array's name and a condition",
  ],
  ["a stop that is a number", fit({ stopWhen: 5 }), "train: stopWhen is 5; give"],
  ["no validation", fit({ validation: null }), "train: validation is null; give a share of the rows"],
  [
    "half a validation",
    fit({ validation: { inputs: [[1, 2]] } }),
    "give a share of the rows, such as 0.2, or examples",
  ],
  ["no patience", fit({ earlyStopping: null }), "train: earlyStopping is null; give an object"],
  [
    "an optimizer that was not called",
    fit({ optimizer: sgd }),
    "train: give an optimizer, such as sgd(0.1): call sgd(…)",
  ],
  [
    "a schedule that was not called",
    fit({ optimizer: sgd(stepDecay as never) }),
    "stepDecay: give a record, such as { factor: 0.5, every: 10 }, not undefined",
  ],
  [
    "a schedule of schedules",
    fit({ optimizer: sgd((() => warmUp) as never) }),
    "the schedule of alpha gives a function for batch 0",
  ],
  [
    "a list for options",
    () => network(2, [dense(1)]).fit(data, [] as never),
    "train: give a record, such as { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 10 }, not []",
  ],
  [
    "no data",
    () => network(2, [dense(1)]).fit(null as never, learning),
    "the examples are null; give { inputs, targets }",
  ],
  [
    "half the data",
    () => network(2, [dense(1)]).fit({ inputs: [[1, 2]] } as never, learning),
    "give { inputs, targets }",
  ],
  [
    "more epochs than there can be reports",
    fit({ epochs: 1e10 }),
    "fit: 10000000000 epochs have more reports than a list can hold; go through them with train",
  ],
] as const)("%s: one text that says what to give", async (_, run, text) => {
  const error = await errorOf(run);
  expect(error?.message).toMatch(text instanceof RegExp ? text : "");
  if (typeof text === "string") expect(error!.message).toContain(text);
  expect(error!.message).not.toMatch(fromInside);
});
