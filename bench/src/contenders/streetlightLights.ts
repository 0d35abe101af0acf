import {
  dense,
  halfSquaredError,
  leakyRelu,
  network,
  openSession,
  relu,
  sgd,
  uniform,
} from "@streetlight/core";
import type { LightsSpec, Options } from "../protocol.ts";
import { readArrays, type Stored } from "./arrays.ts";
import type { Job } from "./serve.ts";
import { blockOf, engineOf } from "./streetlightMlp.ts";

const weights = ["weights_0_1", "weights_1_2"] as const;

/**
 * The chapter's first deep network, one training after another. Variants: `session` writes the weights and calls `fit` of an
 * open session, `train` goes through the network's async iterator. `again` builds everything from the layers on for each training,
 * the weights drawn from their seed; `anew` does so for a program that the process has never compiled.
 */
export async function lights(spec: LightsSpec, given: Options): Promise<Job> {
  const arrays = readArrays(spec.data);
  return given.variant === "train"
    ? byTrain(spec, arrays, given)
    : given.variant === "again" || given.variant === "anew"
      ? fromLayers(spec, arrays, given)
      : bySession(spec, arrays, given);
}

function build(given: Options, activation = relu) {
  return network(3, [dense(4, { activation, bias: false }), dense(1, { bias: false })], {
    seed: 1,
    initialize: uniform(-1, 1),
    ...engineOf(given),
  });
}

async function bySession(
  { epochs, alpha }: LightsSpec,
  arrays: Record<string, Stored>,
  given: Options,
): Promise<Job> {
  const program = build(given).trainer({ loss: halfSquaredError, optimizer: sgd(alpha) });
  const session = await openSession(program, { ...engineOf(given), seed: 1 });
  session.load({ layer_0: blockOf(arrays.inputs!), goal: blockOf(arrays.targets!) });
  const initial = Object.fromEntries(weights.map((name) => [name, blockOf(arrays[name]!)]));
  const loop = { epochs, batch: 1 };
  return {
    plan: session.plan(),
    reset: () => {},
    run: (times) => {
      let error = 0;
      for (let time = 0; time < times; time++) {
        session.write(initial);
        error = session.fit(loop).at(-1)!.metrics.layer_2_error!;
      }
      return error;
    },
    result: () => weights.map((name) => session.read(name).data),
    close: () => session.close(),
  };
}

function byTrain({ epochs, alpha }: LightsSpec, arrays: Record<string, Stored>, given: Options): Job {
  const net = build(given);
  const data = { inputs: blockOf(arrays.inputs!), targets: blockOf(arrays.targets!) };
  const initial = weights.map((name) => [name, blockOf(arrays[name]!)] as const);
  const training = { loss: halfSquaredError, optimizer: sgd(alpha), epochs, fresh: true };
  return {
    reset: () => {},
    run: async (times) => {
      let error = 0;
      for (let time = 0; time < times; time++) {
        for (const [name, numbers] of initial) net.write(name, numbers);
        for await (const epoch of net.train(data, training)) error = epoch.metrics.squaredError;
      }
      return error;
    },
    result: () => weights.map((name) => net.read(name).data),
    close: () => {},
  };
}

function fromLayers({ epochs, alpha }: LightsSpec, arrays: Record<string, Stored>, given: Options): Job {
  const data = { inputs: blockOf(arrays.inputs!), targets: blockOf(arrays.targets!) };
  let trainings = 0;
  // A slope that no double beside it shows makes another program each time, which is still a relu but for the last bits.
  const next = () =>
    given.variant === "again"
      ? build(given)
      : build(given, leakyRelu(2 ** -60 * (1 + trainings++ * 2 ** -40)));
  let net = next();
  return {
    reset: () => {},
    run: async (times) => {
      let error = 0;
      for (let time = 0; time < times; time++) {
        net = next();
        const report = await net.fit(data, { loss: halfSquaredError, optimizer: sgd(alpha), epochs });
        error = report.at(-1)!.metrics.squaredError;
      }
      return error;
    },
    result: () => weights.map((name) => net.read(name).data),
    close: () => {},
  };
}
