import { describe, expect, test } from "vitest";
import * as c from "../../src/index.ts";
import { print } from "../../src/program/print/index.ts";

/** What plain JavaScript may hand over where numbers, rows, shapes or sizes are wanted. */
const odd: readonly (readonly [name: string, value: unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["{}", {}],
  ['""', ""],
  ['"3"', "3"],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-1", -1],
  ["1.5", 1.5],
  ["1e20", 1e20],
  ["true", true],
  ["1n", 1n],
  ["a symbol", Symbol("odd")],
  ["a function", () => 1],
  ["a map", new Map()],
  ["[]", []],
  ["[[]]", [[]]],
  ["[-1]", [-1]],
  ["[1.5]", [1.5]],
  ["[null]", [null]],
  ["[1n]", [1n]],
  ["a list of a symbol", [Symbol("odd")]],
  ["a list of NaN", [Number.NaN]],
];

/** Words of the host, for a reader who knows our code; an error is in the caller's words. */
const fromWithin =
  /Cannot (read|destructure|convert|mix|redefine)|not iterable|nvalid (typed )?array length|is not a function|not a constructor|intermediate value|call stack|offset is out of bounds|serialize|circular structure/;

// biome-ignore lint/suspicious/noExplicitAny: what is handed over is of no type that TypeScript would let through.
type Anything = any;

const table = () =>
  c.array([
    [1, 2],
    [3, 4],
  ]);
const line = (options?: Anything) => c.network(1, [c.dense(1)], options);
const layer = (made: (x: Anything) => unknown) => (x: Anything) => c.network(1, [made(x) as c.Layer]);
const random = () => new c.RandomState(1);
const builder = () => new c.ProgramBuilder("predict");
const how = { loss: c.halfSquaredError, optimizer: c.sgd(0.1), epochs: 1 };

/** Each place for a number, rows, a shape or a size, under the name of what is exported. */
const places: Readonly<Record<string, readonly ((x: Anything) => unknown)[]>> = {
  array: [(x) => c.array(x), (x) => c.array([1], x)],
  zeros: [(x) => c.zeros(x), (x) => c.zeros([2, x]), (x) => c.zeros(2, x)],
  ones: [(x) => c.ones(x), (x) => c.ones([x, 2]), (x) => c.ones(2, x)],
  full: [(x) => c.full(x, 1), (x) => c.full(2, x), (x) => c.full(2, 1, x)],
  arange: [(x) => c.arange(x), (x) => c.arange(0, x), (x) => c.arange(0, 5, x)],
  wrap: [(x) => c.wrap(x)],
  Reading: [(x) => new c.Reading(x), (x) => table().at(0, x), (x) => table().row(x)],
  NumericArray: [
    (x) => new c.NumericArray(x),
    ...(["add", "subtract", "multiply", "divide", "greater", "equal", "dot", "assign"] as const).map(
      (name) => (x: Anything) => table()[name](x),
    ),
    ...(["sum", "mean", "max", "min", "argmax", "reshape", "slice", "astype"] as const).map(
      (name) => (x: Anything) => (table()[name] as (given: Anything) => unknown)(x),
    ),
    (x) => table().reshape(2, x),
    (x) => table().slice(0, x),
    (x) => table().slice([0, x]),
  ],
  str: [(x) => c.str(x), (x) => c.str(table(), x)],
  repr: [
    (x) => c.repr(x),
    (x) => c.repr(table(), x),
    ...(["precision", "threshold", "edgeitems", "linewidth"] as const).map(
      (name) => (x: Anything) => c.repr(table(), { [name]: x }),
    ),
  ],
  python: [(x) => c.python(x), (x) => c.python(1, x)],
  RandomState: [
    (x) => new c.RandomState(x),
    (x) => random().random(x),
    (x) => random().uniform(x, 2),
    (x) => random().uniform(0, x),
    (x) => random().normal(x, 1),
    (x) => random().normal(0, x),
    (x) => random().randint(x),
    (x) => random().randint(0, x),
    (x) => random().permutation(x),
    (x) => random().shuffle(x),
    (x) => random().choice(x),
    (x) => random().choice(1, { p: x }),
    (x) => random().setState(x),
  ],
  statistics: [(x) => c.statistics(x)],
  rSquared: [(x) => c.rSquared(x, [1]), (x) => c.rSquared([1], x)],
  confusionMatrix: [(x) => c.confusionMatrix(x, [1]), (x) => c.confusionMatrix([1], x)],
  network: [
    (x) => c.network(x, [c.dense(1)]),
    (x) => c.network(1, x),
    (x) => c.network(1, [x]),
    (x) => c.network(1, [c.dense(1)], x),
    (x) => line({ bytes: x }),
    (x) => line({ target: x }),
    (x) => line({ precision: x }),
  ],
  Network: [
    (x) => line().predict(x),
    (x) => c.network(2, [c.dense(1)]).predict(x),
    (x) => line().trace(x),
    (x) => line().read(x),
    (x) => line().write(x, 1),
    (x) => line().write("bias_1", x),
    (x) => line().fit(x, how),
    (x) => line().fit({ inputs: x, targets: [1] }, how),
    (x) => line().fit({ inputs: [1], targets: x }, how),
    (x) => line().fit({ inputs: [1], targets: [1] }, { ...how, validation: { inputs: x, targets: [1] } }),
  ],
  dense: [
    layer((x) => c.dense(x)),
    layer((x) => c.dense(1, x)),
    layer((x) => c.dense(1, { dropout: x })),
    layer((x) => c.dense(1, { activation: x })),
  ],
  batchNorm: [layer((x) => c.batchNorm(x)), layer((x) => c.batchNorm({ momentum: x, epsilon: x }))],
  layerNorm: [layer((x) => c.layerNorm(x)), layer((x) => c.layerNorm({ epsilon: x }))],
  leakyRelu: [(x) => c.leakyRelu(x)],
  uniform: [(x) => c.uniform(x, 1), (x) => c.uniform(0, x)],
  normal: [(x) => c.normal(x, 1), (x) => c.normal(0, x)],
  constant: [(x) => c.constant(x)],
  huber: [(x) => c.huber(x)],
  accuracyAt: [(x) => c.accuracyAt(x)],
  stepDecay: [(x) => c.stepDecay(x, { every: 1, factor: 0.5 })],
  ProgramBuilder: [
    (x) => new c.ProgramBuilder(x),
    (x) => builder().input(x, ["batch", 1]),
    (x) => builder().input("a", x),
    (x) => builder().input("a", ["batch", x]),
    (x) => builder().weights("a", x),
    (x) => builder().weights("a", [1], { values: x }),
    (x) => builder().setting("a", x),
    (x) => builder().noise("a", x, 0.5),
    (x) => builder().noise("a", 1, x),
    (x) => builder().ops.relu(x),
    (x) => builder().gradient(x),
    (x) => builder().nameOf(x),
  ],
  openSession: [
    (x) => c.openSession(x),
    async (x) => (await c.openSession(line().predictor, { seed: 1 })).write({ layer_0: x }),
    async (x) => (await c.openSession(line().trainer(how), { seed: 1 })).load({ layer_0: x, goal: [[1]] }),
  ],
  reference: [(x) => c.reference.open(x)],
  checkGradients: [
    (x) => c.checkGradients(x, { inputs: [1], targets: [1] }, { loss: c.halfSquaredError }),
    (x) => c.checkGradients(line(), x, { loss: c.halfSquaredError }),
  ],
  readSafetensors: [(x) => c.readSafetensors(x)],
  saveWeights: [(x) => c.saveWeights(x)],
  loadWeights: [(x) => c.loadWeights(x, new Uint8Array(8)), (x) => c.loadWeights(line(), x)],
  saveCheckpoint: [(x) => c.saveCheckpoint(x)],
  loadCheckpoint: [(x) => c.loadCheckpoint(x, "{}")],
  exportPredictor: [(x) => c.exportPredictor(x)],
  print: [(x) => print(line().predictor, "numpy", { data: { layer_0: x }, loop: { epochs: 1 } })],
};

describe.each(Object.entries(places))("%s", (_, all) => {
  test("takes it, or says in the caller's words why not", async () => {
    for (const [position, place] of all.entries())
      for (const [name, value] of odd) {
        let text = "";
        try {
          await place(value);
        } catch (error) {
          expect(error, name).toBeInstanceOf(Error);
          text = (error as Error).message;
          expect(text, name).not.toBe("");
        }
        expect(text, `${position}: ${name}`).not.toMatch(fromWithin);
      }
  });
});

/** Made of names, objects or functions alone, or of files and options, whose own tests hold what they refuse. */
const without = new Set(
  (
    "DataError DtypeError FileError GradientError NameError NonFiniteError ProgramError SessionError ShapeError TrainingError " +
    "TraceError Program Trace adam adamw accuracy classAccuracy absoluteError binaryCrossEntropy categoricalCrossEntropy " +
    "checkNumbers clipByNorm clipByValue compare cosineDecay differenceSum firstNonFinite glorotNormal " +
    "glorotUniform halfSquaredError heNormal heUniform identity lineText loadProgram loadTrace logSoftmax lossValue " +
    "meanAbsoluteError meanOf meanSquaredError momentum nesterov ofLabels ops relu reluWith rmsprop saveTrace sgd " +
    "sigmoid softmax softplus squaredError stopWhen tanh warmUp weightDecay withSlope writeSafetensors"
  ).split(" "),
);

test("every export stands in one of the two lists", () => {
  const named = Object.keys(c);
  expect(named.filter((name) => !without.has(name) && !(name in places))).toEqual([]);
  expect([...without].filter((name) => !named.includes(name))).toEqual([]);
});
