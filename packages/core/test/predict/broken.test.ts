import fc from "fast-check";
import { expect, test } from "vitest";
import { dense } from "../../src/layers/dense.ts";
import { exportPredictor } from "../../src/network/exportPredictor.ts";
import { network } from "../../src/network/network.ts";
import { FileError, loadPredictor } from "../../src/predict/index.ts";

const good = exportPredictor(network(2, [dense(2, { activation: (b, sum) => b.ops.tanh(sum) }), dense(1)]));

/** The good file with another value at a place; `undefined` takes away what is there. */
function set(path: string, value: unknown): string {
  const file = JSON.parse(good);
  const keys = path.split(".");
  const last = keys.pop()!;
  const place = keys.reduce((at, key) => at[key], file);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return JSON.stringify(file);
}

const step = { reads: ["layer_0"], writes: "layer_3" };

test.each<[string, string, string]>([
  ["other text", "hello", "Unexpected token"],
  ["a list", "[]", '"format" must be "streetlight-predictor"'],
  ["another format", set("format", "streetlight-checkpoint"), '"format" must be "streetlight-predictor"'],
  ["a newer version", set("version", 2), "version 2 is not known here: only version 1 is"],
  ["no precision", set("precision", undefined), '"precision" must be "float64" or "float32", not undefined'],
  ["no input", set("input", undefined), 'the input must be "batch" × n, a row for each row of numbers'],
  [
    "an input without rows",
    set("input.shape", [2, 2]),
    'the input must be "batch" × n, a row for each row of numbers',
  ],
  ["an input without a name", set("input.name", 7), "an array is named 7"],
  ["no constants", set("constants", null), '"constants" must be arrays'],
  [
    "a cut constant",
    set("constants.bias_1.numbers", "AAAA"),
    'constants.bias_1: "numbers" must be base64 of 2 float64 numbers',
  ],
  [
    "a constant of no shape",
    set("constants.bias_1.shape", [-1]),
    'constants.bias_1: "shape" must be a list of sizes',
  ],
  [
    "two arrays of one name",
    set("constants.layer_0", JSON.parse(good).constants.bias_1),
    "there are two arrays named layer_0",
  ],
  ["no steps", set("steps", {}), '"steps" must be a list'],
  ["a step that is none", set("steps.0", null), 'step 0: "reads" must name arrays'],
  ["a step that reads nothing", set("steps.0.reads", []), 'step 0: "reads" must name arrays'],
  [
    "a step before its time",
    set("steps.0.reads.0", "layer_2"),
    'step 0 reads "layer_2", which is not there yet',
  ],
  ["a result without a name", set("steps.0.writes", undefined), "an array is named undefined"],
  ["a result written twice", set("steps.1.writes", "layer_0"), "there are two arrays named layer_0"],
  ["an unknown kernel", set("steps.0.kernel", "constructor"), 'step 0: there is no kernel "constructor"'],
  [
    "shapes that do not fit",
    set("steps.0.reads", ["layer_0", "weights_1_2", "bias_1"]),
    "step 0: matmul(layer_0, weights_1_2, bias_1): takes 2 operands, not 3",
  ],
  [
    "an elementwise step of two shapes",
    set("steps.2.reads.1", "bias_1"),
    "bias_1 is 2, but must be batch × 2 or a scalar",
  ],
  [
    "an expression that is none",
    set("steps.3.expression", "tanh(x"),
    'step 3: expression "tanh(x": ")" expected, not "the end"',
  ],
  [
    "an expression of endless depth",
    set("steps.3.expression", "(".repeat(1e5)),
    'step 3: "expression" must be a text, and not a very long one',
  ],
  [
    "an expression of another name",
    set("steps.3.operands", ["y"]),
    'step 3: an expression names "x", which is not one of y',
  ],
  [
    "operands that are missing",
    set("steps.3.operands", undefined),
    'step 3: "operands" must name each of the arrays read',
  ],
  [
    "a parameter that is no number",
    set("steps.3.parameters", { a: "1" }),
    'step 3: "parameters" must be finite numbers by name',
  ],
  [
    "a function that is not there",
    set("functions", undefined),
    'step 3: expression "tanh(x)": there is no function "tanh"',
  ],
  [
    "a function that calls itself",
    set("functions.expm1.result", "expm1(x)"),
    'expression "expm1(x)": there is no function "expm1"',
  ],
  [
    "a function without steps",
    set("functions.tanh.steps", 1),
    'functions.tanh must have an "operand", "steps" and a "result"',
  ],
  ["functions that are none", set("functions", []), '"functions" must be definitions by name'],
  [
    "a kernel without its function",
    set("steps.0", { ...step, kernel: "softmax" }),
    'step 0: softmax calls exp, which "functions" must define',
  ],
  [
    "a spread without end",
    set("steps.0", { ...step, kernel: "spreadRows", sizes: { n: 1e15 } }),
    "up to layer_3, which is 1000000000000000 × batch × 2, this takes about",
  ],
  [
    "a spread of no size",
    set("steps.0", { ...step, kernel: "spreadRows", sizes: { n: -1 } }),
    'step 0: spreadRows takes the size n as its "sizes"',
  ],
  [
    "a spread without a size",
    set("steps.0", { ...step, kernel: "spreadRows" }),
    'step 0: spreadRows takes the size n as its "sizes"',
  ],
  ["a size too much", set("steps.0.sizes", { n: 2 }), 'step 0: matmul takes no "sizes"'],
  [
    "an output that nothing writes",
    set("output", "layer_9"),
    'the output must be "batch" × n, a row for each row of numbers',
  ],
  [
    "an output that is no matrix of rows",
    set("output", "bias_1"),
    'the output must be "batch" × n, a row for each row of numbers',
  ],
  ["no output", set("output", undefined), '"output" must name an array'],
])("refuses %s", (_, json, message) => {
  expect(() => loadPredictor(json)).toThrow(FileError);
  expect(() => loadPredictor(json)).toThrow(message);
});

/** Every place of the good file, as a path. */
function paths(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))];
}

test("whatever is put anywhere in a file, it loads and predicts, or is refused with a FileError", () => {
  const places = paths(JSON.parse(good)).filter((path) => path.length > 0);
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      "batch",
      "layer_0",
      "layer_1",
      "__proto__",
      "exp(x)",
      "x / 0",
      ["batch", 2],
      [0],
      [],
      {},
      -1,
      1e300,
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...places), junk, (path, value) => {
      let predictor: ReturnType<typeof loadPredictor>;
      try {
        predictor = loadPredictor(set(path.join("."), value));
      } catch (error) {
        expect(error).toBeInstanceOf(FileError);
        expect((error as Error).message).toMatch(/^not a predictor: |^constants\./);
        return;
      }
      const [row] = predictor.predict([new Array<number>(predictor.inputs).fill(0.5)]);
      expect(row).toHaveLength(predictor.outputs);
      for (const number of row!) expect(typeof number).toBe("number");
    }),
    { numRuns: 2000 },
  );
});
