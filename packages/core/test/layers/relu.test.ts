import { expect, it } from "vitest";
import { type ReluOptions, relu, reluWith } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { constant } from "../../src/layers/initializers.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";

/** Which of four units, of sums −1, −0, 0 and 1, one update reaches. */
async function reached(activation: typeof relu): Promise<boolean[]> {
  const net = network(4, [dense(4, { activation, bias: false }), dense(1, { bias: false })], {
    initialize: constant(1),
  });
  const sums = [-1, -0, 0, 1];
  const diagonal = sums.map((sum, row) => sums.map((_, column) => (row === column ? sum : 0)));
  net.write("weights_0_1", diagonal);
  const data = { inputs: [[1, 1, 1, 1]], targets: [[5]] };
  await net.fit(data, { loss: halfSquaredError, optimizer: sgd(1), epochs: 1 });
  const moved = net.read("weights_0_1").toArray() as number[][];
  return sums.map((sum, unit) => moved[unit]![unit] !== sum);
}

it.each<[ReluOptions | undefined, boolean[]]>([
  [undefined, [false, false, false, true]],
  [{}, [false, false, false, true]],
  [{ derivativeAtZero: 1 }, [false, true, true, true]],
  [{ derivativeAtZero: 1, of: "sum" }, [false, true, true, true]],
  // The book's output >= 0, which holds for every unit.
  [{ of: "output" }, [true, true, true, true]],
  [{ of: "output", derivativeAtZero: 1 }, [true, true, true, true]],
  [{ of: "output", derivativeAtZero: 0 }, [false, false, false, true]],
])("reluWith(%j) lets these units pass", async (options, units) => {
  expect(await reached(reluWith(options))).toEqual(units);
});

it("relu is that of no options", async () => {
  expect(await reached(relu)).toEqual(await reached(reluWith()));
});

it("reluWith refuses options that there are not", () => {
  expect(() => reluWith({ of: "outputs" as never })).toThrow(
    new RangeError('reluWith: of is "outputs", but must be "sum" or "output"'),
  );
  expect(() => reluWith({ derivativeAtZero: 0.5 as never })).toThrow(
    new RangeError("reluWith: derivativeAtZero is 0.5, but must be 0 or 1"),
  );
});
