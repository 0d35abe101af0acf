import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild-wasm";
import type { Measured } from "../harness/measured.ts";
import { now } from "../harness/progress.ts";
import { bench } from "../harness/runtimes.ts";
import { scratchFile } from "../harness/scratch.ts";
import type { Peer } from "./contenders.ts";
import type { Task } from "./task.ts";

const says =
  "bytes of a page's program that trains 784-128-10: minified by esbuild, what is loaded at once and on demand";

interface Program {
  readonly id: string;
  readonly peer: Peer;
  readonly label: string;
  readonly text: string;
  /** What a page loads of what the program loads on demand, by the names of its parts. */
  readonly onDemand?: RegExp;
  /** Files that a page loads beside the program, in `bench/node_modules`. */
  readonly beside?: readonly string[];
}

const programs: readonly Program[] = [
  {
    id: "train",
    peer: "Streetlight",
    label: "network, train",
    text: `import { categoricalCrossEntropy, dense, meanOf, network, relu, sgd } from "@streetlight/core";
      const net = network(784, [dense(128, { activation: relu }), dense(10)], { precision: "float32" });
      net.fit(globalThis.data, { loss: meanOf(categoricalCrossEntropy), optimizer: sgd(0.01), batch: 32, epochs: 1 });`,
    onDemand: /wasm/,
  },
  {
    id: "predict",
    peer: "Streetlight",
    label: "predict only",
    text: `import * as predict from "@streetlight/core/predict"; globalThis.predict = predict;`,
  },
  {
    id: "jaxjs",
    peer: "jax-js",
    label: "jit, valueAndGrad",
    text: `import { blockUntilReady, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
      globalThis.used = { blockUntilReady, init, jit, oneHot: nn.oneHot, relu: nn.relu, logSoftmax: nn.logSoftmax,
        dot: np.dot, array: np.array, tree, valueAndGrad };`,
  },
  {
    id: "tfjs",
    peer: "TensorFlow.js",
    label: "layers, cpu",
    text: `import { layers, losses, sequential, tensor, train } from "@tensorflow/tfjs";
      globalThis.used = { layers, losses, sequential, tensor, train };`,
  },
  {
    id: "tfjs-core",
    peer: "TensorFlow.js",
    label: "core by hand, wasm",
    text: `import "@tensorflow/tfjs-backend-wasm"; import * as tf from "@tensorflow/tfjs-core";
      globalThis.used = [tf.fused.matMul, tf.logSoftmax, tf.matMul, tf.mul, tf.sub, tf.sum, tf.exp, tf.step, tf.tensor,
        tf.variable, tf.tidy, tf.ready, tf.setBackend];`,
    beside: ["@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"],
  },
];

/** How much a page has to load. */
export const bundles: Task = {
  name: "bundles",
  says,
  measure: async () => {
    const folder = scratchFile("bundles");
    mkdirSync(folder);
    mkdirSync(join(folder, "node_modules/@streetlight"), { recursive: true });
    const core = fileURLToPath(new URL("../../../packages/core", import.meta.url));
    symlinkSync(core, join(folder, "node_modules/@streetlight/core"), "junction");
    for (const scope of ["@jax-js", "@tensorflow"])
      if (existsSync(`${bench}node_modules/${scope}`))
        symlinkSync(`${bench}node_modules/${scope}`, join(folder, "node_modules", scope), "junction");
    const contenders: Measured[] = [];
    for (const program of programs) {
      now(`bundles: ${program.peer}, ${program.label}`);
      contenders.push(await bundled(program, folder));
    }
    return { says, series: [{ name: "bundles", work: {}, contenders }] };
  },
};

async function bundled(program: Program, folder: string): Promise<Measured> {
  const { id, peer, label } = program;
  const known = { id, peer, label, threads: 1 };
  const file = join(folder, `${id}.js`);
  writeFileSync(file, program.text);
  try {
    return { ...known, status: "measured", figures: await sizes(program, file, folder) };
  } catch (error) {
    return { ...known, status: "absent", why: (error as Error).message };
  }
}

async function sizes({ onDemand, beside = [] }: Program, file: string, folder: string) {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: [file],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    // What a library looks for in Node only.
    external: [
      "node:*",
      "@streetlight/native",
      "fs",
      "path",
      "util",
      "crypto",
      "worker_threads",
      "perf_hooks",
      "os",
      "url",
      "module",
    ],
    mainFields: ["module", "main"],
    outdir: join(folder, "dist"),
    chunkNames: "[name]-[hash]",
    write: false,
    metafile: true,
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const contents = new Map(
    outputFiles.map(({ path, contents: bytes }) => [path.slice(folder.length + 1), bytes]),
  );
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
    entryPoint?.endsWith(file.slice(folder.length + 1)),
  )![0];
  const reached = (from: string, seen: Set<string>): Set<string> => {
    if (seen.has(from)) return seen;
    seen.add(from);
    for (const { path, kind, external } of metafile.outputs[from]!.imports)
      if (!external && kind === "import-statement") reached(path, seen);
    return seen;
  };
  const atOnce = reached(entry, new Set());
  const later = new Set<string>();
  for (const from of atOnce)
    for (const { path, kind, external } of metafile.outputs[from]!.imports)
      if (!external && kind === "dynamic-import" && onDemand?.test(path)) reached(path, later);
  for (const name of atOnce) later.delete(name);
  const total = (names: Iterable<string>, of: (bytes: Uint8Array) => number) =>
    [...names].reduce((sum, name) => sum + of(contents.get(name)!), 0);
  const files = beside.map((name) => readFileSync(`${bench}node_modules/${name}`));
  const packed = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 }).length;
  return {
    minified: total(atOnce, ({ length }) => length),
    gzipped: total(atOnce, packed),
    laterMinified: total(later, ({ length }) => length) + files.reduce((sum, { length }) => sum + length, 0),
    laterGzipped: total(later, packed) + files.reduce((sum, bytes) => sum + packed(bytes), 0),
  };
}
