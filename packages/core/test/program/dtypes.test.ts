import { describe, expect, test } from "vitest";
import type { Session } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { Precision } from "../../src/program/data.ts";
import { ProgramError } from "../../src/program/form.ts";
import { loadProgram } from "../../src/program/loadProgram.ts";
import { print } from "../../src/program/print/print.ts";
import type { Program } from "../../src/program/program.ts";
import { block } from "../../src/shape/block.ts";
import { DtypeError, ShapeError } from "../../src/shape/shapeError.ts";
import { loadTrace, saveTrace } from "../../src/trace/file.ts";
import { Trace } from "../../src/trace/trace.ts";
import { expectSameBits } from "./bits.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "./execute.ts";

/** Pixels to a layer that also looks up a row for a word; class numbers to goals. */
function build(precision: Precision = "float64"): Program {
  const b = new ProgramBuilder("train", precision);
  const pixels = b.input("pixels", ["batch", 3], "uint8");
  const words = b.input("words", ["batch"], "int32");
  const labels = b.target("labels", ["batch"], "int32");
  const layer_0 = b.name("layer_0", b.ops.fromBytes(pixels));
  const weights = b.weights("weights_0_1", [3, 2], { uniform: [-1, 1] });
  const table = b.weights("word_rows", [4, 2], { uniform: [-1, 1] });
  const meaning = b.name("meaning", b.ops.gatherRows(table, words));
  const layer_1 = b.name("layer_1", b.ops.add(b.ops.matmul(layer_0, weights), meaning));
  const goal = b.name("goal", b.ops.oneHot(labels, { k: 2 }));
  b.metric("layer_1_error", b.ops.squaredError(layer_1, goal), "Error");
  const alpha = b.setting("alpha", 0.3);
  const gradients = b.gradient(b.ops.halfSquaredError(layer_1, goal));
  b.inUpdate(() => {
    for (const [ref, delta] of gradients) b.update(ref, b.ops.subtract(ref, b.ops.scale(alpha, delta)));
  });
  return b.build();
}

const data = {
  pixels: [
    [0, 127, 255],
    [31, 8, 200],
    [255, 255, 0],
    [1, 2, 3],
    [90, 60, 30],
  ],
  words: [3, 0, 3, 1, 3],
  labels: [1, 0, 0, 1, 1],
};
const loop = { epochs: 3, batch: 2 };
const learnt = ["weights_0_1", "word_rows"];

function trained(program: Program): Session {
  const session = reference.open(program, { capacity: 2, seed: 7, keep: "all" });
  session.load(data);
  session.fit(loop);
  return session;
}

