import { expect, test } from "vitest";
import * as core from "../../src/index.ts";
import { Editor } from "./editor.ts";

const editor = new Editor();

/** Opens a program that may use all that the library exports. */
function type(program: string) {
  const names = Object.keys(core).filter((name) => new RegExp(`\\b${name}\\b`).test(program));
  return editor.type(`import { ${names.join(", ")} } from "@streetlight/core";\n${program}`);
}

const crossing = `
const crossing = network(3, [dense(4, { activation: relu, bias: false }), dense(1, { bias: false })], { seed: 1 });
const learning = { loss: halfSquaredError, optimizer: sgd(0.2) };
const examples = { inputs: [[1, 0, 1]], targets: [[1]] };
`;

/** The arrays of the chapter's network while it is trained, by hand from the chapter's listing. */
const weights = ["weights_0_1", "weights_1_2"];
const predicted = ["layer_0", "layer_1", "layer_1_sum", "layer_2", ...weights];
const learnt = [
  ...predicted,
  "goal",
  "layer_2_error",
  "layer_2_delta",
  "layer_1_delta",
  "weight_delta_0_1",
  "weight_delta_1_2",
];
const trained = [...learnt, "alpha"];

test.each<[place: string, program: string, names: readonly string[]]>([
  ["the weights of a network", 'crossing.read("⟨here⟩");', weights],
  ["weights to write", 'crossing.write("⟨here⟩", [[1]]);', weights],
  ["the program that predicts", 'crossing.predictor.array("⟨here⟩");', predicted],
  ["the program of a training", 'crossing.trainer(learning).array("⟨here⟩");', trained],
  ["what to watch", 'crossing.fit(examples, { ...learning, epochs: 1, watch: ["⟨here⟩"] });', learnt],
  [
    "where to stop a training",
    'crossing.fit(examples, { ...learning, epochs: 1, stopWhen: stopWhen("⟨here⟩", () => true) });',
    learnt,
  ],
  ["what to keep", 'openSession(crossing.trainer(learning), { keep: ["⟨here⟩"] });', trained],
  [
    "what to keep in the reference",
    'reference.open(crossing.trainer(learning), { keep: ["⟨here⟩"] });',
    trained,
  ],
  ["what a session reads", '(await openSession(crossing.trainer(learning))).read("⟨here⟩");', trained],
  [
    "what a session reads that kept all",
    '(await openSession(crossing.trainer(learning), { keep: "all" })).read("⟨here⟩");',
    trained,
  ],
  [
    "what a session of two programs reads",
    '(await openSession([crossing.predictor, crossing.trainer(learning)])).read("⟨here⟩");',
    trained,
  ],
  ["what a session writes", "reference.open(crossing.trainer(learning)).write({ ⟨here⟩ });", trained],
  ["what a session loads", "reference.open(crossing.trainer(learning)).load({ ⟨here⟩ });", trained],
  [
    "what a trace is made of",
    "Trace.record({ program: crossing.trainer(learning), loop: {}, data: { ⟨here⟩ } });",
    trained,
  ],
  [
    "what a network's trace of a training reads",
    '(await crossing.trace(examples, learning)).read("⟨here⟩");',
    trained,
  ],
  [
    "what a trace with the last training's loss reads",
    '(await crossing.trace(examples)).read("⟨here⟩");',
    learnt.filter((name) => name !== "layer_2_error"),
  ],
  ["what a trace of a prediction reads", '(await crossing.trace([1, 0, 1])).read("⟨here⟩");', predicted],
  [
    "where a network's trace ends",
    'crossing.trace(examples, { ...learning, stopWhen: stopWhen("⟨here⟩", () => true) });',
    learnt,
  ],
  ["what a trace reads", 'trace.read("⟨here⟩");', trained],
  ["what a trace edits", 'trace.edit("⟨here⟩", [0, 0], 1);', trained],
  ["where a trace stops", 'trace.find(stopWhen("⟨here⟩", () => true));', trained],
  ["where a trace goes forward to", 'trace.forward(stopWhen("⟨here⟩", () => true));', trained],
  ["what a learner has computed", "checkNumbers(trace, { ⟨here⟩ });", trained],
  [
    "the metrics of an epoch",
    "(await crossing.fit(examples, { ...learning, epochs: 1 }))[0]!.metrics.⟨here⟩;",
    ["squaredError"],
  ],
])("in an editor, %s completes", (_, program, names) => {
  const trace = program.includes("trace.") || program.includes("(trace,");
  const recorded =
    "const trace = Trace.record({ program: crossing.trainer(learning), data: {}, loop: {} });\n";
  const typed = type(`${crossing}${trace ? recorded : ""}${program}`);
  expect(typed.completions("here")).toEqual([...names].sort());
});

