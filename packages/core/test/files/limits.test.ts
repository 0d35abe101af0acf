import { describe, expect, test } from "vitest";
import { readJson } from "../../src/files/json.ts";
import { boundsOf } from "../../src/files/limits.ts";
import { asciiOf, textOf } from "../../src/files/utf8.ts";
import {
  dense,
  exportPredictor,
  FileError,
  loadProgram,
  loadWeights,
  network,
  ProgramError,
  readSafetensors,
  writeSafetensors,
} from "../../src/index.ts";
import { loadPredictor } from "../../src/predict/index.ts";
import { block } from "../../src/shape/block.ts";
import { small } from "../train/nets.ts";

const usual = boundsOf();
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("JSON", () => {
  test.each([
    [nested(64), undefined],
    [nested(65), "about 65 levels of lists and records, but a file may take 64"],
    [nested(1e6), "about 65 levels"],
    ['{"a":1,"b":{"a":2}}', undefined],
    ['{"a":[{"b":1,"b":2}]}', '"b" stands twice in one record'],
    ['{"a":1,"\\u0061" : 2}', '"a" stands twice in one record'],
    ['{"__proto__":1,"__proto__":2}', '"__proto__" stands twice in one record'],
    ['["a:b","a:b",{"\\\\":1,"\\"":2,"\\\\\\"":3}]', undefined],
    [`[${"{},".repeat(4e6)}0]`, "bytes, but a file may take"],
    [`{${Array.from({ length: 1e6 }, (_, k) => `"${k}":0`).join()}}`, "bytes, but a file may take"],
    ["\ufeff{}", "this is no JSON"],
    ["{}\0", "this is no JSON"],
    ['{"a":1} x', "this is no JSON"],
    [undefined, "its text is needed, not undefined"],
  ])("%.30s", (text, message) => {
    const read = () => readJson(text, usual);
    if (message === undefined) expect(read()).toEqual(JSON.parse(text as string));
    else {
      expect(read).toThrow(FileError);
      expect(read).toThrow(message);
    }
  });

  test("limits are settable, and allow nothing where they are not numbers", () => {
    expect(readJson(nested(100), boundsOf({ depth: 100 }))).toBeInstanceOf(Array);
    expect(() => readJson("[1,2]", boundsOf({ size: 4 }))).toThrow("takes about 5 characters");
    for (const depth of [-1, Number.NaN])
      expect(() => readJson("[]", boundsOf({ depth }))).toThrow(FileError);
  });
});

test("UTF-8 is what Node says it is", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const nodes = (bytes: Uint8Array) => {
    try {
      return strict.decode(bytes);
    } catch {
      return undefined;
    }
  };
  // All sequences of two bytes, and the corners of longer ones.
  for (let two = 0; two < 65536; two++) {
    const bytes = Uint8Array.of(two >> 8, two & 255);
    if (textOf(bytes) !== nodes(bytes)) expect(textOf(bytes), `${bytes}`).toBe(nodes(bytes));
  }
  for (const first of [0xc1, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xf8])
    for (const second of [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0])
      for (const rest of [[], [0x80], [0xbf, 0x80], [0xbf, 0xbf, 0x41], [0xbf, 0xc0]]) {
        const bytes = Uint8Array.of(first, second, ...rest);
        expect(textOf(bytes), `${bytes}`).toBe(nodes(bytes));
      }
  const long = `${"é€😀a".repeat(10_000)}`;
  expect(textOf(Buffer.from(long))).toBe(long);
  expect(JSON.parse(textOf(asciiOf(JSON.stringify(long)))!)).toBe(long);
});

const errorOf = (act: () => unknown): Error => {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
};

