import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { readIdx } from "../dist/contenders/idx.js";
import { options } from "../dist/contenders/serve.js";
import { report } from "../dist/contenders/whole.js";

/** MNIST with TensorFlow.js, from beginning to end: a layers model and its `fit`, on the WASM backend. */
const { folder, epochs } = options();
setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");
await tf.ready();

const numbers = (name) => readIdx(`${folder}/${name}`).data;
const images = (name) => {
  const pixels = Float32Array.from(numbers(`${name}-images-idx3-ubyte`));
  return tf.tidy(() => tf.tensor2d(pixels, [pixels.length / 784, 784]).div(255));
};
const labels = (name) =>
  tf.tidy(() => tf.oneHot(tf.tensor1d(numbers(`${name}-labels-idx1-ubyte`), "int32"), 10).toFloat());

const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: 128, activation: "relu", inputShape: [784] }),
    tf.layers.dense({ units: 10 }),
  ],
});
model.compile({
  optimizer: tf.train.adam(1e-3),
  loss: (target, prediction) => tf.losses.softmaxCrossEntropy(target, prediction),
});
const how = { batchSize: 64, epochs, shuffle: true, verbose: 0, yieldEvery: "never" };
const { history } = await model.fit(images("train"), labels("train"), how);
const predicted = model.predict(images("t10k"), { batchSize: 1000 }).argMax(1).dataSync();
const expected = numbers("t10k-labels-idx1-ubyte");
const right = expected.reduce((sum, label, k) => sum + (label === predicted[k] ? 1 : 0), 0);
report({ accuracy: right / 10000, loss: history.loss.at(-1), versions: { tfjs: tf.version.tfjs } });
