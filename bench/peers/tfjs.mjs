import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { readArrays, weightNames } from "../dist/contenders/arrays.js";
import { options, serve } from "../dist/contenders/serve.js";

/**
 * TensorFlow.js, in three variants: `fit` of a layers model, `minimize` by an optimizer of ops on variables, and `hand`, the
 * derivatives written down with fused ops.
 */
const { backend, variant } = options();
if (backend === "wasm") {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(main)}/`);
}
await tf.setBackend(backend);
await tf.ready();

const tensorOf = ({ shape, data }) =>
  tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32");

function mlp(spec) {
  const { data, sizes } = spec;
  const arrays = readArrays(data);
  const initial = weightNames(sizes.length - 1).map((name) => tensorOf(arrays[name]));
  const inputs = tensorOf(arrays.inputs);
  const targets = tf.tidy(() => tf.oneHot(tensorOf(arrays.labels), sizes.at(-1)).toFloat());
  return variant === "fit" ? byFit(spec, initial, inputs, targets) : byOps(spec, initial, inputs, targets);
}

function byFit({ sizes, batch, rate }, initial, inputs, targets) {
  const last = sizes.length - 2;
  const layers = sizes.slice(1).map((units, k) =>
    tf.layers.dense({
      units,
      ...(k === 0 ? { inputShape: [sizes[0]] } : {}),
      ...(k < last ? { activation: "relu" } : {}),
    }),
  );
  const model = tf.sequential({ layers });
  model.compile({
    optimizer: tf.train.sgd(rate),
    loss: (target, prediction) => tf.losses.softmaxCrossEntropy(target, prediction),
  });
  return {
    reset: () => model.setWeights(initial),
    run: async (times) => {
      const how = { batchSize: batch, epochs: times, shuffle: false, verbose: 0, yieldEvery: "never" };
      const { history } = await model.fit(inputs, targets, how);
      return history.loss.at(-1);
    },
    result: () => Promise.all(model.getWeights().map((each) => each.data())),
    close: () => tf.dispose([model, inputs, targets, initial]),
  };
}

function byOps({ sizes, rows, batch, rate }, initial, inputs, targets) {
  const variables = initial.map((each) => tf.variable(each));
  const batches = [];
  for (let at = 0; at < rows; at += batch)
    batches.push([inputs.slice([at, 0], [batch, sizes[0]]), targets.slice([at, 0], [batch, sizes.at(-1)])]);
  const optimizer = tf.train.sgd(rate);
  const lossOf = (x, y) => {
    let layer = x;
    for (let k = 0; k < variables.length; k += 2) {
      layer = layer.matMul(variables[k]).add(variables[k + 1]);
      if (k + 2 < variables.length) layer = layer.relu();
    }
    return tf.losses.softmaxCrossEntropy(y, layer);
  };
  const minimize = (x, y) => optimizer.minimize(() => lossOf(x, y), true);
  const hand = (x, y) => handStep(variables, x, y, rate);
  const step = variant === "hand" ? hand : minimize;
  return {
    reset: () => {
      for (const [k, variable] of variables.entries()) variable.assign(initial[k]);
    },
    run: async (times) => {
      let total;
      for (let time = 0; time < times; time++) {
        total?.dispose();
        total = tf.scalar(0);
        for (const [x, y] of batches) {
          const next = tf.tidy(() => total.add(step(x, y)));
          total.dispose();
          total = next;
        }
      }
      const [loss] = await total.data();
      total.dispose();
      return loss / batches.length;
    },
    result: () => Promise.all(variables.map((each) => each.data())),
    close: () => tf.dispose([variables, batches, inputs, targets, initial]),
  };
}

function handStep(variables, x, y, rate) {
  const layers = [x];
  for (let k = 0; k < variables.length; k += 2) {
    const activation = k + 2 < variables.length ? "relu" : "linear";
    layers.push(tf.fused.matMul({ a: layers.at(-1), b: variables[k], bias: variables[k + 1], activation }));
  }
  const log = tf.logSoftmax(layers.at(-1));
  const loss = log
    .mul(y)
    .sum()
    .mul(-1 / x.shape[0]);
  let delta = log
    .exp()
    .sub(y)
    .mul(rate / x.shape[0]);
  for (let k = variables.length - 2; k >= 0; k -= 2) {
    const source = layers[k / 2];
    const before = k > 0 ? tf.matMul(delta, variables[k], false, true).mul(source.step()) : undefined;
    variables[k].assign(variables[k].sub(tf.matMul(source, delta, true, false)));
    variables[k + 1].assign(variables[k + 1].sub(delta.sum(0)));
    delta = before;
  }
  return loss;
}

/** In float32: TensorFlow.js has no float64. */
function lights({ data, epochs, alpha }) {
  const arrays = readArrays(data);
  const tensors = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(new Float32Array(data), shape)]),
  );
  const initial = [tensors.weights_0_1, tensors.weights_1_2];
  const [w01, w12] = initial.map((each) => tf.variable(each));
  const rows = arrays.targets.shape[0];
  const examples = Array.from({ length: rows }, (_, at) => [
    tensors.inputs.slice([at, 0], [1, 3]),
    tensors.targets.slice([at, 0], [1, 1]),
  ]);
  const optimizer = tf.train.sgd(alpha);
  const step = (x, goal) => {
    const half = optimizer.minimize(
      () => tf.square(x.matMul(w01).relu().matMul(w12).sub(goal)).sum().mul(0.5),
      true,
    );
    return half.mul(2);
  };
  return {
    reset: () => {},
    run: (times) => {
      let error = 0;
      for (let time = 0; time < times; time++) {
        w01.assign(initial[0]);
        w12.assign(initial[1]);
        for (let epoch = 0; epoch < epochs; epoch++)
          error = tf.tidy(
            () => examples.reduce((sum, [x, goal]) => sum.add(step(x, goal)), tf.scalar(0)).dataSync()[0],
          );
      }
      return error;
    },
    result: () => Promise.all([w01.data(), w12.data()]),
    close: () => tf.dispose([tensors, examples, w01, w12]),
  };
}

function product({ data }) {
  const { left, right } = readArrays(data);
  const [a, b] = [tensorOf(left), tensorOf(right)];
  let out = tf.scalar(0);
  return {
    reset: () => {},
    run: async (times) => {
      for (let time = 0; time < times; time++) {
        out.dispose();
        out = tf.matMul(a, b);
      }
      await out.data();
      return 0;
    },
    result: async () => [await out.data()],
    close: () => tf.dispose([a, b, out]),
  };
}

const kinds = { mlp, lights, product };
/** The backend is named in the versions, since its speed hangs on what it found. */
async function versions() {
  if (backend === "cpu") return { tfjs: tf.version.tfjs };
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return { tfjs: tf.version.tfjs, backend: simd ? "wasm with SIMD" : "wasm without SIMD" };
}

await serve(await versions(), (spec) => kinds[spec.kind](spec));