describe("predictors", () => {
  const step = (expression: string) => ({ expression, operands: ["x"], reads: ["x"], writes: "y" });
  const file = (over: object) =>
    JSON.stringify({
      format: "streetlight-predictor",
      version: 1,
      precision: "float64",
      input: { name: "x", shape: ["batch", 1] },
      output: "y",
      constants: {},
      steps: [step("x + 1")],
      ...over,
    });
  const chain = (length: number, call: (name: string) => string) => {
    const functions: Record<string, object> = { f0: { operand: "x", steps: [], result: "x + 1" } };
    for (let k = 1; k <= length; k++)
      functions[`f${k}`] = { operand: "x", steps: [], result: call(`f${k - 1}`) };
    return { functions, steps: [step(`f${length}(x)`)] };
  };
  const spread = (n: number | "batch", reads: string, writes: string) => ({
    kernel: "spreadRows",
    sizes: { n },
    reads: [reads],
    writes,
  });
  const one = { one: { shape: [1], numbers: "AAAAAAAA8D8=" } };

  test.each<[string, object, RegExp]>([
    ["2^60 calls", chain(60, (f) => `${f}(${f}(x))`), /operations, but a file may take/],
    ["3^30 calls in steps", chain(30, (f) => `${f}(x) + ${f}(x) * ${f}(x)`), /operations, but/],
    ["calls that lie deep in each other", chain(5000, (f) => `${f}(x)`), /more than 600 deep/],
    ["deep parentheses", { steps: [step(`${"(".repeat(400)}x${")".repeat(400)}`)] }, /more than 64 deep/],
    ["many signs", { steps: [step(`${"- ".repeat(400)}x`)] }, /more than 64 deep/],
    ["a large spread", { constants: one, steps: [spread(2 ** 26, "one", "big")] }, /big, .* bytes, but/],
    [
      "many spreads",
      { constants: one, steps: Array.from({ length: 16 }, (_, k) => spread(2 ** 20, "one", `s${k}`)) },
      /bytes, but a file may take/,
    ],
    [
      "a product of what was spread",
      {
        constants: { square: { shape: [1, 1], numbers: "AAAAAAAA8D8=" } },
        steps: [
          { kernel: "sumRows", reads: ["square"], writes: "one" },
          spread(1000, "one", "tall"),
          { kernel: "transpose", reads: ["tall"], writes: "flat" },
          { kernel: "matmul", reads: ["tall", "flat"], writes: "wide" },
          { kernel: "matmul", reads: ["wide", "wide"], writes: "product" },
          step("x + 1"),
        ],
      },
      /operations, but a file may take/,
    ],
    [
      "axes without end",
      {
        constants: one,
        steps: Array.from({ length: 40 }, (_, k) => spread(1, k ? `s${k - 1}` : "one", `s${k}`)),
      },
      /has 33 axes/,
    ],
    ["a long name", { output: "y".repeat(1e6), steps: [{ ...step("x"), writes: "y".repeat(1e6) }] }, /named/],
  ])("with %s are refused at once", (_, over, message) => {
    const error = errorOf(() => loadPredictor(file(over)));
    expect(error).toBeInstanceOf(FileError);
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThanOrEqual(300);
  });

  test("that are trusted may take more", () => {
    const text = file(chain(12, (f) => `${f}(${f}(x))`));
    expect(() => loadPredictor(text, { limits: { work: 1000 } })).toThrow(FileError);
    expect(loadPredictor(text).predict([[0.5]])).toEqual([[4096.5]]);
  });

  test("compute many rows in blocks, with the bits of each row alone", () => {
    const predictor = loadPredictor(exportPredictor(small()));
    const rows = Array.from({ length: 30_000 }, (_, k) => [k / 1e4, Math.sin(k), -k]);
    const all = predictor.predict(rows);
    expect(all).toHaveLength(rows.length);
    for (const k of [0, 1, 9999, 20_000, 29_999]) expect(all[k]).toEqual(predictor.predict([rows[k]!])[0]);
    rows[29_000]![1] = Number.NaN;
    expect(() => predictor.predict(rows)).toThrow("row 29000, column 1 is NaN");
  });

  test("compute what does not depend on rows before all blocks of them", () => {
    // The wide array makes blocks of one row.
    const steps = [
      { kernel: "sumRows", reads: ["one"], writes: "flat" },
      { expression: "x + rows", operands: ["x", "rows"], reads: ["flat", "batch"], writes: "more" },
      { kernel: "sumColumns", reads: ["x"], writes: "s" },
      { kernel: "spreadColumns", sizes: { m: 2 ** 18 }, reads: ["s"], writes: "wide" },
      { kernel: "spreadRows", sizes: { n: "batch" }, reads: ["more"], writes: "all" },
      { expression: "a + b", operands: ["a", "b"], reads: ["x", "all"], writes: "y" },
    ];
    const constants = { one: { shape: [1, 1], numbers: "AAAAAAAA8D8=" } };
    const predictor = loadPredictor(file({ constants, steps }));
    expect(predictor.predict([[0], [1], [2], [3]])).toEqual([[5], [6], [7], [8]]);
  });

  test("that compare rows with each other refuse more rows than there is room for", () => {
    const compare = [
      { kernel: "transpose", reads: ["x"], writes: "t" },
      { kernel: "matmul", reads: ["x", "t"], writes: "gram" },
      { kernel: "matmul", reads: ["gram", "x"], writes: "y" },
    ];
    const predictor = loadPredictor(file({ steps: compare }));
    expect(predictor.predict([[1], [2]])).toEqual([[5], [10]]);
    const rows = Array.from({ length: 20_000 }, () => [1]);
    expect(() => predictor.predict(rows)).toThrow(FileError);
  });
});

