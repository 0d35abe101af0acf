import { cpus } from "node:os";
import {
  categoricalCrossEntropy,
  dense,
  type Examples,
  halfSquaredError,
  heUniform,
  type Network,
  network,
  RandomState,
  relu,
  sgd,
  type Trace,
  type TrainOptions,
  zeros,
} from "@streetlight/core";

// What a trace costs. `npm run bench:traces`; `npm run bench:traces -- 6000` takes fewer rows of MNIST's shape.

/** A training that is run and recorded. */
interface Case {
  readonly name: string;
  readonly make: () => Network;
  readonly examples: Examples;
  readonly options: TrainOptions;
  /** How often it is run and recorded; the shortest time counts. */
  readonly runs: number;
  /** How many random places are sought. */
  readonly seeks: number;
}

function chapter(): Case {
  return {
    name: "the chapter's network, 3-4-1: 10,000 epochs of 4 rows, row by row",
    make: () =>
      network(3, [dense(4, { activation: relu, bias: false }), dense(1, { bias: false })], { seed: 1 }),
    examples: {
      inputs: [
        [1, 0, 1],
        [0, 1, 1],
        [0, 0, 1],
        [1, 1, 1],
      ],
      targets: [[1], [1], [0], [0]],
    },
    options: { loss: halfSquaredError, optimizer: sgd(0.2), epochs: 10_000 },
    runs: 5,
    seeks: 200,
  };
}

/** Random numbers in MNIST's shape: what they are changes neither time nor memory. */
function digits(rows: number): Case {
  const chance = new RandomState(1);
  const targets = zeros([rows, 10]);
  for (let row = 0; row < rows; row++) targets.data[10 * row + chance.randint(10)] = 1;
  return {
    name: `784-128-10 with biases: one epoch of ${rows.toLocaleString("en")} rows in batches of 32`,
    make: () => network(784, [dense(128, { activation: relu }), dense(10)], { initialize: heUniform }),
    examples: { inputs: chance.random([rows, 784]), targets },
    options: { loss: categoricalCrossEntropy, optimizer: sgd(0.001), epochs: 1, batch: 32 },
    runs: 1,
    seeks: 10,
  };
}

async function measure({ name, make, examples, options, runs, seeks }: Case): Promise<string[]> {
  const trained = await shortest(runs, () => make().fit(examples, options));
  const before = await held();
  const recorded = await shortest(runs, () => make().trace(examples, options));
  const trace = recorded.result;
  const memory = (await held()) - before;
  const batches = trace.batches;
  const stepsInBatch = trace.program.data.steps.length;
  const steps = batches * stepsInBatch;
  const { bytes, keyframes, replay } = trace.cost;
  const each = (seconds: number) =>
    `${((seconds * 1e6) / steps).toPrecision(3)} µs a step, ${((seconds * 1e3) / batches).toPrecision(3)} ms a batch`;
  const places = new RandomState(2).randint(0, batches, seeks).data;
  const seekings = [...places].map((batch) => milliseconds(() => trace.seek(trace.placeOf(batch))));
  const forward = Array.from({ length: seeks }, () => milliseconds(() => trace.forward("step")));
  const back = Array.from({ length: seeks }, () => milliseconds(() => trace.back("step")));
  return [
    name,
    `  ${batches} batches of ${stepsInBatch} steps`,
    `  trained   ${trained.seconds.toFixed(2)} s: ${each(trained.seconds)}`,
    `  recorded  ${recorded.seconds.toFixed(2)} s: ${each(recorded.seconds)}`,
    `  the trace: ${megabytes(bytes)} of keyframes and hashes, ${keyframes} keyframes, at most ${replay} batches replayed`,
    `  in memory with its data: ${megabytes(memory)}`,
    `  seek a random batch   ${spread(seekings)}`,
    `  one step on           ${spread(forward)}`,
    `  one step back         ${spread(back)}`,
  ];
}

/** What the last run gave, and the processor time of the shortest: others may work on the same machine. */
async function shortest<Result>(
  runs: number,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly seconds: number }> {
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  if (runs === 1) return { result, seconds };
  const others = await shortest(runs - 1, work);
  return { result: others.result, seconds: Math.min(seconds, others.seconds) };
}

function milliseconds(work: () => Trace | boolean): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The bytes that are in use once all garbage is gone. */
async function held(): Promise<number> {
  await new Promise((done) => setTimeout(done, 100));
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const text = (time: number) => `${time.toPrecision(2)} ms`;
  return `median ${text(sorted[sorted.length >> 1]!)}, most ${text(sorted[sorted.length - 1]!)}`;
}

const [cpu] = cpus();
console.log(
  `Node ${process.version} on ${process.platform} ${process.arch}, ${cpu?.model ?? "unknown processor"}`,
);
const rows = Number(process.argv[2] ?? 60_000);
for (const each of [chapter, () => digits(rows)]) console.log(["", ...(await measure(each()))].join("\n"));
