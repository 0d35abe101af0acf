import {
  type Block,
  categoricalCrossEntropy,
  constant,
  dense,
  lossValue,
  meanOf,
  network,
  type OpenOptions,
  openSession,
  relu,
  sgd,
} from "@streetlight/core";
import type { MlpSpec, Options } from "../protocol.ts";
import { readArrays, type Stored, weightNames } from "./arrays.ts";
import type { Job } from "./serve.ts";

/** The network as the library's users build it, trained in a session by `fit`. */
export async function mlp({ data, sizes, rows, batch, rate }: MlpSpec, given: Options): Promise<Job> {
  const arrays = readArrays(data);
  const [inputs, ...units] = sizes;
  const classes = units.pop()!;
  const net = network(
    inputs!,
    [...units.map((each) => dense(each, { activation: relu })), dense(classes)],
    // The weights are written below.
    { precision: "float32", initialize: constant(0) },
  );
  const learning = {
    loss: meanOf(categoricalCrossEntropy),
    optimizer: sgd(rate),
    metrics: [lossValue],
  };
  const session = await openSession(net.trainer(learning), { ...engineOf(given), capacity: batch });
  session.load({ layer_0: blockOf(arrays.inputs!), goal: oneHot(arrays.labels!, classes) });
  const names = weightNames(sizes.length - 1);
  const initial = Object.fromEntries(names.map((name) => [name, blockOf(arrays[name]!)]));
  return {
    plan: session.plan(),
    reset: () => session.write(initial),
    run: (times) => {
      const { metrics } = session.fit({ epochs: times, batch }).at(-1)!;
      return Object.values(metrics)[0]! / rows;
    },
    result: () => names.map((name) => session.read(name).data),
    close: () => session.close(),
  };
}

/** What of a contender's options a session or a network takes. */
export function engineOf({
  engine = "auto",
  fast = false,
  threads,
}: Options): Pick<OpenOptions, "engine" | "fast" | "threads"> {
  return { engine, fast, threads };
}

export function blockOf({ shape, data }: Stored): Block {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const dtype = data instanceof Float64Array ? "float64" : data instanceof Float32Array ? "float32" : "int32";
  return { dtype, shape, data, strides, offset: 0 };
}

function oneHot({ data }: Stored, classes: number): Block {
  const hot = new Float32Array(data.length * classes);
  for (const [row, label] of data.entries()) hot[row * classes + label] = 1;
  return blockOf({ shape: [data.length, classes], data: hot });
}
