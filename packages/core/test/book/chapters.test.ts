import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Activation,
  accuracy,
  constant,
  dense,
  halfSquaredError,
  type Loss,
  meanOf,
  type Network,
  network,
  openSession,
  type Program,
  ProgramBuilder,
  type Ref,
  reference,
  relu,
  reluWith,
  type Session,
  sgd,
  squaredError,
  tanh,
  uniform,
} from "../../src/index.ts";
import { runPython } from "../oracle/python.ts";
import { expectSameBits } from "../program/bits.ts";

const images = Array.from({ length: 8 }, (_, row) =>
  Array.from({ length: 12 }, (_, column) => ((row * 31 + column * 57 + row * column * 7) % 256) / 255),
);
const labels = images.map((_, row) => [0, 1, 2].map((column) => Number(row % 3 === column)));
const given = {
  images,
  labels,
  games: [8.5, 9.5, 9.9, 9].map((toes, game) => [
    toes / 10,
    [0.65, 0.8, 0.8, 0.9][game]!,
    [1.2, 1.3, 0.5, 1][game]!,
  ]),
  outcomes: [
    [0.1, 1, 0.1],
    [0, 1, 0],
    [0, 0, 0.1],
    [0.1, 1, 0.2],
  ],
  start: [
    [0.1, 0.1, -0.3],
    [0.1, 0.2, 0],
    [0, 1.3, 0.1],
  ],
  lights: [
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 1],
    [1, 1, 1],
  ],
  walks: [[1], [1], [0], [0]],
  reviews: [
    [0, 3, 5],
    [6, 1, 2],
    [4, 0, 1],
    [2, 5, 3],
  ],
  moods: [1, 0, 0, 1],
  sentences: [
    [0, 3, 5],
    [6, 1, 2],
    [4, 1, 1],
  ],
};

interface Answer {
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly reports: readonly number[];
}
const script = readFileSync(new URL("chapters.py", import.meta.url), "utf8");
const book = JSON.parse(runPython(script, given)) as Record<string, Answer>;

/** Where NumPy's exp and tanh take part, which are not rounded as ours are, rounding is what may differ. */
function expectNear(found: ArrayLike<number>, wanted: readonly number[], what: string): void {
  expect(found.length, what).toBe(wanted.length);
  for (const [k, value] of wanted.entries()) expect(found[k], `${what} ${k}`).toBeCloseTo(value, 10);
}

function expectWeights(from: Network | Session, { weights }: Answer, compare: typeof expectNear): void {
  expect(Object.keys(weights).length).toBeGreaterThan(0);
  for (const [name, wanted] of Object.entries(weights)) compare(from.read(name).toTyped(), wanted, name);
}

describe("chapters without exp or tanh, to the bit", () => {
  const learning = { loss: halfSquaredError, optimizer: sgd(0.1) };

  test("4: one weight", async () => {
    const net = network(1, [dense(1, { bias: false, initialize: constant(0.5) })]);
    const epochs = await net.fit({ inputs: [[2]], targets: [[0.8]] }, { ...learning, epochs: 20 });
    expectSameBits(
      epochs.map(({ metrics }) => metrics.squaredError),
      book.chapter_4!.reports,
    );
    expectWeights(net, book.chapter_4!, expectSameBits);
  });

  test("5: several inputs and outputs", async () => {
    const net = network(3, [dense(3, { bias: false, initialize: { values: given.start.flat() } })]);
    const epochs = await net.fit(
      { inputs: given.games, targets: given.outcomes },
      { ...learning, optimizer: sgd(0.01), epochs: 10 },
    );
    expectSameBits(
      epochs.map(({ metrics }) => metrics.squaredError),
      book.chapter_5!.reports,
    );
    expectWeights(net, book.chapter_5!, expectSameBits);
  });

  test("6: a hidden layer", async () => {
    const net = network(3, [dense(4, { activation: relu, bias: false }), dense(1, { bias: false })], {
      seed: 1,
    });
    const epochs = await net.fit(
      { inputs: given.lights, targets: given.walks },
      { ...learning, optimizer: sgd(0.2), epochs: 15 },
    );
    expectSameBits(
      epochs.map(({ metrics }) => metrics.squaredError),
      book.chapter_6!.reports,
    );
    expectWeights(net, book.chapter_6!, expectSameBits);
  });

  test("8: dropout and batches that are learnt from once for each of their rows", async () => {
    const silenced = {
      activation: reluWith({ derivativeAtZero: 1, of: "output" }),
      bias: false,
      dropout: 0.5,
    };
    const net = network(12, [dense(6, silenced), dense(3, { bias: false })], {
      seed: 1,
      initialize: uniform(-0.1, 0.1),
      chance: "book",
    });
    const program = net.trainer({
      loss: meanOf(halfSquaredError),
      optimizer: sgd(0.01),
      metrics: [squaredError, accuracy],
    });
    expect(`${program}`.split("\n")).toEqual([
      "predict",
      "  layer_1 = relu(layer_0.dot(weights_0_1))",
      "  layer_1 *= layer_1_mask * 2",
      "  layer_2 = layer_1.dot(weights_1_2)",
      "compare",
      "  layer_2_error += np.sum((layer_2 - goal) ** 2)",
      "  layer_2_accuracy += right_classes(layer_2, goal)",
      "backpropagate",
      "  layer_2_delta = (layer_2 - goal) / batch",
      "  layer_1_delta = layer_2_delta.dot(weights_1_2.T) * relu2deriv(layer_1)  # relu2deriv: output >= 0",
      "  layer_1_delta *= layer_1_mask",
      "update",
      "  weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)",
      "  weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)",
    ]);
    const session = await openSession(program, { capacity: 4, seed: 1, chance: "book" });
    const reports: number[] = [];
    for (let epoch = 0; epoch < 6; epoch++) {
      for (const first of [0, 4]) {
        session.write({ layer_0: images.slice(first, first + 4), goal: labels.slice(first, first + 4) });
        session.run({ phase: "predict", batch: 2 * epoch + first / 4 });
        session.run({ phase: "compare", accumulate: first > 0 });
        for (let k = 0; k < 4; k++) {
          session.run("backpropagate");
          session.run("update");
        }
      }
      for (const name of ["layer_2_error", "layer_2_accuracy"])
        reports.push(session.read(name).toTyped()[0]!);
    }
    expectSameBits(reports, book.chapter_8!.reports);
    expectWeights(session, book.chapter_8!, expectSameBits);
    session.close();
  });
});

