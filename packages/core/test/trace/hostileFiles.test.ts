import { expect, test } from "vitest";
import { FileError } from "../../src/files/stored.ts";
import { loadTrace, saveTrace } from "../../src/trace/file.ts";
import { Trace } from "../../src/trace/trace.ts";
import { lights } from "./examples.ts";

const saved = JSON.parse(saveTrace(Trace.record(lights({ from: 0, to: 8, batch: 1 }))));
type Saved = typeof saved;

/** Forged marks: as many as so many batches need, of which those of the file hold. */
function lengthened(file: Saved, to: number): void {
  file.loop.to = to;
  for (let batch = 8; batch < to; batch *= 2) file.marks.push([1, 2]);
}

const cases: readonly (readonly [string, (file: Saved) => void, string])[] = [
  [
    "many batches",
    (file) => {
      file.loop.to = 3e6;
    },
    'the trace\'s "marks" must be 23 hashes, as "loop" has 3000000 batches',
  ],
  [
    "many batches with forged marks",
    (file) => lengthened(file, 3e6),
    "this trace is not what was recorded when 8 batches have run",
  ],
  [
    "more batches than an array can have",
    (file) => lengthened(file, 2 ** 40),
    "this trace is not what was recorded when 8 batches have run",
  ],
  [
    "more batches than can be counted",
    (file) => {
      delete file.loop.to;
      file.loop.epochs = Number.MAX_SAFE_INTEGER;
    },
    'the trace\'s "loop" has more batches than can be counted',
  ],
  [
    "many batches in the old version",
    (file) => {
      delete file.marks;
      file.version = 1;
      file.loop.to = 2 ** 31;
    },
    'the trace\'s "loop" has 2147483648 batches, but a file of version 1 at most 1048576',
  ],
  [
    "no marks",
    (file) => {
      delete file.marks;
    },
    'the trace\'s "marks" are missing or no list',
  ],
  [
    "an end before the start",
    (file) => {
      file.loop.from = 12;
    },
    "the trace's loop: to is 8, but must be a whole number of at least 12",
  ],
  [
    "a start within an epoch",
    (file) => {
      file.loop.from = 2;
    },
    'the trace\'s "loop.from" is 2, within an epoch: those have 4 batches',
  ],
  [
    "settings for some batches only",
    (file) => {
      file.loop.settings = { alpha: [0.1, 0.2] };
    },
    'the trace\'s "loop.settings.alpha" has 2 values, but there are 8 batches',
  ],
  [
    "a setting of two axes",
    (file) => {
      file.loop.settings = { alpha: { shape: [0, 0], numbers: "" } };
    },
    'the trace\'s "loop.settings.alpha" must have one number for each batch',
  ],
  [
    "huge weights",
    (file) => {
      const program = JSON.stringify(lights({}, { hidden: 77 }).program);
      file.program = JSON.parse(program.replaceAll(/\b77\b/g, "100000000000"));
    },
    "bytes, but a file may take",
  ],
  [
    "no targets",
    (file) => {
      delete file.data.walk_vs_stop;
    },
    'the trace\'s "data" have no walk_vs_stop, which is target',
  ],
  [
    "data for weights",
    (file) => {
      file.data.weights_0_1 = file.data.layer_0;
    },
    'the trace\'s "data" have weights_0_1, which is weights',
  ],
  [
    "a start for what is computed",
    (file) => {
      file.start = { layer_1: file.data.layer_0 };
    },
    'the trace\'s "start" has layer_1, which is activation',
  ],
  [
    "an edit to infinity",
    (file) => {
      const value = { shape: [], numbers: "AAAAAAAA8H8=" };
      file.events = [{ kind: "edit", batch: 0, step: 0, array: "alpha", element: 0, value }];
    },
    'event 0: "value" is Infinity, but must be finite',
  ],
];

test.each(cases)("a file with %s is refused at once, by name", (_, change, message) => {
  const file = structuredClone(saved);
  change(file);
  const text = JSON.stringify(file);
  let batches = 0;
  const load = () =>
    loadTrace(text, {
      limits: { work: Number.POSITIVE_INFINITY },
      progress: () => {
        batches++;
      },
    });
  expect(load).toThrow(FileError);
  expect(load).toThrow(message);
  expect(batches).toBeLessThanOrEqual(16);
});

test.each([3e6, 2 ** 40])("a file of %d batches is not played at all, unless it is trusted", (batches) => {
  const file = structuredClone(saved);
  lengthened(file, batches);
  const progress = () => expect.unreachable();
  expect(() => loadTrace(JSON.stringify(file), { progress })).toThrow(FileError);
  expect(() => loadTrace(JSON.stringify(file), { progress })).toThrow(/this takes about \d+ operations, but/);
});

test("a file of another version than its own is refused", () => {
  expect(() => loadTrace(JSON.stringify({ ...saved, version: 1 }))).toThrow(
    new FileError('the trace has the unknown field "marks" for its version'),
  );
});

test("a reader ends a loading that takes too long", () => {
  const progress = (batches: number, total: number): void => {
    expect(total).toBe(8);
    if (batches === 3) throw new Error("enough");
  };
  expect(() => loadTrace(JSON.stringify(saved), { progress })).toThrow("enough");
});
