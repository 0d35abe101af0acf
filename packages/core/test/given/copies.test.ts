import { expect, test } from "vitest";
import * as c from "../../src/index.ts";

const options = { loss: c.halfSquaredError, optimizer: c.sgd(0.1), epochs: 3 };
const make = () => ({
  inputs: Float64Array.of(1, 2, 3),
  targets: Float64Array.of(2, 4, 6),
  validation: { inputs: Float64Array.of(4, 5), targets: Float64Array.of(8, 10) },
});

/** Trains, and after the call and after each epoch spoils one of the arrays. */
async function trained(spoil: (data: ReturnType<typeof make>) => void) {
  const net = c.network(1, [c.dense(1)]);
  const { validation, ...examples } = make();
  const data = { ...examples, validation };
  const reports: unknown[] = [];
  const epochs = net.train(examples, { ...options, validation });
  const first = epochs.next();
  spoil(data);
  for (let next = await first; !next.done; next = await epochs.next()) {
    reports.push(next.value);
    spoil(data);
  }
  return [reports, net.read("weights_0_1").toArray()];
}

test("what a caller does to the data of a training that runs changes nothing", async () => {
  const right = await trained(() => {});
  expect(await trained(({ inputs }) => inputs.fill(9))).toEqual(right);
  expect(await trained(({ targets }) => targets.fill(9))).toEqual(right);
  expect(await trained(({ validation }) => validation.inputs.fill(9))).toEqual(right);
  expect(await trained(({ validation }) => validation.targets.fill(Number.NaN))).toEqual(right);
});

test("nor to those of a trace: data, order, settings and start", async () => {
  const program = c.network(1, [c.dense(1)]).trainer(options);
  const given = () => ({
    data: { layer_0: c.array([[1], [2], [3]]) as c.NumericArray, goal: c.array([[2], [4], [6]]) },
    order: Int32Array.of(2, 0, 1),
    alpha: [0.1, 0.2, 0.3, 0.1, 0.2, 0.3],
    start: { weights_0_1: c.array([[0.5]]), bias_1: c.array([0]) },
  });
  const recorded = ({ data, order, alpha, start }: ReturnType<typeof given>) =>
    c.Trace.record({ program, data, loop: { epochs: 2, order, settings: { alpha } }, seed: 1, start });
  const walked = (trace: c.Trace) => {
    trace.seek({ epoch: 0 });
    trace.forward("batch");
    return [trace.read("layer_0")?.toArray(), trace.read("weights_0_1")?.toArray()];
  };
  const right = walked(recorded(given()));
  const later = given();
  const trace = recorded(later);
  later.data.layer_0.assign(9);
  later.data.goal.assign(9);
  later.order.fill(0);
  later.alpha.fill(9);
  later.start.weights_0_1.assign(9);
  expect(walked(trace)).toEqual(right);
});

test("nor to the list of a seed", async () => {
  const seed = [1, 2];
  const net = c.network(1, [c.dense(1)], { seed });
  seed[0] = 7;
  expect(net.seed).toEqual([1, 2]);
});