/** A softmax whose slope is left out: its sum has the delta of its output. */
const plainSoftmax: Activation<never> = (b, sum) =>
  b.derivative(b.ops.softmax(sum), sum, ({ delta }) => delta);
const plainSigmoid: Activation<never> = (b, sum) =>
  b.derivative(b.ops.sigmoid(sum), sum, ({ delta }) => delta);

/** The book divides by the batch twice. */
const twiceMean: Loss<typeof squaredError> = {
  ...halfSquaredError,
  append: (b, prediction, target) => {
    const size = b.ops.multiply(b.rowCount(), b.rowCount());
    const own = b.derivative(b.ops.multiplyByNumber(prediction), prediction, ({ delta }) =>
      b.ops.divideByScalar(delta, size),
    );
    return b.ops.halfSquaredError(own, target);
  },
};

describe("chapters with exp and tanh, to rounding", () => {
  test("9: tanh and its slope of the masked, doubled layer; softmax", async () => {
    const net = network(
      12,
      [
        dense(6, { activation: tanh, bias: false, dropout: 0.5, initialize: uniform(-0.01, 0.01) }),
        dense(3, { activation: plainSoftmax, bias: false, initialize: uniform(-0.1, 0.1) }),
      ],
      { seed: 1, chance: "book" },
    );
    const learning = { loss: twiceMean, optimizer: sgd(2), metrics: [accuracy] };
    const epochs = await net.fit({ inputs: images, targets: labels }, { ...learning, batch: 4, epochs: 8 });
    expect(epochs.map(({ metrics }) => metrics.accuracy * 8)).toEqual(book.chapter_9!.reports);
    expectWeights(net, book.chapter_9!, expectNear);
  });

  test("10: a convolution by hand, with one kernel for all sections", () => {
    const b = new ProgramBuilder("train");
    const layer_0 = b.input("layer_0", ["batch", 12]);
    const goal = b.target("goal", ["batch", 3]);
    const kernels = b.weights("kernels", [4, 2], { uniform: [-0.01, 0.01] });
    const weights_1_2 = b.weights("weights_1_2", [12, 3], { uniform: [-0.1, 0.1] });
    const sections = [0, 1].flatMap((row) =>
      [0, 1, 2].map((column) => [0, 1, 4, 5].map((pixel) => 4 * row + column + pixel)),
    );
    // Which pixels a section takes, and where its numbers stand in the layer: matrices of 0s and 1s.
    const matrix = (
      name: string,
      rows: number,
      columns: number,
      isOne: (row: number, column: number) => boolean,
    ) =>
      b.weights(name, [rows, columns], {
        values: Array.from({ length: rows * columns }, (_, k) =>
          Number(isOne(Math.floor(k / columns), k % columns)),
        ),
      });
    const sum = sections
      .map((pixels, s): Ref => {
        const take = matrix(`take_${s}`, 12, 4, (row, column) => pixels[column] === row);
        const place = matrix(`place_${s}`, 2, 12, (row, column) => column === 2 * s + row);
        return b.ops.matmul(b.ops.matmul(b.ops.matmul(layer_0, take), kernels), place);
      })
      .reduce((left, right) => b.ops.add(left, right));
    const mask = b.noiseBits("mask", 12, 0.5);
    const masked = b.ops.multiply(b.ops.tanh(sum), b.ops.multiplyByNumber(mask, { factor: 2 }));
    const layer_1 = b.name(
      "layer_1",
      b.derivative(masked, sum, ({ delta, output }) =>
        b.ops.multiply(b.ops.multiply(delta, b.ops.tanh2deriv(output)), mask),
      ),
    );
    const layer_2 = b.name("layer_2", plainSoftmax(b, b.ops.matmul(layer_1, weights_1_2)));
    const gradients = b.gradient(twiceMean.append(b, layer_2, goal), { by: [kernels, weights_1_2] });
    const alpha = b.setting("alpha", 0.5);
    b.inUpdate(() => {
      b.update(weights_1_2, b.ops.subtract(weights_1_2, b.ops.scale(alpha, gradients.get(weights_1_2)!)));
      b.update(kernels, b.ops.add(kernels, b.ops.scale(alpha, gradients.get(kernels)!)));
    });
    const session = trained(b.build(), { layer_0: images, goal: labels }, 5, 4);
    expectWeights(session, book.chapter_10!, expectNear);
  });

  test("11: word vectors", () => {
    const b = new ProgramBuilder("train");
    const words = [0, 1, 2].map((k) => b.input(`word_${k}`, ["batch"], "int32"));
    const mood = b.target("mood", ["batch", 1]);
    const weights_0_1 = b.weights("weights_0_1", [7, 3], { uniform: [-0.1, 0.1] });
    const weights_1_2 = b.weights("weights_1_2", [3, 1], { uniform: [-0.1, 0.1] });
    const sum = words
      .map((word) => b.ops.gatherRows(weights_0_1, word))
      .reduce((left, right) => b.ops.add(left, right));
    const layer_1 = b.name("layer_1", plainSigmoid(b, sum));
    const layer_2 = b.name("layer_2", plainSigmoid(b, b.ops.matmul(layer_1, weights_1_2)));
    sgd(0.1).append(b, b.gradient(b.ops.halfSquaredError(layer_2, mood)));
    const columns = words.map((_, k) => [`word_${k}`, given.reviews.map((review) => review[k]!)] as const);
    const data = { ...Object.fromEntries(columns), mood: given.moods.map((each) => [each]) };
    expectWeights(trained(b.build(), data, 6, 1), book.chapter_11!, expectNear);
  });

  test("12: a recurrent network, with the book's own deltas", () => {
    const b = new ProgramBuilder("train");
    const words = [0, 1, 2].map((k) => b.input(`word_${k}`, [1], "int32"));
    const embed = b.weights("embed", [7, 3], { uniform: [-0.05, 0.05] });
    const first = b.weights("first", [1, 3]);
    const recurrent = b.weights("recurrent", [3, 3], { values: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
    const decoder = b.weights("decoder", [3, 7], { uniform: [-0.05, 0.05] });
    const rate = b.setting("rate", 0.05 / words.length);

    const hidden = [first];
    const predictions = words.map((word, k) => {
      const [before, embedded] = [hidden[k]!, b.ops.gatherRows(embed, word)];
      hidden.push(b.name(`hidden_${k}`, b.ops.add(b.ops.matmul(before, recurrent), embedded)));
      return b.name(`prediction_${k}`, b.ops.softmax(b.ops.matmul(before, decoder)));
    });
    // The book hands the delta of a prediction to the word that is predicted, so derivatives are written out here.
    b.inUpdate(() => {
      const misses = words.map((word, k) => b.ops.subtract(predictions[k]!, b.ops.oneHot(word, { k: 7 })));
      const deltas: Ref[] = [];
      for (let k = words.length; k >= 0; k--) {
        const later = deltas[0] && b.ops.matmul(deltas[0], b.ops.transpose(recurrent));
        const own = k > 0 ? b.ops.matmul(misses[k - 1]!, b.ops.transpose(decoder)) : undefined;
        deltas.unshift(own && later ? b.ops.add(own, later) : (own ?? later)!);
      }
      const moves: [Ref, Ref[]][] = [
        [first, [deltas[0]!]],
        [decoder, words.map((_, k) => b.ops.matmul(b.ops.transpose(hidden[k]!), misses[k]!))],
        [embed, words.map((word, k) => b.ops.scatterRows(deltas[k]!, word, { v: 7 }))],
        [recurrent, words.map((_, k) => b.ops.matmul(b.ops.transpose(hidden[k]!), deltas[k + 1]!))],
      ];
      for (const [array, steps] of moves.reverse())
        b.update(
          array,
          steps.reduce((from, step) => b.ops.subtract(from, b.ops.scale(rate, step)), array),
        );
    });
    const session = reference.open(b.build(), { seed: 1 });
    for (let epoch = 0; epoch < 4; epoch++)
      for (const sentence of given.sentences) {
        session.write(Object.fromEntries(sentence.map((word, k) => [`word_${k}`, [word]])));
        session.run();
      }
    expectWeights(session, book.chapter_12!, expectNear);
  });
});

function trained(program: Program, data: Record<string, unknown>, epochs: number, batch: number): Session {
  const session = reference.open(program, { capacity: batch, seed: 1, chance: "book" });
  session.load(data as never);
  session.fit({ epochs, batch });
  return session;
}
