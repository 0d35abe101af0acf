import fc from "fast-check";
import { expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { ProgramError } from "../../src/program/form.ts";
import { loadProgram } from "../../src/program/loadProgram.ts";
import { NameError } from "../../src/program/names.ts";
import { print } from "../../src/program/print/print.ts";
import type { Program } from "../../src/program/program.ts";
import { block } from "../../src/shape/block.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { withRows } from "../../src/shape/size.ts";
import { build, recipe } from "./randomPrograms.ts";

/** Values that JSON can hold and a program does not expect, or expects elsewhere. */
const foreign: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    "",
    0,
    -1,
    1.5,
    -0,
    1e300,
    [],
    {},
    [null],
    "batch",
    "weights",
    "update",
    "transpose",
    "__proto__",
    "constructor",
    { toString: 1, valueOf: null },
    { length: 3 },
    JSON.parse('{ "__proto__": 1, "constructor": 2 }'),
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

type Path = readonly (string | number)[];

/** All places of a JSON value, the whole first. */
function places(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...at, key]))];
}

interface Mutation {
  readonly kind: "replace" | "remove" | "copy" | "add";
  readonly place: number;
  readonly other: number;
  readonly value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("replace", "remove", "copy", "add"),
  place: fc.nat(),
  other: fc.nat(),
  value: foreign,
});

function mutate(value: unknown, { kind, place, other, value: given }: Mutation): unknown {
  const replacement: unknown = structuredClone(given);
  const all = places(value);
  const path = all[place % all.length]!;
  if (path.length === 0) return kind === "replace" ? replacement : value;
  const holder = at(value, path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1)!;
  if (kind === "replace") holder[key] = replacement;
  else if (kind === "copy") holder[key] = JSON.parse(JSON.stringify(at(value, all[other % all.length]!)));
  else if (kind === "add" && Array.isArray(holder)) holder.splice(Number(key), 0, replacement);
  else if (kind === "add") holder[`${key}s`] = replacement;
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return value;
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

/** A program that was accepted runs, whatever it is; only memory may be too small for it. */
function run(program: Program): void {
  const sizes = program.data.arrays.map(({ shape }) =>
    shape.reduce<number>((product, size) => product * (size === "batch" ? 2 : size), 1),
  );
  if (sizes.some((size) => size > 1e6)) return;
  const session = reference.open(program, { capacity: 2, seed: 1 });
  const examples = program.data.arrays.filter(({ role }) => role === "input" || role === "target");
  session.write(
    Object.fromEntries(examples.map(({ name, shape }) => [name, block("float64", withRows(shape, 2))])),
  );
  session.run();
}

/** The NaN that printed functions mean: of a row outside a table, and of what is no number. */
const meant = /map\(\(\) => NaN\)|Number\.isNaN|return NaN;/g;

test("JSON that was tampered with is a program that runs, prints and reads back the same, or is refused by name", () => {
  let refused = 0;
  let accepted = 0;
  fc.assert(
    fc.property(recipe, fc.array(mutation, { minLength: 1, maxLength: 3 }), (each, mutations) => {
      const data = mutations.reduce<unknown>(mutate, JSON.parse(JSON.stringify(build(each).program)));
      const json = JSON.stringify(data);
      let program: Program;
      try {
        program = loadProgram(json);
      } catch (error) {
        refused++;
        expect(
          error instanceof ProgramError || error instanceof NameError || error instanceof ShapeError,
          `${error}\n${(error as Error).stack}\n${json}`,
        ).toBe(true);
        expect((error as Error).message).not.toMatch(/undefined|\[object/);
        return;
      }
      accepted++;
      expect(JSON.stringify(loadProgram(JSON.stringify(program)))).toBe(JSON.stringify(program));
      run(program);
      for (const dialect of ["listing", "numpy", "numpy-exact", "typescript"] as const)
        expect(print(program, dialect).replace(meant, "")).not.toMatch(/undefined|\[object|NaN/);
    }),
    { numRuns: 1200 },
  );
  // Both happen, so the property says something.
  expect(refused).toBeGreaterThan(600);
  expect(accepted).toBeGreaterThan(0);
});
