import { describe, expect, test } from "vitest";
import type { Block } from "../../src/shape/block.ts";
import { positions } from "../../src/shape/block.ts";
import { repr, str } from "../../src/text/array.ts";
import { python } from "../../src/text/scalar.ts";
import { runPython } from "../oracle/python.ts";
import { besidePowers, Draw, floatOf, type Sample, sampleOf } from "./arrays.ts";

/** The elements in row order as base64 of their bytes, for JSON carries neither NaN nor −0. */
function bytes(view: Block): string {
  const values = Array.from(positions(view), (position) => view.data[position]!);
  const copy = new (view.data.constructor as typeof Float64Array)(values);
  return Buffer.from(copy.buffer).toString("base64");
}

/**
 * Prints each array, or where this NumPy is known to print otherwise than NumPy 2.4 does, what remains the same:
 * - before 2.2, a summarised repr had no `shape=` behind the `beginning`, and the repr of an empty array broke
 *   its lines elsewhere between the same `words`;
 * - before 2.3, float32 arrays had exponents only from 1e8 and numbers from 1e16, as float64 has, and before 2.0
 *   the arrays' lower limit 1e-4 was not rounded to float32: `null` for float32 arrays with an element between the limits.
 */
const printArrays = `
import base64, json, sys
import numpy as np
version = tuple(int(part) for part in np.__version__.split(".")[:2])

def between_limits(a):
    size = np.abs(a)
    upper = 1e16 if a.ndim == 0 else 1e8
    return bool(np.any((size >= 1e6) & (size < upper) | (size == np.float32(1e-4))))

def printed(sample):
    a = np.frombuffer(base64.b64decode(sample["bytes"]), sample["dtype"]).reshape(sample["shape"])
    with np.printoptions(**sample["options"]):
        if version < (2, 3) and a.dtype == np.float32 and between_limits(a):
            return None
        if version < (2, 2) and a.size > np.get_printoptions()["threshold"]:
            beginning = "array(" + np.array2string(a, separator=", ", prefix="array(", suffix=")")
            return {"str": str(a), "beginning": beginning}
        if version < (2, 2) and a.size == 0:
            return {"str": str(a), "words": repr(a).split()}
        return {"str": str(a), "repr": repr(a)}

print(json.dumps([printed(sample) for sample in json.load(sys.stdin)]))
`;

type Printed = { str: string } & ({ repr: string } | { beginning: string } | { words: string[] });

function printedByNumpy(samples: readonly Sample[]): (Printed | null)[] {
  const input = samples.map(({ view, options }) => ({
    dtype: view.dtype,
    shape: view.shape,
    options,
    bytes: bytes(view),
  }));
  return JSON.parse(runPython(printArrays, input));
}

/** The scalars as str(np.float64) and str(np.float32) give them; NumPy before 2.3 gave exponents from 1e16 only. */
const printScalars = `
import base64, json, sys
import numpy as np
version = tuple(int(part) for part in np.__version__.split(".")[:2])

def printed32(x):
    if version < (2, 3) and 1e6 <= abs(x) < 1e16:
        return np.format_float_scientific(x, trim="-")
    return str(x)

values = np.frombuffer(base64.b64decode(json.load(sys.stdin)), "float64")
with np.errstate(over="ignore"):
    singles = values.astype("float32")
print(json.dumps({
    "repr": [repr(x) for x in values.tolist()],
    "float64": [str(x) for x in values],
    "float32": [printed32(x) for x in singles],
}))
`;

describe("against the NumPy at hand", () => {
  test("8000 arrays of all types and ranks", () => {
    const draw = new Draw(1);
    const samples = Array.from({ length: 8000 }, () => sampleOf(draw));
    const expected = printedByNumpy(samples);

    let compared = 0;
    samples.forEach(({ view, options }, i) => {
      const theirs = expected[i];
      if (theirs === null || theirs === undefined) return;
      const ours = { str: str(view, options), repr: repr(view, options) };
      const what = `sample ${i}: ${view.dtype} [${view.shape}] ${JSON.stringify(options)}`;
      expect(ours.str, what).toBe(theirs.str);
      if ("repr" in theirs) {
        expect(ours.repr, what).toBe(theirs.repr);
      } else if ("words" in theirs) {
        expect(ours.repr.split(/\s+/), what).toEqual(theirs.words);
      } else {
        const { length } = theirs.beginning;
        expect(ours.repr.slice(0, length), what).toBe(theirs.beginning);
        expect(ours.repr.slice(length), what).toMatch(/^,\s+shape=\([0-9, ]*\)/);
      }
      compared += 1;
    });
    expect(compared).toBeGreaterThan(7000);
  });

  test("More than 20000 numbers, as float64 and as float32", () => {
    const draw = new Draw(2);
    const drawn = Array.from({ length: 18_000 }, () => floatOf(draw));
    const values = Float64Array.from([...drawn, ...besidePowers()]);
    const input = Buffer.from(values.buffer).toString("base64");
    const expected = JSON.parse(runPython(printScalars, input)) as Record<string, string[]>;

    values.forEach((value, i) => {
      expect(python(value)).toBe(expected.repr![i]);
      expect(python(value)).toBe(expected.float64![i]);
      expect(python(value, "float32"), `float32 of ${value}`).toBe(expected.float32![i]);
    });
  });
});
