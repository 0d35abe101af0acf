import { describe, expect, it } from "vitest";
import { engines, library, opNames } from "./library.ts";
import { covered, properties } from "./properties.ts";
import { terms } from "./sums.ts";

describe.each(engines)("on the engine %s, for any numbers and sizes", (engine) => {
  it.each(Object.entries(properties))("%s", (_, property) => property(library, engine, { numRuns: 150 }));
});

describe("the laws speak about", () => {
  it("every elementwise op and the ops that keep their rows", () => {
    const elementwise = opNames.filter((op) => library.ops[op].kind === "elementwise");
    expect(covered.rowwise).toEqual(expect.arrayContaining([...elementwise, "matmul", "sumColumns"]));
  });

  it("every metric, each with its term", () => {
    expect(Object.keys(terms).sort()).toEqual([...covered.metrics].sort());
  });
});
