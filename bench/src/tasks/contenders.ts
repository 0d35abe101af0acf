import type { Runtime } from "../harness/runtimes.ts";
import type { Options } from "../protocol.ts";

export type Peer = "Streetlight" | "NumPy" | "PyTorch" | "TensorFlow.js" | "jax-js" | "JavaScript";

/** One way of doing the work: a library, how it is written, and how many threads it has. */
export interface Contender {
  readonly id: string;
  readonly peer: Peer;
  readonly label: string;
  readonly runtime: Runtime;
  /** A path in `bench`. */
  readonly program: string;
  readonly options: Options;
  /** Whether its bits are to be those of the task's first contender. */
  readonly exact?: true;
  /** Whether it computes in float32 where the task is in float64. */
  readonly single?: true;
}

const threads = [1, 2] as const;

export const threadsText = (count: number): string => (count === 1 ? "1 thread" : `${count} threads`);

function streetlight(id: string, label: string, options: Options): Contender {
  const program = "dist/contenders/streetlight.js";
  return { id, peer: "Streetlight", label, runtime: "node", program, options };
}

/** The engines: those with the reference's bits, and those that may round otherwise. */
export const wasm: readonly Contender[] = threads.map((count) => ({
  ...streetlight(`wasm-${count}`, `wasm, ${threadsText(count)}`, { engine: "wasm", threads: count }),
  exact: true,
}));

export const fast: readonly Contender[] = threads.map((count) =>
  streetlight(`fast-${count}`, `wasm fast, ${threadsText(count)}`, {
    engine: "wasm",
    fast: true,
    threads: count,
  }),
);

export const native: readonly Contender[] = threads.map((count) =>
  streetlight(`native-${count}`, `native, ${threadsText(count)}`, {
    engine: "native",
    fast: true,
    threads: count,
  }),
);

export const reference: Contender = {
  ...streetlight("reference", "reference", { engine: "reference", threads: 1 }),
  exact: true,
};

/** The ways through the library in which a small training spends its time. */
export const smallTrainings: readonly Contender[] = [
  ["session", "wasm, session.fit"],
  ["train", "wasm, for await … net.train"],
  ["again", "wasm, from the layers on"],
  ["anew", "wasm, from the layers on, compiled anew"],
].map(([variant, label]) => ({
  ...streetlight(variant!, label!, { engine: "wasm", threads: 1, variant: variant! }),
  ...(variant === "anew" ? {} : { exact: true as const }),
}));

export const handWritten: Contender = {
  id: "hand",
  peer: "JavaScript",
  label: "typed arrays by hand",
  runtime: "node",
  program: "dist/contenders/handWritten.js",
  options: { threads: 1 },
};

/** The same, the weights drawn by a Mersenne twister for each training. */
export const seededByHand: Contender = {
  ...handWritten,
  id: "hand-seeded",
  label: "typed arrays by hand, seeding included",
  options: { threads: 1, variant: "seeded" },
};

/** The same, epoch by epoch through an async iterator. */
export const iteratedByHand: Contender = {
  ...handWritten,
  id: "hand-iterated",
  label: "typed arrays by hand, an async iterator",
  options: { threads: 1, variant: "iterated" },
};

export const numpy: readonly Contender[] = threads.map((count) => ({
  id: `numpy-${count}`,
  peer: "NumPy",
  label: threadsText(count),
  runtime: "numpy",
  program: "peers/numpy_turns.py",
  options: { threads: count, variant: "out" },
}));

/** The chapter's loop as the book has it, and one that allocates nothing. */
export const numpyLoops: readonly Contender[] = [
  ["book", "as in the book"],
  ["out", "in place"],
].map(([variant, label]) => ({
  ...numpy[0]!,
  id: `numpy-${variant}`,
  label: label!,
  options: { threads: 1, variant: variant! },
}));

export const torch: readonly Contender[] = ["modules", "hand"].flatMap((variant) =>
  threads.map((count) => ({
    id: `torch-${variant}-${count}`,
    peer: "PyTorch",
    label: `${variant === "hand" ? "in place by hand" : "nn.Module"}, ${threadsText(count)}`,
    runtime: "torch",
    program: "peers/torch_turns.py",
    options: { threads: count, variant },
  })),
);

export const jaxjs: readonly Contender[] = threads.map((count) => ({
  id: `jaxjs-${count}`,
  peer: "jax-js",
  label: count === 1 ? "jit" : "jit, threads by a shim of Worker",
  runtime: "node",
  program: "peers/jaxjs.mjs",
  options: { threads: count },
}));

const tfjsLabels = { fit: "fit", minimize: "minimize", hand: "by hand" } as const;

export function tfjs(backend: "cpu" | "wasm", ...variants: (keyof typeof tfjsLabels)[]): Contender[] {
  return variants.map((variant) => ({
    id: `tfjs-${backend}-${variant}`,
    peer: "TensorFlow.js",
    label: `${backend}, ${tfjsLabels[variant]}`,
    runtime: "node",
    program: "peers/tfjs.mjs",
    options: { threads: 1, backend, variant },
  }));
}
