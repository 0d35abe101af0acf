import { beforeAll, describe, expect, it } from "vitest";
import { checkExamples } from "./conformance.ts";
import { checkLayouts, checkSharing } from "./layouts.ts";
import { engines, library, opNames } from "./library.ts";
import { askOracle, type Oracle } from "./oracle.ts";

let oracle: Oracle;
beforeAll(() => {
  oracle = askOracle();
});

describe.each(engines)(
  "on the engine %s, the examples have the bits of the definition, in both precisions",
  (engine) => {
    it.each(opNames)("%s", (op) => {
      expect([...checkExamples(library, engine, op, oracle)]).toEqual([]);
    });
  },
);

describe("the op's own kernel gives them in any layout, and writes nothing but its output", () => {
  it.each(opNames)("%s", (op) => {
    expect([...checkLayouts(library, op, oracle), ...checkSharing(library, op)]).toEqual([]);
  });
});
