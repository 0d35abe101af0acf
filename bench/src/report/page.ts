import type { Environment } from "../harness/environment.ts";
import type { Reached } from "../harness/goals.ts";
import type { Result, Series } from "../harness/result.ts";
import { bytes, figure } from "./figures.ts";
import { copyCells, nearnessCells, peakCells } from "./limits.ts";
import { markdownTable } from "./markdown.ts";
import { pictures, type Results } from "./pictures.ts";
import { absences, type Cells, seriesCells } from "./table.ts";

const networks = ["mlp-s", "mlp-m", "mlp-l"];

/** The page on performance, out of the results of all tasks that were measured; others are named as open. */
export function page(results: Results, tasks: readonly string[]): string {
  const drawn = pictures(results);
  const picture = (file: string, alternative: string) =>
    drawn.has(`${file}.svg`) ? `![${alternative}](performance/${file}.svg)` : "";
  const tasksNamed = (...names: string[]) => names.flatMap((name) => results.get(name) ?? []);
  /** A chapter of what was measured; nothing without any. */
  const chapter = (title: string, names: readonly string[], content: (found: Result[]) => string[]) => {
    const found = tasksNamed(...names);
    return found.length === 0 ? [] : [`## ${title}`, ...content(found)];
  };
  const missing = tasks.filter((name) => !results.has(name));
  return `${[
    "# Performance",
    "<!-- Written by `npm run bench:report` from bench/results: do not edit. -->",
    introduction([...results.values()]),
    ...(missing.length > 0 ? [`Not measured yet: ${missing.join(", ")}.`] : []),
    ...chapter("Goals", tasks, (found) => [
      "Compared are the best of each side by its median, a peer with the number of threads and the way of writing that suit it. " +
        "The figure is the median of the ratios within each round, so that what slowed down a whole round cancels; in brackets " +
        "the least and the most of them.",
      goals(found),
    ]),
    ...chapter("Limits", ["products"], ([products]) => [
      "No training is faster than the products that it consists of. A plain product of square float32 matrices, at the size " +
        "that suits it, gives at most:",
      table(peakCells(products)),
      "Streetlight's products are those of a training's loop, which also gathers the rows of the left matrix.",
      picture("products", "GFLOP/s of a product by the size of the matrices"),
      "One thread copies, each byte being read and written:",
      table(copyCells(products)),
      "How near the networks below come to both. Bytes are what a step has to read and write if nothing stays in a cache " +
        "([`mlpWork.ts`](../bench/src/tasks/mlpWork.ts)); they are compared with a copy of about that size.",
      table(nearnessCells(tasksNamed(...networks), products)),
    ]),
    ...chapter("The chapter's network", ["lights"], (found) => [
      ...found.flatMap(section),
      picture("step", "Time of an update in the smallest network"),
    ]),
    ...chapter("Networks of three sizes", networks, (found) => [
      picture("networks", "Samples a second, by network and library"),
      ...found.flatMap((result) => [`### ${result.task}`, ...section(result)]),
    ]),
    ...chapter("MNIST from beginning to end", ["mnist"], (found) => [
      ...found.flatMap(section),
      picture("memory", "Peak memory, by task and library"),
    ]),
    ...chapter("Growth", ["growth"], (found) => [
      ...found.map(({ says }) => `${capital(says)}.`),
      picture("growth", "Time of a sample by width, depth, batch and rows"),
    ]),
    ...chapter("Start", ["start"], (found) => [
      ...found.map(({ says }) => `${capital(says)}.`),
      picture("start", "Time until the library is loaded, and to the first step"),
    ]),
    ...chapter("Bytes", ["bundles"], (found) => [
      ...found.flatMap(section),
      picture("bundles", "Bytes of each bundle"),
    ]),
    "## How it is measured",
    method,
    machines([...results.values()]),
  ]
    .filter((each) => each !== "")
    .join("\n\n")}\n`;
}

function introduction(results: readonly Result[]): string {
  const [first] = results.map(({ environment }) => environment);
  if (first === undefined) return "Nothing is measured yet: `npm run bench`.";
  const { processor, cores, memory, system, node } = first;
  return (
    `Measured on ${processor} (${cores} cores, ${bytes(memory)}), ${system}, programs in JavaScript in Node ${node}. ` +
    "`npm run bench` measures again, on a machine that does nothing else; `npm run bench -- mlp-s` a task, `--quick` " +
    "whether all runs. Results lie as JSON in [`bench/results`](../bench/results)."
  );
}

function goals(results: readonly Result[]): string {
  const rows = results.flatMap(({ task, goals: some = [] }) => some.map((goal) => [task, ...goalRow(goal)]));
  const limits = results.flatMap(({ task, goals: some = [] }) =>
    some.flatMap(({ met, limit }) => (met === false && limit !== undefined ? [`- ${task}: ${limit}`] : [])),
  );
  return [
    table([["task", "goal", "reached", "compared", ""], ...rows]),
    ...(limits.length > 0
      ? ["What keeps the others from being reached:", [...new Set(limits)].join("\n")]
      : []),
  ].join("\n\n");
}

function goalRow({ says, value, compared, measure, met }: Reached): string[] {
  if (value === undefined) return [says, "", "one side is absent", "open"];
  const range = value.count > 1 ? ` (${figure(value.least)} … ${figure(value.most)})` : "";
  return [
    says,
    `${figure(value.median)}${range} ${measure}`,
    compared!.join(" against "),
    met ? "met" : "**missed**",
  ];
}

function section(result: Result): string[] {
  const absent = result.series.flatMap(absences);
  return [
    `${capital(result.says)}.`,
    ...result.series.flatMap((series) => [table(seriesCells(series)), agreement(series)]),
    ...(absent.length > 0 ? [absent.map((line) => `- ${line}`).join("\n")] : []),
  ];
}

/** How far apart contenders may be, and how far they are. */
function agreement({ tolerance, contenders }: Series): string {
  if (tolerance === undefined) return "";
  const most = (of: keyof typeof tolerance) =>
    Math.max(...contenders.flatMap(({ off, status }) => (off && status === "measured" ? [off[of]] : [])));
  return (
    `Weights may be apart by ${share(tolerance.numbers)} of the farthest that one moved, losses by ${share(tolerance.loss)}; ` +
    `the most that was found is ${share(most("numbers"))} and ${share(most("loss"))}.`
  );
}

function share(part: number): string {
  const percent = part * 100;
  return percent === 0 || percent >= 1e-4
    ? `${Number(percent.toPrecision(2))} %`
    : `${part.toExponential(0)}`;
}

const method = [
  "- Every contender is a process of its own. All of a task do the same work on the same numbers: they begin with the same " +
    "weights, and after an epoch their weights and their loss are compared with those of Streetlight's `wasm` engine, which has " +
    "the bits of the reference. Whoever is off by more than the tolerance of the task is not measured; engines that promise " +
    "exact bits are held to them. MNIST's programs draw their own weights and orders, so there it is the accuracy that counts.",
  "- Everybody adds up the loss, as a report needs it.",
  "- Contenders run until they are warm, then take turns, round after round. Who waits is stopped (`SIGSTOP`), so that no " +
    "thread of one takes time from another.",
  "- NumPy keeps all arrays, writes with `out=`, and has the step size in the last delta, which saves a pass over the weights. " +
    "PyTorch is written twice: as `nn.Module` with autograd, an optimizer and `zero_grad(set_to_none=True)`, and by hand, with " +
    "the derivatives written down and the update as part of the product. jax-js has one jitted step with references handed on; " +
    "its threads need a browser's `Worker`, of which the bench has a shim for Node. TensorFlow.js is written with `fit`, with " +
    "`minimize`, and by hand with fused ops. The programs are in [`bench/peers`](../bench/peers).",
  "- OpenBLAS is told which processor this is where it is too old to know (PyTorch's from Debian), as a careful user would.",
].join("\n");

function machines(results: readonly Result[]): string {
  if (results.length === 0) return "";
  const row = ({ task, environment }: Result): string[] => {
    const { date, commit = "", node, loadBefore, processor } = environment satisfies Environment;
    return [task, date.slice(0, 10), commit, processor, node, figure(loadBefore)];
  };
  const cells: Cells = [["task", "date", "commit", "processor", "Node", "load before"], ...results.map(row)];
  return `${table(cells)}\n\n${table(versionCells(results))}`;
}

/** What took part, each library with its versions; what says no more than another is left out. */
function versionCells(results: readonly Result[]): Cells {
  const found = new Map<string, Set<string>>();
  for (const { series } of results)
    for (const { peer, versions } of series.flatMap(({ contenders }) => contenders)) {
      const names = Object.entries(versions ?? {}).sort(([a], [b]) => a.localeCompare(b));
      const all = found.get(peer) ?? new Set();
      found.set(peer, all.add(names.map((pair) => pair.join(" ")).join(", ")));
    }
  const isPart = (part: string, whole: string) =>
    part !== whole && part.split(", ").every((each) => whole.split(", ").includes(each));
  return [
    ["", "versions"],
    ...[...found].flatMap(([peer, all]) =>
      [...all]
        .filter((each) => each !== "" && ![...all].some((other) => isPart(each, other)))
        .map((each) => [peer, each]),
    ),
  ];
}

/** A table that has a row; otherwise nothing. */
function table(cells: Cells): string {
  return cells.length > 1 ? markdownTable(cells) : "";
}

function capital(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