describe("a program on bytes and class numbers", () => {
  test("makes numbers of them in visible steps", () => {
    expect(`${build()}`).toBe(`predict
  layer_0 = pixels / 255
  meaning = word_rows[words]
  layer_1 = layer_0.dot(weights_0_1) + meaning
compare
  goal = one_hot(labels, 2)
  layer_1_error += np.sum((layer_1 - goal) ** 2)
backpropagate
  layer_1_delta = layer_1 - goal
update
  weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)
  word_rows -= alpha * scatter_rows(layer_1_delta, words, 4)`);
  });

  test("is the same JSON after it was read back, types and all", () => {
    const program = build();
    const json = JSON.stringify(program);
    expect(JSON.stringify(loadProgram(json))).toBe(json);
    const types = loadProgram(json).data.arrays.filter(({ dtype }) => dtype !== "float64");
    expect(types.map(({ name, dtype }) => [name, dtype])).toEqual([
      ["pixels", "uint8"],
      ["words", "int32"],
      ["labels", "int32"],
    ]);
  });

  test.each(["float64", "float32"] as const)(
    "trains in %s as one on the numbers that they stand for",
    (precision) => {
      const b = new ProgramBuilder("train", precision);
      const layer_0 = b.input("layer_0", ["batch", 3]);
      const chosen = b.input("chosen", ["batch", 4]);
      const goal = b.target("goal", ["batch", 2]);
      const weights = b.weights("weights_0_1", [3, 2], { uniform: [-1, 1] });
      const table = b.weights("word_rows", [4, 2], { uniform: [-1, 1] });
      const layer_1 = b.ops.add(b.ops.matmul(layer_0, weights), b.ops.matmul(chosen, table));
      const alpha = b.setting("alpha", 0.3);
      const gradients = b.gradient(b.ops.halfSquaredError(layer_1, goal));
      b.inUpdate(() => {
        for (const [ref, delta] of gradients) b.update(ref, b.ops.subtract(ref, b.ops.scale(alpha, delta)));
      });
      const plain = reference.open(b.build(), { capacity: 2, seed: 7 });
      const row = (k: number, hot: number) => Array.from({ length: k }, (_, i) => (i === hot ? 1 : 0));
      plain.load({
        layer_0: data.pixels.map((bytes) => bytes.map((byte) => byte / 255)),
        chosen: data.words.map((word) => row(4, word)),
        goal: data.labels.map((label) => row(2, label)),
      });
      plain.fit(loop);
      const session = trained(build(precision));
      for (const name of learnt) expectSameBits(session.read(name).data, plain.read(name).data, name);
    },
  );

  test("keeps them in their types, and reads them as such", () => {
    const session = trained(build());
    // The last batch has the last row alone.
    expect(session.read("pixels")).toMatchObject({ dtype: "uint8", shape: [1, 3] });
    expect(session.read("pixels").data).toEqual(Uint8Array.of(90, 60, 30));
    expect(session.read("labels").data).toEqual(Int32Array.of(1));
    expect(session.read("layer_0").dtype).toBe("float64");
  });

  test.each(["float64", "float32"] as const)("prints as programs with its bits in %s", (precision) => {
    const program = build(precision);
    const session = trained(program);
    const text = (dialect: "numpy" | "numpy-exact" | "typescript") =>
      print(program, dialect, { data, loop, seed: 7 });
    const [exact, plain] = runPythonPrograms(
      (["numpy-exact", "numpy"] as const).map((dialect) => ({
        text: `${text(dialect)}types = [str(x.dtype) for x in (data_pixels, data_words, data_labels, weights_0_1, layer_1)]\nprint(types)\n`,
        names: learnt,
      })),
    );
    const typescript = runTypescript({ text: text("typescript"), names: learnt });
    for (const name of learnt) {
      const { data: wanted } = session.read(name);
      expectSameBits(exact!.numbers[name]!, wanted, `numpy-exact ${name}`);
      expectSameBits(typescript.numbers[name]!, wanted, `typescript ${name}`);
      for (const [i, value] of plain!.numbers[name]!.entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
    }
    expect(exact!.output.at(-1)).toBe(`['uint8', 'int32', 'int32', '${precision}', '${precision}']`);
    expect(plain!.output.at(-1)).toMatch(/^\['uint8', 'int32', 'int32', /);
    expect(text("numpy")).toContain("data_labels = np.array([1, 0, 0, 1, 1], dtype=np.int32)");
    expect(typeErrors([text("typescript")])).toEqual([]);
  });

  test("prints so in another order of rows, too", () => {
    const shuffled = { ...loop, order: [4, 2, 0, 1, 3, 3, 1] };
    const session = reference.open(build(), { capacity: 2, seed: 7 });
    session.load(data);
    session.fit(shuffled);
    const text = (dialect: "numpy-exact" | "typescript") =>
      print(build(), dialect, { data, loop: shuffled, seed: 7 });
    const [exact] = runPythonPrograms([{ text: text("numpy-exact"), names: learnt }]);
    const typescript = runTypescript({ text: text("typescript"), names: learnt });
    for (const name of learnt) {
      expectSameBits(exact!.numbers[name]!, session.read(name).data, name);
      expectSameBits(typescript.numbers[name]!, session.read(name).data, name);
    }
    expect(typeErrors([text("typescript")])).toEqual([]);
  });

  test("whole numbers beyond float32 keep their digits in a float32 program that is printed", () => {
    const b = new ProgramBuilder("predict", "float32");
    b.name("hot", b.ops.oneHot(b.input("labels", ["batch"], "int32"), { k: 3 }));
    const numbers = { labels: [16777217, -2147483648, 2] };
    const program = b.build();
    expect(print(program, "typescript", { data: numbers })).toContain("[16777217, -2147483648, 2]");
    expect(print(program, "numpy-exact", { data: numbers })).toContain(
      "np.array([16777217, -2147483648, 2], dtype=np.int32)",
    );
  });

  test("without rows prints arrays of their types", () => {
    const none = { pixels: block("uint8", [0, 3]), words: [], labels: [] };
    const text = print(build(), "numpy-exact", { data: none, seed: 1 });
    expect(text).toContain("pixels = np.zeros((0, 3), np.uint8)");
    expect(text).toContain("labels = np.zeros((0,), np.int32)");
  });
});

describe("a trace of it", () => {
  const score = { program: build(), data, loop, seed: 7 };

  test("shows the bytes and class numbers of each batch, walking both ways", () => {
    const trace = Trace.record(score, { budget: 1 });
    trace.seek({ epoch: 2, batch: 1, phase: "compare", step: 1 });
    expect(trace.read("pixels")!.toArray()).toEqual([
      [255, 255, 0],
      [1, 2, 3],
    ]);
    expect(trace.read("goal")!.toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    trace.back("batch");
    trace.back("batch");
    expect(trace.read("labels")!.data).toEqual(Int32Array.of(1, 0));
    trace.seek({ epoch: 2, batch: 2, step: score.program.data.steps.length });
    const session = trained(score.program);
    for (const name of learnt) expectSameBits(trace.read(name)!.data, session.read(name).data, name);
  });

  test("goes to a file, in which bytes take a byte each, and comes back", () => {
    const bytes = Uint8Array.from(data.pixels.flat());
    const trace = Trace.record({ ...score, data: { ...data, pixels: block("uint8", [5, 3], bytes) } });
    const text = saveTrace(trace);
    expect(JSON.parse(text).data.pixels).toEqual({
      shape: [5, 3],
      dtype: "uint8",
      numbers: Buffer.from(bytes).toString("base64"),
    });
    expect(loadTrace(text).hashes).toEqual(trace.hashes);
    expect(Trace.record(score).hashes).toEqual(trace.hashes);
    const stored = (dtype: unknown): string => {
      const file = JSON.parse(text);
      file.data.pixels.dtype = dtype;
      return JSON.stringify(file);
    };
    expect(() => loadTrace(stored("int8"))).toThrow('data.pixels: "dtype" is "uint8" or left out');
    expect(() => loadTrace(stored(undefined))).toThrow(
      'data.pixels: "numbers" must be base64 of 15 float64 numbers',
    );
  });
});

describe("an array of another type than an op takes is refused, in the line where it stands,", () => {
  test("bytes where numbers are needed", () => {
    expect(
      problemOf((b) => {
        const pixels = b.input("pixels", ["batch", 784], "uint8");
        b.name("layer_1", b.ops.relu(b.ops.matmul(pixels, b.weights("weights_0_1", [784, 40]))));
      }),
    ).toBe(`DtypeError: matmul(pixels, weights_0_1): pixels is uint8, the program's precision needed: take it through fromBytes first
  left   pixels        batch × 784 uint8   [n k]
  right  weights_0_1            784 × 40   [k m]
  in predict: layer_1 = relu(pixels.dot(weights_0_1))`);
  });

  test("class numbers where goals are needed", () => {
    expect(
      problemOf((b) => {
        const x = b.input("x", ["batch", 1]);
        b.metric("error", b.ops.squaredError(x, b.target("labels", ["batch", 1], "int32")));
      }),
    ).toBe(`DtypeError: squaredError(x, labels): labels is int32, the program's precision needed: take it through oneHot first
  prediction  x              batch × 1   [n m]
  target      labels   batch × 1 int32   [n m]
  in compare: error += np.sum((x - labels) ** 2)`);
  });

  test("numbers where class numbers are needed, declared or computed", () => {
    expect(
      problemOf((b) => {
        b.name("hot", b.ops.oneHot(b.target("labels", ["batch"]), { k: 2 }));
      }).split("\n"),
    ).toEqual([
      "DtypeError: oneHot(labels): labels is of the program's precision, int32 needed: declare an input or a target of that type",
      "  labels  labels   batch   [n]:int32",
      "  in compare: hot = one_hot(labels, 2)",
    ]);
    expect(
      problemOf((b) => {
        b.name("hot", b.ops.oneHot(b.ops.sumColumns(b.input("x", ["batch", 2])), { k: 2 }));
      }),
    ).toContain("hot_total is of the program's precision, int32 needed");
  });

  test("bytes where class numbers are needed", () => {
    expect(
      problemOf((b) => {
        b.name("hot", b.ops.oneHot(b.input("labels", ["batch"], "uint8"), { k: 2 }));
      }),
    ).toContain("labels is uint8, int32 needed: declare an input or a target of that type");
  });

  test("before their shapes are compared, and by loadProgram too", () => {
    const file = JSON.parse(JSON.stringify(build()));
    const retyped = (name: string, dtype: string) =>
      JSON.stringify({
        ...file,
        arrays: file.arrays.map((each: { name: string }) => (each.name === name ? { ...each, dtype } : each)),
      });
    const error = thrownBy(() => loadProgram(retyped("words", "uint8")));
    expect(error).toBeInstanceOf(DtypeError);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toBe(
      `gatherRows(word_rows, words): words is uint8, int32 needed: declare an input or a target of that type
  table  word_rows         4 × 2   [v m]
  rows   words       batch uint8   [n]:int32
  in train: step 1`,
    );
    expect(() => loadProgram(retyped("labels", "float64"))).toThrow(
      "oneHot(labels): labels is of the program's precision, int32 needed",
    );
    expect(() => loadProgram(retyped("weights_0_1", "int32"))).toThrow(ProgramError);
  });

  test("and a type that no array can have", () => {
    expect(() => new ProgramBuilder("train").input("x", ["batch"], "int8" as "uint8")).toThrow(
      new ProgramError(
        'train: array x has the dtype "int8", but must be float64, the precision of the program, or int32 or uint8',
      ),
    );
  });
});

describe("numbers that a type does not hold are refused with their place", () => {
  const session = () => reference.open(build(), { capacity: 5, seed: 1 });
  const bytes = "but pixels is uint8, which holds whole numbers from 0 to 255";
  const classes = "but labels is int32, which holds whole numbers from -2147483648 to 2147483647";
  const row = (...values: number[]) => [[0, 0, 0], values];

  test.each<[string, object, string]>([
    ["256", { pixels: row(0, 256, 0) }, `pixels[1, 1] is 256, ${bytes}`],
    ["-1", { pixels: row(0, 0, -1) }, `pixels[1, 2] is -1, ${bytes}`],
    ["0.5", { pixels: row(0.5, 0, 0) }, `pixels[1, 0] is 0.5, ${bytes}`],
    ["NaN", { pixels: row(Number.NaN, 0, 0) }, `pixels[1, 0] is NaN, ${bytes}`],
    ["2.5 as a class", { labels: [1, 2.5] }, `labels[1] is 2.5, ${classes}`],
    ["2^31", { labels: [2147483648] }, `labels[0] is 2147483648, ${classes}`],
    ["infinity", { labels: [0, -Infinity] }, `labels[1] is -Infinity, ${classes}`],
  ])("%s", (_, numbers, message) => {
    for (const act of [
      () => session().write(numbers as never),
      () => session().load(numbers as never),
      () => print(build(), "numpy", { data: { ...data, ...numbers }, seed: 1 }),
      () => Trace.record({ program: build(), data: { ...data, ...numbers }, loop, seed: 1 }),
    ])
      expect(act).toThrow(new RangeError(message));
  });

  test("and write nothing; typed arrays, booleans and -0 are taken", () => {
    const open = session();
    open.write({ labels: Int32Array.of(1, 0) });
    expect(() => open.write({ labels: [0, 0.5] })).toThrow(RangeError);
    expect(open.read("labels").data).toEqual(Int32Array.of(1, 0));
    open.write({ labels: [true, false] });
    expect(open.read("labels").data).toEqual(Int32Array.of(1, 0));
    open.write({ labels: [-0, 2147483647] });
    expect(open.read("labels").data).toEqual(Int32Array.of(0, 2147483647));
  });
});

function problemOf(build: (b: ProgramBuilder) => void): string {
  const b = new ProgramBuilder("train");
  return String(
    thrownBy(() => {
      build(b);
      b.build();
    }),
  );
}

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
