import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Engine, Session } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { expectSameBits } from "../program/bits.ts";
import { build, type Recipe, recipe } from "./randomNetworks.ts";

interface Outcome {
  readonly reported: readonly (readonly number[])[];
  readonly arrays: ReadonlyMap<string, ArrayLike<number>>;
}

function trained(open: (options: object) => Session, recipe: Recipe): Outcome {
  const { program, data, loops, capacity, chance } = build(recipe);
  const { keep, seed } = recipe;
  const session = open({ capacity, seed, chance, ...(keep === "all" ? { keep } : {}) });
  session.load(data);
  const reported = loops.flatMap((loop) =>
    session.fit(loop).map(({ epoch, rows, metrics }) => [epoch, rows, ...Object.values(metrics)]),
  );
  const names = program.data.arrays
    .filter(
      ({ role, name }) =>
        keep === "all" || ["weights", "state", "metric"].includes(role) || program.outputs.includes(name),
    )
    .map(({ name }) => name);
  const arrays = new Map(names.map((name) => [name, session.read(name).toTyped()]));
  session.close();
  return { reported, arrays };
}

function expectSame(found: Outcome, wanted: Outcome, what: string): void {
  for (const [name, numbers] of wanted.arrays)
    expectSameBits(found.arrays.get(name)!, numbers, `${name} of ${what}`);
  expect(found.reported.length, what).toBe(wanted.reported.length);
  for (const [k, values] of wanted.reported.entries())
    expectSameBits(found.reported[k]!, values, `metrics of ${what}`);
}

const opener = (engine: Engine, recipe: Recipe, threads: number) => (options: object) =>
  engine.open(build(recipe).program, { ...options, threads });

describe("wasm has the reference's bits", () => {
  test.each([
    [1, 300],
    [2, 120],
    [3, 60],
  ])(
    "with %i threads: any sizes, activations, losses, optimizers, batches, slices, capacities",
    (threads, numRuns) => {
      fc.assert(
        fc.property(recipe, (each) => {
          expectSame(
            trained(opener(wasm, each, threads), each),
            trained(opener(reference, each, 1), each),
            JSON.stringify(each),
          );
        }),
        { numRuns },
      );
    },
  );

  test("at the sizes that blocks, vectors and packed columns meet", () => {
    const layer = { activation: "relu", bias: true, dropout: 0 } as const;
    const base = {
      batches: 2,
      ordered: true,
      spareCapacity: 0,
      keep: "default",
      cuts: [1],
      seed: 3,
    } as const;
    for (const precision of ["float64", "float32"] as const)
      for (const [inputs, units, outputs, batch] of [
        [257, 33, 7, 65],
        [33, 257, 31, 64],
        [7, 64, 257, 49],
        [64, 128, 10, 33],
      ] as const)
        for (const threads of [1, 2]) {
          const each: Recipe = {
            ...base,
            precision,
            inputs,
            layers: [
              { ...layer, units },
              { ...layer, units: outputs, activation: "none" },
            ],
            loss: "categoricalCrossEntropy",
            optimizer: "adam",
            rows: 2 * batch - 1,
            batch,
          };
          expectSame(
            trained(opener(wasm, each, threads), each),
            trained(opener(reference, each, 1), each),
            JSON.stringify(each),
          );
        }
  });
});
