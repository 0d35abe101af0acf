import { beforeAll, describe, expect, it } from "vitest";
import type { OpName } from "../../src/ops/op.ts";
import { checkExamples } from "./conformance.ts";
import { checkExpressions } from "./expressions.ts";
import { checkCorners, checkGradients, checkReluOptions } from "./gradients.ts";
import { checkLayouts, checkSharing } from "./layouts.ts";
import { type Library, library, opNames } from "./library.ts";
import { libraryWith, source } from "./modules.ts";
import { type Equivalent, equivalents } from "./mutants/equivalent.ts";
import { allMutants, type Mutant, shared } from "./mutants/mutants.ts";
import { askOracle, type Oracle } from "./oracle.ts";
import { properties } from "./properties.ts";

const engine = "reference";
let oracle: Oracle;
beforeAll(() => {
  oracle = askOracle();
});

/** What the checks say against a copy of the library, the likeliest first; nothing, if they find no fault. */
function* faults(copy: Library, suspects: readonly OpName[]): Generator<string> {
  for (const op of [...new Set([...suspects, ...opNames])]) {
    yield* checkExamples(copy, engine, op, oracle);
    yield* checkLayouts(copy, op, oracle);
    yield* checkSharing(copy, op);
    yield* checkGradients(copy, engine, op);
  }
  yield* checkReluOptions(copy, engine);
  yield* checkCorners(copy, engine);
  yield* checkExpressions(copy);
  for (const property of Object.values(properties)) property(copy, engine, { numRuns: 20, seed: 1 });
}

/** The first fault of a mutant. A mutant that does not even load, or uses names that do not exist, is ill made. */
function firstFault({ file, where, text, line, change }: Mutant): string | undefined {
  const copy = libraryWith(file, text);
  const suspects = opNames.filter((op) => op === where);
  try {
    return faults(copy, suspects).next().value ?? undefined;
  } catch (error) {
    if (error instanceof ReferenceError)
      throw new Error(`ill-made mutant: ${error.message}\n${file}:${line}\n${change}`);
    return String(error);
  }
}

const mutants = allMutants();
const matches = (mutant: Mutant) => (each: Equivalent) =>
  each.where === mutant.where && each.change === mutant.change;
const places = [...new Set(mutants.map(({ file, where, part }) => `${file} ${where} ${part}`))];

describe("the checks of this folder find every fault that is planted", () => {
  it("and none in the library as it is, loaded in the same way", () => {
    const copy = libraryWith("ops/add.ts", source("ops/add.ts"));
    expect([...faults(copy, [])]).toEqual([]);
  });

  it.each(places)("%s", (place) => {
    const here = mutants.filter((each) => `${each.file} ${each.where} ${each.part}` === place);
    const faulty = here.filter((each) => !equivalents.some(matches(each)));
    const survivors = faulty.filter((each) => firstFault(each) === undefined);
    expect(survivors.map(({ file, line, change }) => `${file}:${line}\n${change}`)).toEqual([]);
  });

  it("the functions that ops share are mutated", () => {
    const mutated = new Set(mutants.map(({ file, where }) => `${file} ${where}`));
    for (const [file, names] of Object.entries(shared))
      for (const name of names) expect(mutated).toContain(`${file} ${name}`);
  });

  it("every op is mutated: what it computes, and each gradient rule it has", () => {
    for (const op of opNames) {
      const parts = new Set(mutants.filter(({ where }) => where === op).map(({ part }) => part));
      const meaning = {
        elementwise: "expression",
        metric: "expression",
        structured: "reference",
        view: "view",
      };
      const { [op]: record } = library.ops;
      expect(parts, op).toContain("row" in record ? "row" : meaning[record.kind]);
      expect(parts.has("gradient"), op).toBe(Object.keys(library.ops[op].gradient).length > 0);
    }
  });
});

describe("a change that is no fault, as its proof says, is not found", () => {
  it.each(equivalents)("$where: $proof", (each) => {
    const here = mutants.filter((mutant) => matches(mutant)(each));
    expect(here.length).toBeGreaterThan(0);
    expect(here.map(firstFault)).toEqual(here.map(() => undefined));
  });
});