test("in an editor, what a network with layers that normalise keeps completes", () => {
  const normed = `network(3, [dense(4, { bias: false }), batchNorm({ activation: relu }), layerNorm(), dense(1)])`;
  const names = ["running_mean_2", "running_variance_2", "scale_2", "scale_3", "shift_2", "shift_3"];
  const dense = ["bias_4", "weights_0_1", "weights_3_4"];
  expect(type(`${normed}.read("⟨here⟩");`).completions("here")).toEqual([...dense, ...names].sort());
  const program = `${normed}.trainer({ loss: halfSquaredError, optimizer: momentum(0.1) })`;
  const offered = type(`${program}.array("⟨here⟩");`).completions("here");
  expect(offered).toEqual(
    expect.arrayContaining([...names, "layer_2_sum", "scale_delta_2", "scale_2_velocity"]),
  );
  expect(offered.filter((name) => /running_\w+_velocity|running\w+delta/.test(name))).toEqual([]);
});

const layers = {
  book: "[dense(4, { activation: relu, bias: false }), dense(1, { bias: false })]",
  biases: "[dense(4, { activation: tanh }), dense(2, { activation: softmax }), dense(1)]",
  dropout: "[dense(4, { activation: leakyRelu(), dropout: 0.5 }), dense(3, { dropout: 0.25 }), dense(1)]",
  none: "[dense(4, { activation: identity, dropout: 0 }), dense(1, { activation: reluWith({ derivativeAtZero: 1 }) })]",
  single: "[dense(1)]",
  batchNorm:
    "[dense(4, { bias: false }), batchNorm({ activation: relu }), batchNorm({ momentum: 0.2 }), dense(1)]",
  layerNorm: "[dense(4), layerNorm({ activation: tanh }), layerNorm(), dense(1)]",
  normFirst: "[batchNorm(), dense(4), dense(1)]",
  layerNormFirst: "[layerNorm(), dense(1)]",
};

const learnings = {
  sgd: "{ loss: halfSquaredError, optimizer: sgd(0.2) }",
  momentum:
    "{ loss: meanSquaredError, optimizer: momentum(0.2), metrics: [accuracy, absoluteError, meanAbsoluteError] }",
  nesterov:
    "{ loss: huber(), optimizer: weightDecay(nesterov(stepDecay(0.2, { factor: 0.5, every: 2 })), 0.1) }",
  rmsprop: "{ loss: meanOf(binaryCrossEntropy), optimizer: clipByValue(rmsprop(0.2), 1) }",
  adam: "{ loss: categoricalCrossEntropy, optimizer: clipByNorm(adam(0.2), 3) }",
  adamw: "{ loss: meanAbsoluteError, optimizer: clipByValue(clipByNorm(adamw(0.2), 3), 1) }",
};

/** The arrays of a program and its lines, given the program's text. */
function arraysOf(text: string): { readonly all: string[]; readonly lines: string[] } {
  const program: core.Program = new Function(...Object.keys(core), `return ${text};`)(...Object.values(core));
  const { arrays } = program.data;
  // The number of rows is given to a run, not declared.
  const lines = arrays.filter(({ name, inline }) => !inline && name !== "batch");
  return { all: arrays.map(({ name }) => name), lines: lines.map(({ name }) => name) };
}

const programs = Object.values(layers).flatMap((list) => [
  `network(3, ${list}).predictor`,
  ...Object.values(learnings).map(
    (learning) => `network(3, ${list}, { target: "walk_vs_stop" }).trainer(${learning})`,
  ),
]);

test.each(programs)("%s: what is offered is there, and every line is offered", (text) => {
  const offered = type(`${text}.array("⟨here⟩");`).completions("here");
  const { all, lines } = arraysOf(text);
  expect(offered.filter((name) => !all.includes(name))).toEqual([]);
  expect(lines.filter((name) => !offered.includes(name))).toEqual([]);
});

