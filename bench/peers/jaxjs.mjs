import { createRequire } from "node:module";
import { readArrays, weightNames } from "../dist/contenders/arrays.js";
import { options, serve } from "../dist/contenders/serve.js";

/**
 * jax-js as its documentation writes it: one jitted step, references handed on instead of kept. Batches are cut once. Steps are
 * waited for a few at a time: work that is only queued keeps its arrays, which is slower too.
 */
const stepsAtOnce = 4;
if (options().threads > 1) globalThis.Worker = (await import("./workers.mjs")).Worker;
const { blockUntilReady, init, jit, nn, numpy: np, tree, valueAndGrad } = await import("@jax-js/jax");
await init("wasm");

const arrayOf = ({ shape, data }) =>
  np.array(data, { dtype: data instanceof Int32Array ? np.int32 : np.float32 }).reshape(shape);

async function mlp({ data, sizes, rows, batch, rate }) {
  const arrays = readArrays(data);
  const names = weightNames(sizes.length - 1);
  const classes = sizes.at(-1);
  const inputs = arrayOf(arrays.inputs);
  const targets = nn.oneHot(arrayOf(arrays.labels), classes);
  const batches = [];
  for (let at = 0; at < rows; at += batch)
    batches.push([inputs.ref.slice([at, at + batch]), targets.ref.slice([at, at + batch])]);
  inputs.dispose();
  targets.dispose();
  await blockUntilReady(tree.ref(batches));

  const predict = (weights, x) =>
    weights.reduce((layer, { w, b }, k) => {
      const sum = np.dot(layer, w).add(b);
      return k < weights.length - 1 ? nn.relu(sum) : sum;
    }, x);
  const lossOf = (weights, x, y) =>
    nn
      .logSoftmax(predict(weights, x))
      .mul(y)
      .sum()
      .mul(-1 / batch);
  const step = jit((weights, total, x, y) => {
    const [loss, gradient] = valueAndGrad(lossOf)(tree.ref(weights), x, y);
    return [tree.map((weight, slope) => weight.sub(slope.mul(rate)), weights, gradient), total.add(loss)];
  });

  let weights;
  return {
    reset: async () => {
      if (weights) tree.dispose(weights);
      weights = sizes.slice(1).map((_, k) => ({
        w: arrayOf(arrays[names[2 * k]]),
        b: arrayOf(arrays[names[2 * k + 1]]),
      }));
      await blockUntilReady(tree.ref(weights));
    },
    run: async (times) => {
      let total;
      for (let time = 0; time < times; time++) {
        total?.dispose();
        total = np.array(0);
        for (const [k, [x, y]] of batches.entries()) {
          [weights, total] = step(weights, total, x.ref, y.ref);
          if (k % stepsAtOnce === 0) await blockUntilReady(total.ref);
        }
      }
      await blockUntilReady(tree.ref(weights));
      return (await total.jsAsync()) / batches.length;
    },
    result: () => Promise.all(weights.flatMap(({ w, b }) => [w.ref.data(), b.ref.data()])),
    close: () => tree.dispose([batches, weights]),
  };
}

/** In float32, though jax-js has float64: of its functions only some are. */
async function lights({ data, epochs, alpha }) {
  const arrays = readArrays(data);
  const float32 = ({ shape, data }) => np.array(new Float32Array(data)).reshape(shape);
  const inputs = float32(arrays.inputs);
  const targets = float32(arrays.targets);
  const rows = arrays.targets.shape[0];
  const examples = [];
  for (let at = 0; at < rows; at++)
    examples.push([inputs.ref.slice([at, at + 1]), targets.ref.slice([at, at + 1])]);
  const errorOf = ([w01, w12], x, goal) =>
    np
      .square(np.dot(nn.relu(np.dot(x, w01)), w12).sub(goal))
      .sum()
      .mul(0.5);
  const step = jit((weights, error, x, goal) => {
    const [half, gradient] = valueAndGrad(errorOf)(tree.ref(weights), x, goal);
    return [
      tree.map((weight, slope) => weight.sub(slope.mul(alpha)), weights, gradient),
      error.add(half.mul(2)),
    ];
  });
  let weights = [];
  return {
    reset: () => {},
    run: async (times) => {
      let result;
      for (let time = 0; time < times; time++) {
        tree.dispose(weights);
        weights = [float32(arrays.weights_0_1), float32(arrays.weights_1_2)];
        let error;
        for (let epoch = 0; epoch < epochs; epoch++) {
          error?.dispose();
          error = np.array(0);
          for (const [x, goal] of examples) [weights, error] = step(weights, error, x.ref, goal.ref);
          await blockUntilReady(error.ref);
        }
        result = await error.jsAsync();
      }
      return result;
    },
    result: () => Promise.all(weights.map((each) => each.ref.data())),
    close: () => tree.dispose([examples, weights]),
  };
}

async function product({ data }) {
  const { left, right } = readArrays(data);
  const operands = [arrayOf(left), arrayOf(right)];
  const dot = jit((a, b) => np.dot(a, b));
  let out = np.array(0);
  return {
    reset: () => {},
    run: async (times) => {
      for (let time = 0; time < times; time++) {
        out.dispose();
        out = dot(operands[0].ref, operands[1].ref);
        await blockUntilReady(out.ref);
      }
      return 0;
    },
    result: async () => [await out.ref.data()],
    close: () => tree.dispose([operands, out]),
  };
}

const { version } = createRequire(import.meta.url)("../node_modules/@jax-js/jax/package.json");
const kinds = { mlp, lights, product };
await serve({ "jax-js": version }, (spec) => kinds[spec.kind](spec));
