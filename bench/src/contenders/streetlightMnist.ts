import {
  adam,
  type Block,
  categoricalCrossEntropy,
  dense,
  glorotUniform,
  type Initial,
  openSession,
  type Program,
  ProgramBuilder,
  RandomState,
  relu,
} from "@streetlight/core";
import { readIdx } from "./idx.ts";
import { options } from "./serve.ts";
import { report } from "./whole.ts";

/**
 * MNIST from beginning to end: reads the files, trains 784-128-10 on all 60,000 images for some epochs of shuffled batches of 64 by
 * Adam, and counts how many of the 10,000 others it gets right. The pixels stay bytes; the program divides them by 255.
 */
const batch = 64;
const chance = new RandomState(1);

/** The same layers for training and for evaluation. */
function program(name: "train" | "evaluate"): Program {
  const b = new ProgramBuilder(name, "float32");
  const pixels = b.input("pixels", ["batch", 784], "uint8");
  const labels = b.target("labels", ["batch"], "int32");
  const initialize = (fanIn: number, fanOut: number): Initial => glorotUniform(fanIn, fanOut);
  const layers = [dense(128, { activation: relu }), dense(10)];
  const layer_0 = b.name("layer_0", b.ops.fromBytes(pixels));
  const prediction = layers.reduce(
    (previous, layer, k) => layer(b, previous, { number: k + 1, initialize, training: name === "train" }),
    layer_0,
  );
  const goal = b.name("goal", b.ops.oneHot(labels, { k: 10 }));
  const loss = categoricalCrossEntropy.append(b, prediction, goal);
  b.metric("loss", loss);
  b.metric("right", b.ops.rightClasses(prediction, goal));
  if (name === "train") adam(1e-3).append(b, b.gradient(loss, { reduce: "mean" }));
  return b.build();
}

const { folder, epochs = 5, engine = "auto", fast = false, threads } = options();
const session = await openSession([program("train"), program("evaluate")], {
  engine,
  fast,
  threads,
  capacity: batch,
  seed: 1,
});
session.load({
  pixels: readIdx(`${folder}/train-images-idx3-ubyte`),
  labels: int32(readIdx(`${folder}/train-labels-idx1-ubyte`)),
});
let loss = 0;
for (let epoch = 0; epoch < epochs; epoch++) {
  const order = chance.permutation(60000);
  loss = session.fit({ epochs: 1, batch, order })[0]!.metrics.loss! / 60000;
}

const images = readIdx(`${folder}/t10k-images-idx3-ubyte`);
const labels = int32(readIdx(`${folder}/t10k-labels-idx1-ubyte`));
session.write({ loss: 0, right: 0 });
for (let from = 0; from < 10000; from += batch) {
  const to = Math.min(10000, from + batch);
  session.write({ pixels: between(images, from, to), labels: between(labels, from, to) });
  session.run({ program: "evaluate" });
}
report({ accuracy: session.read("right").at() / 10000, loss, plan: session.plan() });

/** Some rows of a block; nothing is copied. */
function between(rows: Block, from: number, to: number): Block {
  return {
    ...rows,
    shape: [to - from, ...rows.shape.slice(1)],
    offset: rows.offset + from * rows.strides[0]!,
  };
}

function int32(rows: Block): Block {
  return { ...rows, dtype: "int32", data: Int32Array.from(rows.data.subarray(rows.offset)), offset: 0 };
}
