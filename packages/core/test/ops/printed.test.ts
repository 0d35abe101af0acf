import { beforeAll, describe, expect, it } from "vitest";
import type { OpName } from "../../src/ops/op.ts";
import { elements } from "./bits.ts";
import { type Case, cases, isMetric, run } from "./cases.ts";
import { library, opNames } from "./library.ts";
import {
  allFinite,
  bitsOf,
  isEmpty,
  looseness,
  type Printed,
  runPythonScripts,
  runTypescript,
  scriptOf,
  typeErrors,
} from "./printed.ts";

/** A printed script begins its metrics at 0. */
const printable = cases.filter((each) => Object.is(each.start, 0));
const of = (op: OpName) => printable.filter((each) => each.op === op);
const reference = (each: Case) => run(library, "reference", each);

function differsInBits(each: Case, { shape, dtype, values }: Printed): string[] {
  const wanted = reference(each);
  const type = isMetric(each.op) ? "float64" : each.precision;
  const problems = [];
  if (shape.join() !== wanted.shape.join()) problems.push(`shape [${shape}], not [${wanted.shape}]`);
  // A scalar of the program may be a Python float or an np.float64, as long as it holds the same number.
  if (dtype !== undefined && dtype !== type) problems.push(`${dtype}, not ${type}`);
  if (bitsOf(values) !== bitsOf(elements(wanted))) problems.push(`${values}, not ${elements(wanted)}`);
  return problems.map((problem) => `${each.key}: ${problem}`);
}

describe("printed as numpy-exact, an op has the reference's bits and type on every example", () => {
  let results: Map<Case, Printed>;
  beforeAll(() => {
    results = outcomes(printable, "numpy-exact");
  });

  it.each(opNames)("%s", (op) => {
    expect(of(op).flatMap((each) => differsInBits(each, results.get(each)!))).toEqual([]);
  });
});

describe("printed as numpy, an op agrees to rounding on every finite example", () => {
  const finite = printable.filter((each) => allFinite(reference(each), each));
  let results: Map<Case, Printed>;
  beforeAll(() => {
    results = outcomes(finite, "numpy");
  });

  it.each(opNames)("%s", (op) => {
    const chosen = finite.filter((each) => each.op === op);
    expect(chosen.length).toBeGreaterThan(0);
    for (const each of chosen) {
      const { shape, values } = results.get(each)!;
      const wanted = reference(each);
      expect(shape, each.key).toEqual(wanted.shape);
      for (const [i, value] of values.entries())
        expect(Math.abs(value - wanted.data[i]!), each.key).toBeLessThanOrEqual(looseness(each));
    }
  });
});

const full = printable.filter((each) => !isEmpty(each));

describe("printed as TypeScript, an op has the reference's bits on every example", () => {
  it.each(opNames)("%s", (op) => {
    const chosen = full.filter((each) => each.op === op);
    expect(chosen.length).toBeGreaterThan(0);
    expect(
      chosen.flatMap((each) => differsInBits(each, runTypescript(scriptOf(each, "typescript")))),
    ).toEqual([]);
  });

  it("but where an array is empty, an error says so", () => {
    const empty = printable.filter(isEmpty);
    expect(empty.length).toBeGreaterThan(0);
    for (const each of empty)
      expect(() => scriptOf(each, "typescript"), each.key).toThrow("cannot hold an array without elements");
  });

  it("and the compiler accepts it under strict rules", () => {
    const scripts = new Map(
      full.map((each) => [each.key.replaceAll(/\W+/g, "_"), scriptOf(each, "typescript")] as const),
    );
    expect(typeErrors(scripts)).toEqual([]);
  });
});

function outcomes(chosen: readonly Case[], dialect: "numpy" | "numpy-exact"): Map<Case, Printed> {
  const results = runPythonScripts(chosen.map((each) => scriptOf(each, dialect)));
  return new Map(chosen.map((each, i) => [each, results[i]!]));
}
