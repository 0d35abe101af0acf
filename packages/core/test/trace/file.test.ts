import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64, toBase64 } from "../../src/files/base64.ts";
import { FileError } from "../../src/files/stored.ts";
import { ProgramError } from "../../src/program/form.ts";
import { NameError } from "../../src/program/names.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { compare } from "../../src/trace/compare.ts";
import { loadTrace, saveTrace } from "../../src/trace/file.ts";
import { Trace } from "../../src/trace/trace.ts";
import { lights } from "./examples.ts";

test("a saved trace comes back to the bit, edits and all", () => {
  const trunk = Trace.record(lights({ epochs: 5, batch: 2, order: [3, 1, 0, 2] }));
  const branch = trunk.seek({ epoch: 1, batch: 1, phase: "update" }).edit("weights_0_1", [0, 3], -0.1);
  const again = loadTrace(saveTrace(branch));
  expect(compare(branch, again)).toBeUndefined();
  expect(again.hashes).toEqual(branch.hashes);
  expect(saveTrace(again)).toBe(saveTrace(branch));
});

test("base64 is Node's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
  for (const wrong of ["a", "ab=c", "====", "ab c", "é"]) expect(fromBase64(wrong)).toBeUndefined();
});

const saved = JSON.parse(saveTrace(Trace.record(lights({ epochs: 2, batch: 1 }))));
const altered = (change: (file: typeof saved) => void): string => {
  const file = structuredClone(saved);
  change(file);
  return JSON.stringify(file);
};

test.each([
  ["{", "not a trace: "],
  ["[]", 'not a trace: "format" must be "streetlight-trace"'],
  [
    altered((file) => {
      file.version = 3;
    }),
    "trace version 3 is not known here: only versions 1 and 2 are",
  ],
  [
    altered((file) => {
      delete file.data;
    }),
    'the trace\'s "data" is missing or no object',
  ],
  [
    altered((file) => {
      file.data.layer_0.numbers = "AAAA";
    }),
    'data.layer_0: "numbers" must be base64 of 12 float64 numbers',
  ],
  [
    altered((file) => {
      file.data.layer_0.shape = [1e9, 1e9];
    }),
    'data.layer_0: "numbers" must be base64 of 1000000000000000000 float64 numbers',
  ],
  [
    altered((file) => {
      file.loop.batch = 0.5;
    }),
    'the trace\'s "loop.batch" is 0.5, which is not known',
  ],
  [
    altered((file) => {
      file.loop.order = ["0"];
    }),
    'the trace\'s "loop.order" must be a list of row numbers',
  ],
  [
    altered((file) => {
      file.events = [{ kind: "edit", batch: 99, step: 0, array: "weights_0_1", element: 0, value: 1 }];
    }),
    "event 0 lies beyond the end of the training",
  ],
  [
    altered((file) => {
      file.events = [{ kind: "edit", batch: 0, step: 0, array: "layer_1", element: 0, value: 1 }];
    }),
    "event 0 edits layer_1, which is activation",
  ],
  [
    altered((file) => {
      file.seed = 2;
    }),
    "this trace is not what was recorded when 0 batches have run: the file was changed",
  ],
  [
    altered((file) => {
      file.loop.settings = { alpha: [0.2, 0.2, 0.2, 0.2, 0.2, 0.1, 0.2, 0.2] };
    }),
    "this trace is not what was recorded when 0 batches have run",
  ],
  [
    altered((file) => {
      file.marks[3][1] = 1;
    }),
    "this trace is not what was recorded when 4 batches have run",
  ],
  [
    altered((file) => {
      file.end = [1, 2];
    }),
    "this trace does not end where it was recorded to end",
  ],
])("a broken file is refused: %#", (text, message) => {
  expect(() => loadTrace(text)).toThrow(FileError);
  expect(() => loadTrace(text)).toThrow(message);
});

test("whatever is done to a file, it loads or is refused by one of our errors", () => {
  const paths: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 0) paths.push(path);
    if (Array.isArray(value))
      for (const [key, inner] of value.slice(0, 3).entries()) walk(inner, [...path, key]);
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(saved, []);
  const junk = fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    3,
    "",
    "x",
    "__proto__",
    [],
    {},
    [1],
    "batch",
  );
  fc.assert(
    fc.property(fc.constantFrom(...paths), junk, (path, value) => {
      const text = altered((file) => {
        const parent = path.slice(0, -1).reduce((at, key) => at[key], file);
        parent[path[path.length - 1]!] = value;
      });
      try {
        loadTrace(text);
      } catch (error) {
        const known = [FileError, ProgramError, NameError, ShapeError, RangeError].some(
          (type) => error instanceof type,
        );
        expect(
          known || (error as Error).name === "SessionError",
          `${path.join(".")} = ${JSON.stringify(value)}: ${error}`,
        ).toBe(true);
      }
    }),
    { numRuns: 400, seed: 3 },
  );
});
