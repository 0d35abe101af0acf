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
