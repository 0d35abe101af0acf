import type { ElementaryFunction } from "../math/functions.ts";
import type { Functions, Round } from "../ops/language.ts";
import type { OpName, StructuredOpName } from "../ops/op.ts";
import type { Block, Data } from "../shape/block.ts";

/** Writes every element of `output`. All arrays lie row after row without gaps. */
type Run = (inputs: readonly Block[], output: Block, round: Round, functions: Functions) => void;

export interface Kernel {
  /** The op's own. */
  readonly signature: string;
  /** The letter of the signature that only the result has: a step gives its size. */
  readonly size?: string;
  /** The elementary functions that it calls; a file that names the kernel brings them. */
  readonly calls?: readonly ElementaryFunction[];
  readonly run: Run;
}

/** A predictor reads numbers or bytes; what reads class and row numbers is left out. */
type KernelName =
  | Exclude<StructuredOpName, "gatherRows" | "oneHot" | "scatterRows">
  | Extract<OpName, "transpose">;

/**
 * The ops that a predictor's file only names, as an engine of its own: the records of `ops/` hold gradients and printed
 * forms, which would be most of what a page that predicts has to load. Tests hold each kernel to the bits of its op.
 */
const all: Record<KernelName, Kernel> = {
  matmul: {
    signature: "left[n k] right[k m] -> [n m]",
    run: ([left, right], { data, shape }, round) => {
      const k = left!.shape[1]!;
      const m = shape[1]!;
      each(data, (place) => {
        const row = Math.floor(place / m) * k;
        return sum(k, round, (term) => round(left!.data[row + term]! * right!.data[term * m + (place % m)]!));
      });
    },
  },
  sumRows: {
    signature: "x[n ...] -> [...]",
    run: ([x], { data }, round) =>
      each(data, (place) => sum(x!.shape[0]!, round, (row) => x!.data[row * data.length + place]!)),
  },
  sumColumns: {
    signature: "x[n m] -> [n]",
    run: ([x], { data }, round) => {
      const m = x!.shape[1]!;
      each(data, (row) => sum(m, round, (column) => x!.data[row * m + column]!));
    },
  },
  spreadRows: {
    signature: "x[...] -> [n ...]",
    size: "n",
    run: ([x], { data }) => each(data, (place) => x!.data[place % x!.data.length]!),
  },
  spreadColumns: {
    signature: "x[n] -> [n m]",
    size: "m",
    run: ([x], { data, shape }) => each(data, (place) => x!.data[Math.floor(place / shape[1]!)]!),
  },
  transpose: {
    signature: "x[n m] -> [m n]",
    run: ([x], { data, shape }) => {
      const [m, n] = shape as [number, number];
      each(data, (place) => x!.data[(place % n) * m + Math.floor(place / n)]!);
    },
  },
  softmax: {
    signature: "x[n m] -> [n m]",
    calls: ["exp"],
    run: ([x], output, round, functions) =>
      eachRow(x!, output, round, functions, (row, _shifted, power, total) =>
        row.set(power.map((e) => e / total)),
      ),
  },
  logSoftmax: {
    signature: "x[n m] -> [n m]",
    calls: ["exp", "log"],
    run: ([x], output, round, functions) => {
      const log = functions.get("log")!;
      eachRow(x!, output, round, functions, (row, shifted, _power, total) => {
        const logarithm = round(log(total));
        row.set(shifted.map((value) => value - logarithm));
      });
    },
  },
};

export const kernels: ReadonlyMap<string, Kernel> = new Map(Object.entries(all));

function each(data: Data, value: (place: number) => number): void {
  for (let place = 0; place < data.length; place++) data[place] = value(place);
}

/** The terms in ascending order, from the first; nothing adds up to 0. */
function sum(terms: number, round: Round, term: (position: number) => number): number {
  let total = terms === 0 ? 0 : -0;
  for (let position = 0; position < terms; position++) total = round(total + term(position));
  return total;
}

/** Each row less its maximum, the powers of e of that, and their sum: what both kinds of softmax begin with. */
function eachRow(
  x: Block,
  output: Block,
  round: Round,
  functions: Functions,
  write: (row: Data, shifted: Data, power: Data, total: number) => void,
): void {
  const exp = functions.get("exp")!;
  const [rows, columns] = x.shape as [number, number];
  for (let row = 0; row < rows; row++) {
    const numbers = x.data.subarray(row * columns, (row + 1) * columns);
    let most = -Infinity;
    for (const number of numbers) most = Math.max(most, number);
    const shifted = numbers.map((value) => value - most);
    const power = shifted.map(exp);
    write(
      output.data.subarray(row * columns, (row + 1) * columns),
      shifted,
      power,
      sum(columns, round, (k) => power[k]!),
    );
  }
}
