/**
 * What the harness and a contender say to each other: one JSON object a line, over standard input and output. A contender
 * is a process of its own, in any language; when it is started it is given its `Options` as its only argument, and says
 * `Started`. The Python side of the same is `peers/serve.py`.
 */

/** How a contender is to work; each program knows those that concern it. */
export interface Options {
  readonly threads: number;
  /** Streetlight's engine. */
  readonly engine?: "auto" | "reference" | "wasm" | "native";
  readonly fast?: boolean;
  /** One of several ways in which a peer's users would write the work. */
  readonly variant?: string;
  /** TensorFlow.js's. */
  readonly backend?: "cpu" | "wasm";
  /** Where a data set lies. */
  readonly folder?: string;
  /** How often a whole program goes through it. */
  readonly epochs?: number;
}

/** A network of dense layers with biases: relu between them, softmax cross-entropy at the end, plain gradient descent. */
export interface MlpSpec {
  readonly kind: "mlp";
  /** A safetensors file: `inputs` and `labels`, and the initial `weights_0_1`, `bias_1`, `weights_1_2`, … */
  readonly data: string;
  /** Numbers of inputs, of the units of each hidden layer, and of classes. */
  readonly sizes: readonly number[];
  /** Rows of the data, a whole number of batches. */
  readonly rows: number;
  readonly batch: number;
  /** The step size; the derivative is the mean over a batch. */
  readonly rate: number;
}

/** The chapter's network: 3-4-1, relu, no bias, one row at a time, 60 times through 4 rows, float64. */
export interface LightsSpec {
  readonly kind: "lights";
  /** A safetensors file: `inputs`, `targets`, and the initial `weights_0_1` and `weights_1_2`. */
  readonly data: string;
  readonly epochs: number;
  readonly alpha: number;
}

/** A product of two square float32 matrices. */
export interface ProductSpec {
  readonly kind: "product";
  /** A safetensors file: `left` and `right`. */
  readonly data: string;
  readonly size: number;
}

/** A copy of a float32 array, whose elements are all the one of `pattern`. */
export interface CopySpec {
  readonly kind: "copy";
  /** A safetensors file: `pattern`. */
  readonly data: string;
  readonly bytes: number;
}

/** What only this library does; `contenders/streetlightOwn.ts` has a line for each. */
export const ownWorks = [
  "build",
  "compile",
  "print",
  "options",
  "reference",
  "lists",
  "predict",
  "predictor",
  "record",
  "seek",
  "trace file",
  "checkpoint",
  "weights",
  "random",
] as const;

export interface OwnSpec {
  readonly kind: "own";
  readonly work: (typeof ownWorks)[number];
}

export type Spec = MlpSpec | LightsSpec | ProductSpec | CopySpec | OwnSpec;

export type Command =
  /** Makes ready for work; what was open before is closed. */
  | { readonly do: "open"; readonly spec: Spec }
  /** Runs once from the beginning, and writes the numbers that come of it, as float64, to a file. */
  | { readonly do: "check"; readonly result: string }
  /** Goes back to the beginning and runs so many times; only the running counts. */
  | { readonly do: "run"; readonly times: number }
  | { readonly do: "end" };

export interface Started {
  /** Of what takes part: the library, its BLAS, the language. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a contender answers, by command. Any command may be answered by a `Failed`. */
export interface Replies {
  open: { readonly plan?: string };
  /** The mean over all rows of the loss, each taken before its batch's update; a product has none: 0. */
  check: { readonly loss: number };
  run: { readonly seconds: number };
  /** The most memory that the process ever held, in bytes. */
  end: { readonly peak: number };
}

export interface Failed {
  readonly error: string;
}
