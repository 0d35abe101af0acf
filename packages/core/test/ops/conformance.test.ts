import { native } from "@streetlight/native";
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
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

describe("an engine that may add up in any order has all other bits", () => {
  const loose = {
    "wasm, fast": { ...wasm, open: (programs, options) => wasm.open(programs, { ...options, fast: true }) },
    native: native(),
  } satisfies Record<string, Engine>;
  const others = opNames.filter((op) => op !== "matmul");
  it.each(Object.keys(loose).flatMap((engine) => others.map((op) => [engine, op] as const)))(
    "%s: %s",
    (engine, op) => {
      expect([...checkExamples({ ...library, engines: loose }, engine, op, oracle)]).toEqual([]);
    },
  );
});

describe("the op's own kernel gives them in any layout, and writes nothing but its output", () => {
  it.each(opNames)("%s", (op) => {
    expect([...checkLayouts(library, op, oracle), ...checkSharing(library, op)]).toEqual([]);
  });
});
