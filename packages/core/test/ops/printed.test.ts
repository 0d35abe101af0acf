import { beforeAll, describe, expect, it } from "vitest";
import type { OpName } from "../../src/ops/op.ts";
import { elements } from "./bits.ts";
import { type Case, cases, isMetric, run } from "./cases.ts";
import { library, opNames } from "./library.ts";
import {
  allFinite,
  bitsOf,
  forgetsItsShape,
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
  // Nested lists, which TypeScript has, end at the first size of 0.
  const empty = wanted.shape.indexOf(0);
  const wantedShape = dtype === undefined && empty >= 0 ? wanted.shape.slice(0, empty + 1) : wanted.shape;
  const problems = [];
  if (shape.join() !== wantedShape.join()) problems.push(`shape [${shape}], not [${wantedShape}]`);
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

describe("printed as TypeScript, an op has the reference's bits on every example", () => {
  it.each(opNames)("%s", (op) => {
    const chosen = of(op).filter((each) => !forgetsItsShape(each));
    expect(
      chosen.flatMap((each) => differsInBits(each, runTypescript(scriptOf(each, "typescript")))),
    ).toEqual([]);
  });

  it("and the compiler accepts it under strict rules", () => {
    const scripts = new Map(
      printable.map((each) => [each.key.replaceAll(/\W+/g, "_"), scriptOf(each, "typescript")] as const),
    );
    expect(typeErrors(scripts)).toEqual([]);
  });
});

function outcomes(chosen: readonly Case[], dialect: "numpy" | "numpy-exact"): Map<Case, Printed> {
  const results = runPythonScripts(chosen.map((each) => scriptOf(each, dialect)));
  return new Map(chosen.map((each, i) => [each, results[i]!]));
}
