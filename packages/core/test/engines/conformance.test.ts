import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Engine, Session } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import * as core from "../../src/index.ts";
import type { Program } from "../../src/program/program.ts";
import { block } from "../../src/shape/block.ts";
import { times } from "../long.ts";
import { filesIn } from "../ops/modules.ts";
import { expectSameBits } from "../program/bits.ts";
import { inOrder, orders } from "./inTurn.ts";
import { parts } from "./networkParts.ts";
import { type Built, build, type Recipe, recipe } from "./randomNetworks.ts";

interface Outcome {
  readonly reported: readonly (readonly number[])[];
  readonly arrays: ReadonlyMap<string, ArrayLike<number>>;
}

function trained(engine: Engine, built: Built, { keep, seed }: Recipe, threads = 1): Outcome {
  const { program, evaluator, data, loops, capacity, chance } = built;
  const session = engine.open(evaluator ? [program, evaluator] : program, {
    capacity,
    seed,
    chance,
    threads,
    ...(keep === "all" ? { keep } : {}),
  });
  session.load(data);
  const reported = loops.flatMap((loop) => {
    const epochs = session.fit(loop);
    const evaluation = evaluator ? [evaluated(session, evaluator, data, capacity)] : [];
    return [
      ...epochs.map(({ epoch, rows, metrics, finite }) => [
        epoch,
        rows,
        Number(finite),
        ...Object.values(metrics),
      ]),
      ...evaluation,
    ];
  });
  const { outputs } = program;
  const names = program.data.arrays
    .filter(
      ({ role, name }) =>
        keep === "all" || ["weights", "state", "metric"].includes(role) || outputs.includes(name),
    )
    .map(({ name }) => name);
  const arrays = new Map(names.map((name) => [name, session.read(name).toTyped()]));
  session.close();
  return { reported, arrays };
}

/** The metrics of the first rows, after they were written by hand. */
function evaluated(
  session: Session,
  { name, data: { arrays } }: Program,
  data: Built["data"],
  capacity: number,
) {
  const metrics = arrays.filter(({ role }) => role === "metric").map((each) => each.name);
  session.write(Object.fromEntries(metrics.map((each) => [each, 0])));
  session.write(
    Object.fromEntries(
      Object.entries(data).map(([each, { dtype, shape, data: numbers }]) => {
        const rows = Math.min(capacity, shape[0]!);
        const width = numbers.length / shape[0]!;
        return [each, block(dtype, [rows, ...shape.slice(1)], numbers.slice(0, rows * width))];
      }),
    ),
  );
  session.run({ program: name });
  return metrics.map((each) => session.read(each).at());
}

function expectSame(found: Outcome, wanted: Outcome, what: string): void {
  for (const [name, numbers] of wanted.arrays)
    expectSameBits(found.arrays.get(name)!, numbers, `${name} of ${what}`);
  expect(found.reported.length, what).toBe(wanted.reported.length);
  for (const [k, values] of wanted.reported.entries())
    expectSameBits(found.reported[k]!, values, `metrics of ${what}`);
}

test("random networks are made of all that core exports for them", async () => {
  const named = new Set(parts.flatMap((table) => Object.keys(table)));
  const files = ["layers", "losses", "optimizers"].flatMap(filesIn);
  const missing: string[] = [];
  for (const file of [...files, "train/schedules.ts"])
    for (const name of Object.keys(await import(/* @vite-ignore */ `../../src/${file}`)))
      if (name in core && !named.has(name)) missing.push(name);
  expect(missing, "put these into a table of networkParts.ts").toEqual([]);
});

describe("wasm has the reference's bits", () => {
  // One in twenty with threads that compute in turn, so that no order of theirs is left to chance.
  const order = fc.oneof({ weight: 19, arbitrary: fc.constant(undefined) }, fc.constantFrom(...orders));

  test(
    "any layers, activations, losses, metrics, optimizers, batches, slices, capacities, and threads in any order",
    () => {
      fc.assert(
        fc.property(recipe, order, (each, inTurn) => {
          const built = build(each);
          const wanted = trained(reference, built, each);
          expectSame(trained(wasm, built, each), wanted, JSON.stringify(each));
          if (inTurn !== undefined)
            expectSame(trained(inOrder(inTurn), built, each), wanted, JSON.stringify([each, inTurn]));
        }),
        { numRuns: times(2000, 20_000) },
      );
    },
    times(300_000, 3_600_000),
  );

  test.each([
    [2, times(30, 300)],
    [3, times(20, 200)],
  ])("with %i threads that run free", (threads, numRuns) => {
    fc.assert(
      fc.property(recipe, (each) => {
        const built = build(each);
        expectSame(
          trained(wasm, built, each, threads),
          trained(reference, built, each),
          JSON.stringify(each),
        );
      }),
      { numRuns },
    );
  });

  test("at the sizes that blocks, vectors and packed columns meet", () => {
    const layer = { kind: "dense", activation: "relu", bias: true, dropout: 0, share: 1 } as const;
    const base = {
      initialize: "uniform",
      mean: true,
      wrappers: [],
      validated: false,
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
          const built = build(each);
          expectSame(
            trained(wasm, built, each, threads),
            trained(reference, built, each),
            JSON.stringify(each),
          );
        }
  });
});
