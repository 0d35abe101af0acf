import fc from "fast-check";
import { expect, test } from "vitest";
import type { Engine } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { block } from "../../src/shape/block.ts";
import { times } from "../long.ts";
import { expectSameBits } from "../program/bits.ts";
import { build, type Recipe, recipe } from "../program/randomPrograms.ts";
import { inOrder, orders } from "./inTurn.ts";

type Built = ReturnType<typeof build>;

function trained(engine: Engine, { program, data }: Built, each: Recipe, keep: "all" | [] = []) {
  const { rows, batch, epochs, seed } = each;
  const session = engine.open(program, { capacity: rows, seed, keep });
  session.load(data);
  const settings = { alpha: Array.from({ length: 10 }, (_, k) => 0.05 / (k + 1)) };
  const reported = session.fit({ epochs, batch, settings });
  const { outputs } = program;
  const names = program.data.arrays
    .filter(
      ({ role, name }) => keep === "all" || ["weights", "state"].includes(role) || outputs.includes(name),
    )
    .map(({ name }) => name);
  const arrays = names.map((name) => [name, session.read(name)] as const);
  session.close();
  return { reported, arrays };
}

function ran(engine: Engine, { program, data }: Built, each: Recipe) {
  const session = engine.open(program, { capacity: each.rows + 1, seed: each.seed, keep: "all" });
  session.write(data);
  session.run();
  const arrays = program.data.arrays.map(({ name }) => [name, session.read(name)] as const);
  session.close();
  return { reported: [], arrays };
}

/** After a whole run, runs of some steps, each after all weights and states are written anew. */
function ranInParts(engine: Engine, each: Recipe, parts: readonly (readonly [number, number])[]) {
  const { program, data } = build(each);
  const session = engine.open(program, { capacity: each.rows, seed: each.seed, keep: "all" });
  session.write(data);
  session.run();
  const learnt = program.data.arrays.filter(({ role }) => role === "weights" || role === "state");
  const { length } = program.data.steps;
  const arrays = parts.flatMap(([first, last], part) => {
    for (const { name } of learnt) {
      const { dtype, shape, data: numbers } = session.read(name);
      const changed = block(dtype, shape);
      for (let k = 0; k < numbers.length; k++) changed.data[k] = (numbers[k]! * (k + 2)) / (part + 3);
      session.write({ [name]: changed });
    }
    const ends = [first, last].map((share) => Math.round(share * length)).sort((a, b) => a - b);
    session.run({ steps: ends as [number, number] });
    return program.data.arrays.map(({ name }) => [name, session.read(name)] as const);
  });
  return { reported: [], arrays };
}

type Outcome = ReturnType<typeof ran> | ReturnType<typeof trained>;

function expectSame(found: Outcome, wanted: Outcome, what: string): void {
  for (const [k, [name, numbers]] of wanted.arrays.entries()) {
    const { shape } = found.arrays[k]![1];
    if (shape.join() !== numbers.shape.join()) expect(shape, `${name} of ${what}`).toEqual(numbers.shape);
    expectSameBits(found.arrays[k]![1].toTyped(), numbers.toTyped(), `${name} of ${what}`);
  }
  expect(found.reported.length).toBe(wanted.reported.length);
  for (const [k, { metrics }] of wanted.reported.entries())
    expectSameBits(Object.values(found.reported[k]!.metrics), Object.values(metrics), `metrics of ${what}`);
}

/** One in forty is trained by threads that compute in turn, so that no order of theirs is left to chance. */
const order = fc.oneof({ weight: 39, arbitrary: fc.constant(undefined) }, fc.constantFrom(...orders));
const patience = times(300_000, 3_600_000);

test(
  "random programs have the reference's bits, run whole and trained, by threads in any order",
  () => {
    fc.assert(
      fc.property(recipe, fc.constantFrom<("all" | [])[]>("all", []), order, (each, keep, inTurn) => {
        const what = JSON.stringify([each, keep, inTurn]);
        const built = build(each);
        expectSame(ran(wasm, built, each), ran(reference, built, each), what);
        const wanted = trained(reference, built, each, keep);
        expectSame(trained(wasm, built, each, keep), wanted, what);
        if (inTurn !== undefined) expectSame(trained(inOrder(inTurn), built, each, keep), wanted, what);
      }),
      { numRuns: times(2000, 20_000) },
    );
  },
  patience,
);

test(
  "random programs have the reference's bits, run in parts between which weights are written",
  () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(recipe, fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 4 }), (each, parts) => {
        const what = JSON.stringify([each, parts]);
        expectSame(ranInParts(wasm, each, parts), ranInParts(reference, each, parts), what);
      }),
      { numRuns: times(150, 2000) },
    );
  },
  patience,
);

test("a spread is read as it was computed, whatever has become of what it shows", () => {
  const b = new ProgramBuilder("train");
  const { ops } = b;
  const x = b.input("x", ["batch", 4]);
  const w = b.weights("w", [4], { values: [1, 2, 3, 4] });
  const v = b.weights("v", [4]);
  const spread = b.name("spread", ops.spreadRows(w, { n: "batch" }));
  const y = b.name("y", ops.multiply(x, spread));
  b.inUpdate(() => b.update(w, ops.add(w, ops.sumRows(y))));
  b.inUpdate(() => b.update(v, ops.add(v, ops.sumRows(ops.multiply(spread, x)))));
  const program = b.build();
  const learnt = (engine: Engine) => {
    const session = engine.open(program, { capacity: 2 });
    session.load({
      x: [
        [1, 1, 1, 1],
        [2, 0, 2, 0],
        [1, 3, 0.5, 0.25],
      ],
    });
    session.fit({ epochs: 2, batch: 2 });
    return [session.read("w").toArray(), session.read("v").toArray()];
  };
  expect(learnt(reference)).toEqual([
    [64, 128, 108, 25],
    [63, 126, 105, 21],
  ]);
  expect(learnt(wasm)).toEqual(learnt(reference));
});
