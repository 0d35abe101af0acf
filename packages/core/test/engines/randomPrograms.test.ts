import fc from "fast-check";
import { expect, test } from "vitest";
import type { Engine } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { expectSameBits } from "../program/bits.ts";
import { build, type Recipe, recipe } from "../program/randomPrograms.ts";

function trained(engine: Engine, each: Recipe, keep: "all" | [] = []) {
  const { program, data } = build(each);
  const { rows, batch, epochs, seed } = each;
  const session = engine.open(program, { capacity: rows, seed, keep });
  session.load(data);
  const settings = { alpha: Array.from({ length: 10 }, (_, k) => 0.05 / (k + 1)) };
  const reported = session.fit({ epochs, batch, settings });
  const names = program.data.arrays
    .filter(
      ({ role, name }) =>
        keep === "all" || ["weights", "state"].includes(role) || program.outputs.includes(name),
    )
    .map(({ name }) => name);
  return { reported, arrays: names.map((name) => [name, session.read(name)] as const) };
}

function ran(engine: Engine, each: Recipe) {
  const { program, data } = build(each);
  const session = engine.open(program, { capacity: each.rows + 1, seed: each.seed, keep: "all" });
  session.write(data);
  session.run();
  return { reported: [], arrays: program.data.arrays.map(({ name }) => [name, session.read(name)] as const) };
}

type Outcome = ReturnType<typeof ran> | ReturnType<typeof trained>;

function expectSame(found: Outcome, wanted: Outcome, what: string): void {
  for (const [k, [name, numbers]] of wanted.arrays.entries()) {
    expect(found.arrays[k]![1].shape, `${name} of ${what}`).toEqual(numbers.shape);
    expectSameBits(found.arrays[k]![1].toTyped(), numbers.toTyped(), `${name} of ${what}`);
  }
  expect(found.reported.length).toBe(wanted.reported.length);
  for (const [k, { metrics }] of wanted.reported.entries())
    expectSameBits(Object.values(found.reported[k]!.metrics), Object.values(metrics), `metrics of ${what}`);
}

test("random programs have the reference's bits, run whole and trained", () => {
  fc.assert(
    fc.property(recipe, (each) => {
      const what = JSON.stringify(each);
      expectSame(ran(wasm, each), ran(reference, each), what);
      expectSame(trained(wasm, each), trained(reference, each), what);
      expectSame(trained(wasm, each, "all"), trained(reference, each, "all"), what);
    }),
    { numRuns: 300 },
  );
});
