import { readIdx } from "../dist/contenders/idx.js";
import { options } from "../dist/contenders/serve.js";
import { report } from "../dist/contenders/whole.js";

/** MNIST with jax-js, from beginning to end: one jitted step, which makes numbers of a batch's bytes, and Adam in it. */
const { folder, epochs, threads } = options();
if (threads > 1) globalThis.Worker = (await import("./workers.mjs")).Worker;
const { blockUntilReady, init, jit, nn, numpy: np, random, tree, valueAndGrad } = await import("@jax-js/jax");
await init("wasm");

const batch = 64;
const { data: pixels } = readIdx(`${folder}/train-images-idx3-ubyte`);
const { data: labels } = readIdx(`${folder}/train-labels-idx1-ubyte`);

/** Rows of a batch as they are handed to jax-js, which has no bytes. */
function gathered(rows) {
  const x = new Float32Array(rows.length * 784);
  for (const [k, row] of rows.entries()) x.set(pixels.subarray(row * 784, (row + 1) * 784), k * 784);
  return [
    np.array(x).reshape([rows.length, 784]),
    np.array(
      Int32Array.from(rows, (row) => labels[row]),
      { dtype: np.int32 },
    ),
  ];
}

const [first, second] = random.split(random.key(1), 2);
const glorot = (key, into, units) => {
  const limit = Math.sqrt(6 / (into + units));
  return random.uniform(key, [into, units], { minval: -limit, maxval: limit });
};
let weights = [glorot(first, 784, 128), np.zeros([128]), glorot(second, 128, 10), np.zeros([10])];

const predict = ([w1, b1, w2, b2], x) => {
  const hidden = nn.relu(np.dot(x.mul(1 / 255), w1).add(b1));
  return np.dot(hidden, w2).add(b2);
};
const lossOf = (weights, x, y) => {
  const rows = x.shape[0];
  return nn
    .logSoftmax(predict(weights, x))
    .mul(nn.oneHot(y, 10))
    .sum()
    .mul(-1 / rows);
};
const step = jit((weights, means, squares, total, rate, correction, x, y) => {
  const rows = x.shape[0];
  const [loss, slopes] = valueAndGrad(lossOf)(tree.ref(weights), x, y);
  const nextMeans = means.map((mean, k) => mean.mul(0.9).add(slopes[k].ref.mul(0.1)));
  const nextSquares = squares.map((square, k) => square.mul(0.999).add(np.square(slopes[k]).mul(0.001)));
  const nextWeights = weights.map((weight, k) =>
    weight.sub(nextMeans[k].ref.mul(rate.ref).div(np.sqrt(nextSquares[k].ref).mul(correction.ref).add(1e-8))),
  );
  tree.dispose([rate, correction]);
  return [nextWeights, nextMeans, nextSquares, total.add(loss.mul(rows))];
});

let means = weights.map((each) => np.zeros(each.shape));
let squares = weights.map((each) => np.zeros(each.shape));
let total;
let steps = 0;
const order = Uint32Array.from({ length: 60000 }, (_, k) => k);
for (let epoch = 0; epoch < epochs; epoch++) {
  shuffle(order);
  total?.dispose();
  total = np.array(0);
  for (let from = 0; from < order.length; from += batch) {
    steps++;
    const rate = np.array(1e-3 / (1 - 0.9 ** steps));
    const correction = np.array(1 / Math.sqrt(1 - 0.999 ** steps));
    const [x, y] = gathered(order.subarray(from, from + batch));
    [weights, means, squares, total] = step(weights, means, squares, total, rate, correction, x, y);
    // Work that is only queued keeps its arrays, and is slower too.
    if (steps % 4 === 0) await blockUntilReady(total.ref);
  }
}
const loss = (await total.jsAsync()) / order.length;

const { data: testPixels } = readIdx(`${folder}/t10k-images-idx3-ubyte`);
const { data: testLabels } = readIdx(`${folder}/t10k-labels-idx1-ubyte`);
const predicted = jit((weights, x) => np.argmax(predict(weights, x), 1));
let right = 0;
for (let from = 0; from < 10000; from += 1000) {
  const x = np
    .array(Float32Array.from(testPixels.subarray(from * 784, (from + 1000) * 784)))
    .reshape([1000, 784]);
  const classes = await predicted(tree.ref(weights), x).data();
  for (let k = 0; k < 1000; k++) if (Number(classes[k]) === testLabels[from + k]) right++;
}
const { version } = await import("../node_modules/@jax-js/jax/package.json", { with: { type: "json" } }).then(
  ({ default: found }) => found,
);
report({ accuracy: right / 10000, loss, versions: { "jax-js": version } });

/** Fisher and Yates. */
function shuffle(numbers) {
  for (let k = numbers.length - 1; k > 0; k--) {
    const other = Math.floor(Math.random() * (k + 1));
    [numbers[k], numbers[other]] = [numbers[other], numbers[k]];
  }
}