describe("programs", () => {
  const data = JSON.parse(JSON.stringify(network(1, [dense(1)]).predictor));
  const altered = (change: (copy: typeof data) => void) => {
    const copy = structuredClone(data);
    change(copy);
    return copy;
  };
  const circle: unknown[] = [];
  circle.push(circle);
  let wide: unknown = 1;
  for (let k = 0; k < 60; k++) wide = [wide, wide];
  let deep: unknown = 1;
  for (let k = 0; k < 100_000; k++) deep = [deep];

  test.each<[string, (copy: typeof data) => void]>([
    ["a list that holds itself", (copy) => copy.arrays.push(circle)],
    ["a list that lies 100,000 deep", (copy) => (copy.arrays[1].initial = { values: deep })],
    ["2^60 values in 60 lists", (copy) => (copy.arrays[1].initial = { values: wide })],
    ["a million steps", (copy) => (copy.steps = new Array(1e6).fill(copy.steps[0]))],
    ["a thousand axes", (copy) => (copy.arrays[1].shape = new Array(1000).fill(1))],
    ["a name of a million letters", (copy) => (copy.arrays[1].name = "w".repeat(1e6))],
    ["an unknown op of a million letters", (copy) => (copy.steps[0].op = "w".repeat(1e6))],
    ["a step that reads a million arrays", (copy) => (copy.steps[0].reads = new Array(1e6).fill("layer_0"))],
  ])("with %s are refused at once", (_, change) => {
    const error = errorOf(() => loadProgram(altered(change)));
    expect(["ProgramError", "NameError", "ShapeError"]).toContain(error.name);
    expect(error.message.length).toBeLessThanOrEqual(300);
  });

  test("may have sizes of any product: loading takes no room for them", () => {
    const large = altered((copy) => {
      copy.arrays[0].shape = ["batch", 2 ** 40];
      copy.arrays[1].shape = [2 ** 40, 1];
    });
    expect(loadProgram(large).array("weights_0_1").shape).toEqual([2 ** 40, 1]);
    expect(() => loadProgram(JSON.stringify(data), { limits: { depth: 1 } })).toThrow(ProgramError);
  });
});

describe("safetensors", () => {
  const fileOf = (header: string, bytes: number) => {
    const file = Buffer.alloc(8 + Buffer.byteLength(header) + bytes);
    file.writeUInt32LE(Buffer.byteLength(header), 0);
    file.write(header, 8);
    return file;
  };
  test.each([
    ['{"__metadata__":1}', "__metadata__ must be texts by name"],
    ['{"__metadata__":{"a":1}}', "__metadata__ must be texts by name"],
    ['{"__metadata__":null}', "__metadata__ must be texts by name"],
    ['{"__metadata__":{"a":"1","a":"2"}}', '"a" stands twice in one record'],
    [`{"__metadata__":${'{"a":'.repeat(100)}1${"}".repeat(100)}}`, "about 65 levels"],
    [`{"a":{"dtype":"F64","shape":[${"1,".repeat(40)}1],"data_offsets":[0,8]}}`, "must be a list of sizes"],
    [`{"${"a".repeat(1e6)}":{}}`, "has the dtype"],
  ])("with the header %.40s are refused", (header, message) => {
    const error = errorOf(() => readSafetensors(fileOf(header, 8)));
    expect(error).toBeInstanceOf(FileError);
    if (header.length < 1e6) expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThanOrEqual(300);
  });

  test("whose header is not UTF-8, or whose booleans are neither 0 nor 1, are refused", () => {
    const file = fileOf('{"__metadata__":{"a":"é"}}', 0);
    expect(readSafetensors(file).size).toBe(0);
    file[file.indexOf(0xc3)] = 0xff;
    expect(() => readSafetensors(file)).toThrow("it is not UTF-8");
    const flags = fileOf('{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}', 1);
    expect(readSafetensors(flags).get("a")!.data[0]).toBe(0);
    flags[flags.length - 1] = 2;
    expect(() => readSafetensors(flags)).toThrow("a is BOOL, but has bytes other than 0 and 1");
  });

  test("of whole numbers are no weights", () => {
    const net = network(1, [dense(1, { bias: false })], { precision: "float32" });
    const before = net.read("weights_0_1").at(0, 0);
    for (const dtype of ["int32", "uint8", "bool"] as const)
      expect(() =>
        loadWeights(net, writeSafetensors(new Map([["weights_0_1", block(dtype, [1, 1])]]))),
      ).toThrow(new FileError(`weights_0_1 is float32 in this network but ${dtype} in the file`));
    expect(net.read("weights_0_1").at(0, 0)).toBe(before);
  });
});
