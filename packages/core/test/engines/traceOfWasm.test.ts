import { test } from "vitest";
import type { NumericArray } from "../../src/array/numericArray.ts";
import { RandomState } from "../../src/array/randomState.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { relu } from "../../src/layers/activations.ts";
import { batchNorm } from "../../src/layers/batchNorm.ts";
import { dense } from "../../src/layers/dense.ts";
import { categoricalCrossEntropy } from "../../src/losses/crossEntropy.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { network } from "../../src/network/network.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { Trace } from "../../src/trace/trace.ts";
import { expectSameBits } from "../program/bits.ts";

/** A training with everything that is drawn, carried over or left over: dropout, running statistics, a partial batch. */
function score(precision: "float64" | "float32") {
  const net = network(5, [dense(9, { activation: relu, dropout: 0.5 }), batchNorm(), dense(3)], {
    precision,
    seed: 4,
  });
  const program = net.trainer({ loss: meanOf(categoricalCrossEntropy), optimizer: adam(0.01) });
  const chance = new RandomState(8);
  const data: Record<string, NumericArray> = {
    layer_0: chance.uniform(-1, 1, [18, 5]),
    goal: chance.uniform(0, 1, [18, 3]),
  };
  return { program, data, loop: { epochs: 4, batch: 8 }, seed: 4 };
}

/** The rows of a batch that the training visits in order. */
function rowsOf(data: Readonly<Record<string, NumericArray>>, place: number) {
  return Object.fromEntries(
    Object.entries(data).map(([name, numbers]) => [
      name,
      numbers.slice([8 * place, Math.min(18, 8 * place + 8)]),
    ]),
  );
}

test.each(["float64", "float32"] as const)(
  "what WASM trains in %s, a trace shows at any step",
  (precision) => {
    const { program, data, loop, seed } = score(precision);
    const trace = Trace.record({ program, data, loop, seed });
    const { arrays, steps } = program.data;
    const session = wasm.open(program, { capacity: 8, seed, keep: "all" });
    session.load(data);
    let next = 0;
    for (const number of [0, 1, 2, 5, 11]) {
      session.fit({ batch: 8, from: next, to: number });
      const place = trace.placeOf(number);
      trace.seek({ ...place, step: 0 });
      for (const { name, role } of arrays)
        if (role === "weights" || role === "state")
          expectSameBits(
            session.read(name).toTyped(),
            trace.read(name)!.toTyped(),
            `${name} before ${number}`,
          );

      session.write(rowsOf(data, place.batch));
      if (place.batch === 0)
        for (const { name, role } of arrays) if (role === "metric") session.write({ [name]: 0 });
      for (const [step, { writes }] of steps.entries()) {
        session.run({ batch: number, steps: [step, step + 1], accumulate: true });
        trace.seek({ ...place, step: step + 1 });
        const what = `${writes} after step ${step} of batch ${number}`;
        expectSameBits(session.read(writes).toTyped(), trace.read(writes)!.toTyped(), what);
      }
      next = number + 1;
    }
  },
);
