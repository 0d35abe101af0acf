import { measureOnce } from "../harness/field.ts";
import { type Goal, reached } from "../harness/goals.ts";
import {
  type Contender,
  fast,
  handWritten,
  jaxjs,
  native,
  numpy,
  reference,
  tfjs,
  torch,
  wasm,
} from "./contenders.ts";
import { mlpData } from "./data.ts";
import { mlpWork } from "./mlpWork.ts";
import type { Task } from "./task.ts";

/**
 * How far contenders may be apart after an epoch, a few dozen updates in float32: what other orders of the sums bring is a
 * tenth of this, a wrong step size or loss a thousand times as much.
 */
export const singlePrecision = { loss: 1e-5, numbers: 1e-3 } as const;

interface Size {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly rows: number;
  readonly batch: number;
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}

const idsOf = (contenders: readonly Contender[]) => contenders.map(({ id }) => id);
const python = [...numpy, ...torch];
const peers = [...python, ...jaxjs, ...tfjs("wasm", "fit", "minimize", "hand")];
const everyone = [...peers, ...tfjs("cpu", "fit")];

/** A goal, and where PyTorch is among the others the same against PyTorch as its guide teaches it. */
function goals(
  says: string,
  ours: readonly Contender[],
  theirs: readonly Contender[],
  atLeast: number,
  limit: string,
): Goal[] {
  const against = (words: string, others: readonly Contender[]): Goal => ({
    says: words,
    ours: idsOf(ours),
    theirs: idsOf(others),
    measure: "times as fast",
    wanted: { atLeast },
    limit,
  });
  const taught = theirs.filter(({ id }) => !id.startsWith("torch-hand"));
  return [
    against(says, theirs),
    ...(taught.length < theirs.length ? [against(`${says}, with PyTorch as nn.Module`, taught)] : []),
  ];
}

const exactLimit =
  "exact bits leave vectors of 128 bits, and a rounding for each multiplication and each addition: the line of exact products under " +
  "Limits, which a training comes near to. Peers fuse the two, and PyTorch and NumPy have vectors of 512 bits.";
const nativeLimit =
  "the peers' products come from OpenBLAS and MKL too, and so near to the processor's peak (Limits) that so many times the fastest of " +
  "them is more than the peak; what native saves is all that stands around the products.";

const all: readonly Size[] = [
  {
    name: "mlp-s",
    sizes: [784, 128, 10],
    rows: 1024,
    batch: 32,
    contenders: [
      ...wasm,
      reference,
      ...fast,
      ...native,
      ...peers,
      ...tfjs("cpu", "fit", "hand"),
      handWritten,
    ],
    goals: [
      ...goals("wasm with exact bits, 5 times as fast as jax-js", wasm, jaxjs, 5, exactLimit),
      ...goals("wasm with exact bits, as fast as PyTorch", wasm, torch, 1, exactLimit),
      ...goals("native, 3 times as fast as the better of NumPy and PyTorch", native, python, 3, nativeLimit),
    ],
  },
  {
    name: "mlp-m",
    sizes: [784, 512, 512, 10],
    rows: 1024,
    batch: 128,
    contenders: [...wasm, ...fast, ...native, ...peers],
    goals: [
      ...goals(
        "wasm with exact bits on 2 threads, twice as fast as jax-js",
        wasm.slice(1),
        jaxjs,
        2,
        exactLimit,
      ),
      ...goals("native, twice as fast as the best peer", native, everyone, 2, nativeLimit),
    ],
  },
  {
    name: "mlp-l",
    sizes: [784, 2048, 2048, 10],
    rows: 512,
    batch: 256,
    contenders: [...wasm, ...fast, ...native, ...numpy, ...torch, ...jaxjs, ...tfjs("wasm", "hand")],
    goals: [...goals("native, twice as fast as the best peer", native, everyone, 2, nativeLimit)],
  },
];

/** Samples a second through networks of three sizes. */
export const mlps: readonly Task[] = all.map((size) => ({
  name: size.name,
  says:
    `${size.sizes.join("-")} with biases, relu and softmax cross-entropy, batches of ${size.batch}, gradient descent, ` +
    "float32: samples a second",
  measure: async ({ pace, registry }) => {
    const { name, sizes, rows, batch, contenders } = size;
    const { data, initial } = mlpData(name, sizes, rows);
    const spec = { kind: "mlp", data, sizes, rows, batch, rate: 0.01 } as const;
    const work = { spec, initial, tolerance: singlePrecision };
    const measured = await measureOnce(name, contenders, work, pace, registry);
    return {
      says: mlps.find((task) => task.name === name)!.says,
      series: [{ name, work: mlpWork(sizes, rows, batch), tolerance: singlePrecision, contenders: measured }],
      goals: size.goals.map((each) => reached(each, measured)),
    };
  },
}));
