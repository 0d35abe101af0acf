import type { Step } from "../../../program/data.ts";
import type { Arrays } from "./arrays.ts";
import { type Kernel, writes } from "./lower.ts";

/** A kernel, and whether the threads share its rows or the first thread runs it alone; or a place where all wait for all. */
export type Turn = { readonly kernel: Kernel; readonly split: boolean } | "barrier";

/** Rows are shared out alike wherever there are as many: the first size of a kernel's shape says which rows a thread has. */
type Share = string;
const alone: Share = "alone";

/** What threads do in a batch before its kernels, since the last barrier. */
export interface Earlier {
  /** The arrays of which each thread writes its share of the batch's rows. */
  readonly written: readonly string[];
  /** The arrays at which the first thread looks, when the batch before ends an epoch. */
  readonly lookedAt: readonly string[];
}

/**
 * Puts barriers between kernels where a thread would read what another has not yet written, or replace what another still
 * reads. A thread that only goes on with its own rows – forwards through all layers, and backwards again – waits for
 * nobody. Metrics, which the first thread adds up alone, are put off to the next barrier.
 */
export function schedule(
  kernels: readonly Kernel[],
  splits: (kernel: Kernel) => boolean,
  arrays: Arrays,
  earlier: Earlier,
): Turn[] {
  const turns: Turn[] = [];
  let put: Kernel[] = [];
  let written = new Map<string, Share>(earlier.written.map((name) => [name, "batch"]));
  let read = new Map<string, Set<Share>>(earlier.lookedAt.map((name) => [name, new Set([alone])]));

  const wait = (): void => {
    turns.push("barrier");
    written = new Map();
    read = new Map();
    const due = put;
    put = [];
    for (const kernel of due) run(kernel, false);
  };
  const run = (kernel: Kernel, split: boolean): void => {
    turns.push({ kernel, split });
    const share = split ? String(kernel.shape[0]) : alone;
    for (const { name, own } of readings(kernel, arrays)) {
      const by = read.get(name) ?? new Set();
      read.set(name, by.add(own || !split ? share : "all"));
    }
    for (const name of writes(kernel)) written.set(name, share);
  };
  const mustWait = (kernel: Kernel, split: boolean): boolean => {
    const share = split ? String(kernel.shape[0]) : alone;
    const before = readings(kernel, arrays).some(({ name, own }) => {
      const by = written.get(name);
      return by !== undefined && !(by === share && (own || !split));
    });
    const stillRead = writes(kernel).some((name) => {
      const by = written.get(name);
      return (by !== undefined && by !== share) || [...(read.get(name) ?? [])].some((each) => each !== share);
    });
    return before || stillRead;
  };

  for (const kernel of kernels) {
    const split = splits(kernel);
    if (put.length > 0) {
      const written = new Set(writes(kernel));
      const touches = (each: Kernel) =>
        [...readings(each, arrays).map(({ name }) => name), ...writes(each)].some((name) =>
          written.has(name),
        ) || readings(kernel, arrays).some(({ name }) => writes(each).includes(name));
      if (put.some(touches)) wait();
    }
    const isMetric = kernel.main !== undefined && arrays.declaration(kernel.main.writes).role === "metric";
    if (mustWait(kernel, split)) {
      if (isMetric) {
        put.push(kernel);
        continue;
      }
      wait();
    }
    run(kernel, split);
  }
  if (put.length > 0) wait();
  return turns;
}

/** The arrays that a kernel reads, and whether a thread reads no rows of them but its own. */
function readings(
  { main, steps, shape }: Kernel,
  arrays: Arrays,
): { readonly name: string; readonly own: boolean }[] {
  const found = steps.flatMap((step) =>
    step.reads.flatMap((name) => {
      const { kind, name: behind } = arrays.isSpread(step.writes)
        ? arrays.through(step.writes)
        : arrays.access(name, arrays.shape(step.writes));
      return { name: behind, own: shape.length > 0 && (kind === "each" || kind === "row") };
    }),
  );
  return main === undefined
    ? found
    : [...found, ...arrays.namesRead(main).map((name) => ({ name, own: readsOwn(main, name, arrays) }))];
}

/** Of which operands a main op reads, for a row of its result, just that row. */
function readsOwn({ op, reads }: Step, name: string, arrays: Arrays): boolean {
  switch (op) {
    case "matmul":
      return reads[0] === name && reads[1] !== name && arrays.look(name) === undefined;
    case "sumColumns":
    case "softmax":
    case "logSoftmax":
    case "oneHot":
      return true;
    case "gatherRows":
      return reads[1] === name && reads[0] !== name;
    default:
      return false;
  }
}
