import { writeSync } from "node:fs";
import { checksum } from "../../src/files/checksum.ts";
import {
  adam,
  batchNorm,
  dense,
  exportPredictor,
  FileError,
  halfSquaredError,
  loadCheckpoint,
  loadProgram,
  loadTrace,
  loadWeights,
  NameError,
  network,
  ProgramError,
  readSafetensors,
  relu,
  ShapeError,
  saveCheckpoint,
  saveTrace,
  saveWeights,
  softmax,
  stepDecay,
  tanh,
  writeSafetensors,
} from "../../src/index.ts";
import { loadPredictor } from "../../src/predict/index.ts";
import { drawer, mutatedBytes, mutatedJson } from "./mutate.ts";

const make = () =>
  network(2, [dense(3, { activation: tanh, dropout: 0.5 }), batchNorm({ activation: relu }), dense(2)], {
    seed: 1,
  });
const inputs = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 0],
];
const targets = inputs;
const learning = {
  loss: halfSquaredError,
  optimizer: adam(stepDecay(0.1, { factor: 0.5, every: 2 })),
  batch: 2,
};
const net = make();
await net.fit({ inputs, targets }, { ...learning, epochs: 2, shuffle: true });
const trace = await net.trace({ inputs, targets }, { ...learning, epochs: 2, shuffle: true });
const classes = network(2, [dense(3), dense(2, { activation: softmax })], { seed: 1, precision: "float32" });

const program = JSON.stringify(net.program);
const checkpoint = saveCheckpoint(net);
const recording = saveTrace(trace.seek({ epoch: 2 }).edit("weights_0_1", [0, 0], 0.5));
const predictors = [exportPredictor(net), exportPredictor(classes)];
const weights = saveWeights(net);

function sealed(record: object): object {
  const { checksum: _, ...rest } = record as Record<string, unknown>;
  return { ...rest, checksum: checksum(JSON.stringify(rest)) };
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`loaded, but ${what}`);
}

type Reader = (seed: number) => {
  readonly size: number;
  readonly text: string;
  /** Reads it; what was loaded must behave. */
  readonly read: () => void;
  readonly promised: readonly (new (message: string) => Error)[];
};

const ofProgram = [ProgramError, NameError, ShapeError];

/** Each reader, given a file that is nearly right. */
const readers: readonly Reader[] = [
  (seed) => {
    const text = mutatedJson(program, drawer(seed));
    const read = () => {
      const loaded = JSON.stringify(loadProgram(text));
      demand(JSON.stringify(loadProgram(loaded)) === loaded, "it is another when it is saved and loaded");
    };
    return { size: text.length, text, read, promised: ofProgram };
  },
  (seed) => {
    const text = mutatedJson(checkpoint, drawer(seed), sealed);
    const read = () => {
      const other = make();
      loadCheckpoint(other, text);
      const saved = saveCheckpoint(other);
      const given = JSON.parse(text);
      if (given.version === 2 && given.checksum === JSON.parse(checkpoint).checksum)
        demand(saved === checkpoint, "its checksum is that of another");
      loadCheckpoint(other, saved);
      demand(saveCheckpoint(other) === saved, "it is another when it is saved and loaded");
    };
    return { size: text.length, text, read, promised: [FileError] };
  },
  (seed) => {
    const text = mutatedJson(recording, drawer(seed));
    const read = () => {
      const loaded = loadTrace(text);
      const again = loadTrace(saveTrace(loaded));
      demand(`${again.hashes}` === `${loaded.hashes}`, "it is another when it is saved and loaded");
    };
    return { size: text.length, text, read, promised: [FileError, ...ofProgram] };
  },
  (seed) => {
    const text = mutatedJson(predictors[seed % 2]!, drawer(seed));
    const read = () => {
      const predictor = loadPredictor(text);
      const given = [0, 1, 2].map(() => new Array<number>(predictor.inputs).fill(1));
      const rows = predictor.predict(given);
      demand(
        rows.length === 3 && rows.every((row) => row.length === predictor.outputs),
        "it predicts other rows",
      );
    };
    return { size: text.length, text, read, promised: [FileError] };
  },
  (seed) => {
    const file = mutatedBytes(weights, drawer(seed));
    const read = () => {
      const arrays = readSafetensors(file);
      const again = readSafetensors(writeSafetensors(arrays));
      demand(`${[...again.keys()].sort()}` === `${[...arrays.keys()].sort()}`, "it has other arrays");
      loadWeights(make(), file);
    };
    return { size: file.length, text: Buffer.from(file).toString("latin1"), read, promised: [FileError] };
  },
];

/** Processor time, in milliseconds: what others do on the machine is not counted. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

/** Longer than the second that a reader may take: a computation is not stopped, and collecting garbage counts, too. */
const mostTime = 2500;

const [from, to, mostSize] = process.argv.slice(2).map(Number) as [number, number, number];
say({ baseline: process.resourceUsage().maxRSS / 1024 });
let loaded = 0;
let largest = 0;
for (let seed = from; seed < to; seed++) {
  const { size, text, read, promised } = readers[seed % readers.length]!(seed);
  if (size > mostSize) continue;
  largest = Math.max(largest, size);
  say({ seed });
  const start = cpu();
  let problem: string | undefined;
  try {
    read();
    loaded++;
  } catch (error) {
    const { name, message, stack } = error as Error;
    if (!promised.some((type) => error instanceof type)) problem = `${stack}`.slice(0, 600);
    else if (message.length > 300) problem = `${name} of ${message.length} letters`;
  }
  const took = cpu() - start;
  if (took > mostTime) problem = `took ${took} ms`;
  if (problem !== undefined) say({ seed, problem, file: text.slice(0, 300) });
}
say({ loaded, largest, peak: process.resourceUsage().maxRSS / 1024 });
