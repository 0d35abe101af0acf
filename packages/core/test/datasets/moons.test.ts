import { expect, test } from "vitest";
import { array, wrap } from "../../src/array/create.ts";
import { RandomState } from "../../src/array/randomState.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { heNormal } from "../../src/layers/initializers.ts";
import { binaryCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { network } from "../../src/network/network.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { cosineDecay } from "../../src/train/schedules.ts";
import { distance } from "../oracle/distance.ts";
import { standardised } from "./classes.ts";
import { bestShare, makeMoons, type Points } from "./moons.ts";

const epochs = 40;

/** The share of unseen points on the right side, after a training on others. */
async function learn(seen: Points, unseen: Points, seed: number): Promise<number> {
  const hidden = () => dense(16, { activation: relu });
  const net = network(2, [hidden(), hidden(), dense(1)], { seed, initialize: heNormal });
  const optimizer = adam(cosineDecay(0.02, { epochs }));
  await net.fit(
    { inputs: seen.inputs, targets: seen.labels },
    { loss: meanOf(binaryCrossEntropy), optimizer, batch: 20, shuffle: true, epochs },
  );
  const sums = await net.predict(unseen.inputs);
  return wrap(sums).flatten().greater(0).equal(unseen.labels).mean();
}

function rowsOf({ inputs, labels }: Points, rows: readonly number[]): Points {
  return { inputs: rows.map((row) => inputs[row]!), labels: rows.map((row) => labels[row]!) };
}

test("the moons are scikit-learn's", () => {
  // Of make_moons(10, noise=0.1, random_state=3) in scikit-learn 1.2.1, the first two points and all labels.
  const { inputs, labels } = makeMoons(10, 0.1, 3);
  const first = [-0.04600421206626837, 0.49420791594056446, -0.7922425862887171, -0.06013124761891284];
  expect(distance(inputs.slice(0, 2).flat(), first)).toBeLessThan(1e-15);
  expect(labels).toEqual([1, 0, 0, 0, 1, 1, 1, 0, 0, 1]);
});

/**
 * Published: 0.90 for the neural network on the first data of scikit-learn's example "Classifier comparison", moons with
 * a noise of 0.3, of which 60 points are learnt and 40 tested. Here on the same points in the same parts: 0.925 or 0.95
 * from the seeds 1 to 10.
 */
test("on the points of scikit-learn's comparison as good as its neural network", async () => {
  const { inputs, labels } = makeMoons(100, 0.3, 0);
  const points = { inputs: standardised(array(inputs)).toArray() as [number, number][], labels };
  // train_test_split(test_size=0.4, random_state=42)
  const order = Array.from(new RandomState(42).permutation(100).data);
  const [unseen, seen] = [rowsOf(points, order.slice(0, 40)), rowsOf(points, order.slice(40))];
  for (const seed of [1, 2, 3]) expect(await learn(seen, unseen, seed)).toBeGreaterThanOrEqual(0.9);
});

/**
 * Where the best there can be is known, it takes the place of a published run: 99.8 to 100 % of the points at a noise of
 * 0.1, 96.2 to 97.4 % at 0.2. On the data of seeds 0 to 5, with two starts each, the network is at most 0.8 % behind.
 */
test.each([0.1, 0.2])(
  "noise %f: 500 points teach what can be known of 500 others, to one in a hundred",
  async (noise) => {
    for (const seed of [0, 1, 2]) {
      const points = makeMoons(1000, noise, seed);
      const rows = Array.from({ length: 1000 }, (_, row) => row);
      const [seen, unseen] = [rowsOf(points, rows.slice(0, 500)), rowsOf(points, rows.slice(500))];
      expect(await learn(seen, unseen, 1)).toBeGreaterThanOrEqual(bestShare(unseen, noise) - 0.01);
    }
  },
);