test("any other name is taken as well, so nothing that is computed breaks", () => {
  const typed = type(`${crossing}
    import type { Layer, Optimizer, Session, TrainOptions } from "@streetlight/core";
    import { print } from "@streetlight/core/print";
    const dynamic: string = "weights_0_1";
    crossing.read(dynamic);
    crossing.read("weights_7_8");
    const program = crossing.trainer(learning);
    const session: Session = reference.open(program, { keep: [dynamic, "layer_1_sum_dot"] });
    session.read(dynamic);
    session.write({ [dynamic]: [[1]] });
    session.write(Object.fromEntries(crossing.progress.weights));
    const trace: Trace = await crossing.trace(examples, learning);
    trace.find(stopWhen(dynamic, (layer) => layer.at(0, 0) > 0));
    const stop = stopWhen("layer_1", (layer) => layer.at(0, 0) > 0);
    await crossing.fit(examples, { ...learning, epochs: 1, stopWhen: stop, watch: [dynamic] });
    const given: TrainOptions = { ...learning, epochs: 1 };
    await crossing.fit(examples, given);
    await crossing.trace(examples, given);
    const plain: Network = crossing;
    const untyped: Program = program;
    saveWeights(crossing);
    print(program, "numpy");
    const list: Layer[] = Array.from({ length: 3 }, () => dense(4));
    const deep = network(3, [...list, dense(1)]);
    deep.read("weights_2_3");
    const mine: Layer = (b, previous, { number }) => b.name(\`layer_\${number}\`, b.ops.square(previous));
    const optimizer: Optimizer = sgd(0.1);
    network(3, [mine, dense(1)]).trainer({ ...learning, optimizer }).array("anything");
    export const all = [plain, untyped];
  `);
  expect(typed.problems()).toEqual([]);
});

test("what types cannot know they do not offer: layers in a list, and a custom layer's weights", () => {
  const list = "const list = network(3, Array.from({ length: 3 }, () => dense(4)));\n";
  expect(type(`${list}list.read("⟨here⟩");`).completions("here")).toEqual([]);
  const custom = `import type { Layer } from "@streetlight/core";
    declare const mine: Layer;
    declare const named: Layer<"scale_<k>" | "shift_<j>_<k>", never, never>;
    network(3, [mine, named, dense(1)])`;
  expect(type(`${custom}.read("⟨here⟩");`).completions("here")).toEqual([
    "bias_3",
    "scale_2",
    "shift_1_2",
    "weights_2_3",
  ]);
  expect(type(`${custom}.predictor.array("⟨here⟩");`).completions("here")).toEqual([
    "bias_3",
    "layer_0",
    "layer_1",
    "layer_2",
    "layer_3",
    "scale_2",
    "shift_1_2",
    "weights_2_3",
  ]);
});

test("a program from a builder knows the names that its builder lists and those that a session keeps", () => {
  const kept = `const session = reference.open(new ProgramBuilder("mine").build(), { keep: ["layer_1", "layer_1_delta"] });`;
  expect(type(`${kept}\nsession.read("⟨here⟩");`).completions("here")).toEqual(["layer_1", "layer_1_delta"]);
  const listed = `const b = new ProgramBuilder<"layer_0" | "weights_0_1" | "layer_1">("mine");`;
  const names = ["layer_0", "layer_1", "weights_0_1"];
  expect(type(`${listed}\nb.build().array("⟨here⟩");`).completions("here")).toEqual(names);
  const session = `${listed}\nreference.open(b.build(), { keep: ["weights_0_1_scaled"] })`;
  expect(type(`${session}.read("⟨here⟩");`).completions("here")).toEqual([...names, "weights_0_1_scaled"]);
});

test("what an editor shows of a network is its names", () => {
  const typed = type(`${crossing}
    const ⟨net⟩net = network(3, [dense(4, { activation: relu }), dense(1, { bias: false })]);
    const ⟨program⟩program = crossing.trainer(learning);`);
  const groups = typed.hover("net").matchAll(/^ {4}(\w+): (.*);$/gm);
  const shown = Object.fromEntries([...groups].map(([, key, union]) => [key!, union!.split(" | ").sort()]));
  expect(shown).toEqual({
    states: ["never"],
    weights: ['"bias_1"', '"weights_0_1"', '"weights_1_2"'],
    predict: ['"layer_0"', '"layer_1"', '"layer_1_sum"', '"layer_2"'],
    training: ['"goal"', '"layer_1_delta"', '"layer_2_delta"'],
    prediction: ['"layer_2"'],
  });
  const [, ...names] = typed.hover("program").match(/"\w+"|^const program: Program</g)!;
  expect(names.sort()).toEqual(trained.map((name) => `"${name}"`).sort());
});

test("types stay cheap: what a network takes of the compiler grows with its layers, and with no power of them", () => {
  const instantiations = (layers: number): number => {
    const list = Array.from({ length: layers }, () => "dense(4, { activation: relu })").join(", ");
    const typed =
      type(`const program = network(3, [${list}]).trainer({ loss: halfSquaredError, optimizer: clipByNorm(adam(0.1), 1) });
      const session = await openSession(program, { keep: ["layer_1"] });
      session.read("layer_1");`);
    expect(typed.problems()).toEqual([]);
    return typed.program().getInstantiationCount();
  };
  const [one, fifty, hundred] = [instantiations(1), instantiations(50), instantiations(100)];
  expect(fifty - one).toBeLessThan(20_000);
  expect(hundred - one).toBeLessThan(3 * (fifty - one));
});
