import { expect, test } from "vitest";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { heNormal } from "../../src/layers/initializers.ts";
import { categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { network } from "../../src/network/network.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { cosineDecay } from "../../src/train/schedules.ts";
import { countWrong, oneHot } from "./classes.ts";
import { firstDigits } from "./mnist.ts";

/**
 * Published: a plain network that learns from 1,000 labels alone has 10.7 % of the 10,000 test images wrong (Rifai and
 * others 2011, "The manifold tangent classifier", NIPS, as NN among the methods compared on 100 to 3,000 labels; Kingma
 * and others 2014, "Semi-supervised learning with deep generative models", give it again). Here with the first 1,000
 * images, one hidden layer and dropout, the seeds 1 to 5 have 9.84, 10.56, 10.60, 10.43 and 10.53 %. Width, rate,
 * dropout and epochs were chosen by the training images from 50,000 on.
 */
const published = 1070;

const epochs = 10;

test("MNIST's first 1,000 images teach no fewer of the 10,000 test images than published", async () => {
  const seen = firstDigits("train", 1000);
  const unseen = firstDigits("t10k", 10_000);
  const net = network(784, [dense(128, { activation: relu, dropout: 0.3 }), dense(10)], {
    seed: 1,
    initialize: heNormal,
  });
  await net.fit(
    { inputs: seen.images, targets: oneHot(seen.labels, 10) },
    {
      loss: meanOf(categoricalCrossEntropy),
      optimizer: adam(cosineDecay(0.006, { epochs })),
      batch: 16,
      shuffle: true,
      epochs,
    },
  );
  expect(countWrong(await net.predict(unseen.images), unseen.labels)).toBeLessThanOrEqual(published);
}, 600_000);
