import { describe, expect, test } from "vitest";
import { ProgramError } from "../../src/program/form.ts";
import { loadProgram } from "../../src/program/loadProgram.ts";
import { NameError } from "../../src/program/names.ts";
import { print } from "../../src/program/print/print.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";

const base = {
  format: "streetlight-program",
  version: 1,
  name: "train",
  precision: "float64",
  arrays: [
    { name: "x", role: "input", shape: ["batch", 2], dtype: "float64" },
    { name: "w", role: "weights", shape: [2, 2], dtype: "float64", initial: { uniform: [-1, 1] } },
    { name: "goal", role: "target", shape: ["batch", 2], dtype: "float64" },
    { name: "alpha", role: "setting", shape: [], dtype: "float64", initial: { value: 0.5 } },
    { name: "y", role: "activation", shape: ["batch", 2], dtype: "float64" },
    { name: "error", role: "metric", shape: [], dtype: "float64", label: "Error" },
    { name: "w_scaled", role: "gradient", shape: [2, 2], dtype: "float64", inline: true },
  ],
  steps: [
    { phase: "predict", op: "matmul", reads: ["x", "w"], writes: "y" },
    { phase: "compare", op: "squaredError", reads: ["y", "goal"], writes: "error" },
    { phase: "update", op: "scale", reads: ["alpha", "w"], writes: "w_scaled" },
    { phase: "update", op: "subtract", reads: ["w", "w_scaled"], writes: "w" },
  ],
};

/** The base with one place changed: `change("steps.0.op", "mul")`; `undefined` leaves the field out. */
function change(path: string, value: unknown): string {
  const copy = JSON.parse(JSON.stringify(base));
  const parts = path.split(".");
  const last = parts.pop()!;
  parts.reduce((at, part) => at[part], copy)[last] = value;
  return JSON.stringify(copy);
}

function add(list: "arrays" | "steps", item: unknown, at?: number): string {
  const copy = JSON.parse(JSON.stringify(base));
  copy[list].splice(at ?? copy[list].length, 0, item);
  return JSON.stringify(copy);
}

/** A JSON text in which a number is written that `JSON.stringify` would not write. */
function literally(path: string, number: string): string {
  return change(path, "HERE").replace('"HERE"', number);
}

test("the base from which the broken programs are made is a program", () => {
  expect(print(loadProgram(JSON.stringify(base)))).toBe(
    "predict\n  y = x.dot(w)\ncompare\n  error += np.sum((y - goal) ** 2)\nupdate\n  w -= alpha * w",
  );
});

const array = { name: "z", role: "activation", shape: ["batch", 2], dtype: "float64" };
const fields = "name, role, shape, dtype, initial, inline, invented, label";
const refusals: Readonly<Record<string, readonly [json: string, message: string]>> = {
  "no JSON at all": ["{", "not a program: this is no JSON: "],
  "no record": ["[]", 'not a program: "format" must be "streetlight-program"'],
  null: ["null", 'not a program: "format" must be "streetlight-program"'],
  "another format": [change("format", "onnx"), 'not a program: "format" must be "streetlight-program"'],
  "another version": [change("version", 2), "program version 2 is not known here: only version 1 is"],
  "a version as text": [change("version", "1"), 'program version "1" is not known here: only version 1 is'],
  "no version": [
    change("version", undefined),
    "program version missing is not known here: only version 1 is",
  ],
  "no name": [change("name", undefined), 'a program has a "name", a list of "arrays" and a list of "steps"'],
  "a name with code in it": [
    change("name", "a\nimport os"),
    '"a\nimport os" is not a name for a program: use letters, digits and _, a letter first, as in layer_1',
  ],
  "steps that are no list": [
    change("steps", { length: 1 }),
    'a program has a "name", a list of "arrays" and a list of "steps"',
  ],
  "another precision": [
    change("precision", "float16"),
    'train: "precision" must be "float64" or "float32", not "float16"',
  ],
  "a field nobody knows": [
    change("licence", "MIT"),
    'train has the unknown field "licence"; there are format, version, name, precision, arrays, steps',
  ],

  "an array that is no record": [
    change("arrays.0", "x"),
    `train: an array must be a record with the fields ${fields}`,
  ],
  "an array without a name": [change("arrays.0.name", undefined), "train: an array has no name"],
  "an array with a misspelt field": [
    change("arrays.4.inlined", true),
    `train: an array has the unknown field "inlined"; there are ${fields}`,
  ],
  "an unknown role": [change("arrays.0.role", "inputs"), 'train: array x has the unknown role "inputs"'],
  "a role that every object has": [
    change("arrays.0.role", "constructor"),
    'train: array x has the unknown role "constructor"',
  ],
  "an unknown dtype": [
    change("arrays.0.dtype", "int8"),
    'train: array x has the dtype "int8", but must be float64, the precision of the program, or int32 or uint8',
  ],
  "a metric in single precision": [
    change("arrays.5.dtype", "float32"),
    'train: array error has the dtype "float32", but must be float64, as every metric is',
  ],
  "a dtype of another precision": [
    change("arrays.0.dtype", "float32"),
    'train: array x has the dtype "float32", but must be float64, the precision of the program, or int32 or uint8',
  ],
  "weights that are whole numbers": [
    change("arrays.1.dtype", "int32"),
    'train: array w has the dtype "int32", but must be float64, the precision of the program',
  ],
  "a result that is whole numbers": [
    change("arrays.4.dtype", "uint8"),
    'train: array y has the dtype "uint8", but must be float64, the precision of the program',
  ],
  "a metric that is a whole number": [
    change("arrays.5.dtype", "int32"),
    'train: array error has the dtype "int32", but must be float64, as every metric is',
  ],
  booleans: [
    change("arrays.0.dtype", "bool"),
    'train: array x has the dtype "bool", but must be float64, the precision of the program, or int32 or uint8',
  ],
  "a shape that is no list": [
    change("arrays.0.shape", 2),
    'train: array x has the shape 2: sizes are whole numbers or "batch"',
  ],
  "half a row": [
    change("arrays.0.shape", ["batch", 2.5]),
    'train: array x has the shape ["batch",2.5]: sizes are whole numbers or "batch"',
  ],
  "rows of weights": [
    change("arrays.1.shape", ["batch", 2]),
    "train: array w is batch × 2: only the first size of an input or target is batch",
  ],
  "rows as columns": [
    change("arrays.0.shape", [2, "batch"]),
    "train: array x is 2 × batch: only the first size of an input or target is batch",
  ],
  "a setting that is no scalar": [
    change("arrays.3.shape", [1]),
    "train: array alpha is 1, but a setting is a scalar",
  ],
  "an array twice": [add("arrays", base.arrays[0]), "train: array x is declared twice"],
  "inline that is not true": [
    change("arrays.6.inline", 1),
    'train: array w_scaled: "inline" is true or left out, not 1',
  ],
  "invented that is not true": [
    change("arrays.6.invented", false),
    'train: array w_scaled: "invented" is true or left out, not false',
  ],
  "weights whose name was made up": [
    change("arrays.1.invented", true),
    'train: array w is weights: only names of activations, deltas, gradients and settings are "invented"',
  ],
  "a label that is no text": [
    change("arrays.5.label", { evil: 1 }),
    'train: array error: "label" is text, not {"evil":1}',
  ],
  "the number of rows as an input": [
    add("arrays", { ...array, name: "batch", role: "input", shape: [] }),
    "train: array batch is kept for the number of rows: it must be a setting, and a scalar",
  ],
  "weights that do not start": [
    change("arrays.1.initial", undefined),
    'train: array w: "initial" must be a record with the fields uniform, normal, value, values, mask, bits',
  ],
  "an unknown start": [
    change("arrays.1.initial", { xavier: 1 }),
    'train: array w: "initial" has the unknown field "xavier"; there are uniform, normal, value, values, mask, bits',
  ],
  "an empty start": [
    change("arrays.1.initial", {}),
    'train: array w: "initial" must have one of uniform, normal, value, values, mask, bits',
  ],
  "two starts": [
    change("arrays.1.initial", { value: 0, normal: [0, 1] }),
    'train: array w: "initial" has both value and normal: give one',
  ],
  "one bound": [
    change("arrays.1.initial", { uniform: [1] }),
    "train: array w: uniform must be a list of 2 numbers, not 1",
  ],
  "too few values": [
    change("arrays.1.initial", { values: [1, 2, 3] }),
    "train: array w: values must be a list of 4 numbers, not 3",
  ],
  "an infinite start": [
    literally("arrays.1.initial", '{ "value": 1e999 }'),
    "train: array w starts with Infinity: initial numbers are finite and not -0",
  ],
  "a start of -0": [
    literally("arrays.1.initial", '{ "values": [0, -0, 1, 2] }'),
    "train: array w starts with -0: initial numbers are finite and not -0",
  ],
  "a start of NaN, which JSON makes null": [
    change("arrays.1.initial", { value: Number.NaN }),
    "train: array w starts with null: initial numbers are finite and not -0",
  ],
  "an input with initial numbers": [
    change("arrays.0.initial", { value: 0 }),
    "train: array x has initial numbers, which only weights, states, settings and noise have",
  ],

  "a step that is no record": [
    change("steps.0", null),
    "train: step 0 must be a record with the fields phase, op, reads, writes, parameters, answers",
  ],
  "an unknown phase": [change("steps.0.phase", "forward"), 'train: step 0 has the unknown phase "forward"'],
  "phases out of order": [
    change("steps.2.phase", "predict"),
    "train: step 2 belongs to predict, but steps of compare came before it",
  ],
  "an unknown op": [change("steps.0.op", "mul"), 'train: step 0 has the unknown op "mul"'],
  "an op that every object has": [
    change("steps.0.op", "toString"),
    'train: step 0 has the unknown op "toString"',
  ],
  "an op in a list": [change("steps.0.op", ["matmul"]), 'train: step 0 has the unknown op ["matmul"]'],
  "reads that are no list": [
    change("steps.0.reads", "xw"),
    'train: step 0: "reads" must be a list of names, not "xw"',
  ],
  "reads that are no names": [
    change("steps.0.reads", ["x", { toString: 1 }]),
    'train: step 0: "reads" must be a list of names, not ["x",{"toString":1}]',
  ],
  "writes that is no name": [change("steps.0.writes", 4), 'train: step 0: "writes" must be a name, not 4'],
  "answers that is no name": [
    change("steps.0.answers", ["y"]),
    'train: step 0: "answers" must be a name, not ["y"]',
  ],
  "answers nobody": [change("steps.0.answers", "z"), "train: step 0 answers z, which is not declared"],
  "an undeclared array read": [
    change("steps.0.reads", ["x", "v"]),
    "train: step 0 reads v, which is not declared",
  ],
  "an undeclared array written": [
    change("steps.0.writes", "z"),
    "train: step 0 writes z, which is not declared",
  ],
  "an array read before it is written": [
    change("steps.0.reads", ["y", "w"]),
    "train: step 0 reads y before it is written",
  ],
  "an array written twice": [
    add("steps", base.steps[0], 1),
    "train: step 1 writes y, which an earlier step has written",
  ],
  "weights rewritten twice": [
    add("steps", base.steps[3]),
    "train: step 4 writes w, which an earlier step has written",
  ],
  "an array that nobody writes": [
    add("arrays", array),
    "train: no step writes z; one must, since its role is activation",
  ],
  "an input written": [
    change("steps.0.writes", "x"),
    "train: step 0 writes x: only update may rewrite, and only weights and states",
  ],
  "weights rewritten before update": [
    change("steps.0", { phase: "predict", op: "negate", reads: ["w"], writes: "w" }),
    "train: step 0 writes w: only update may rewrite, and only weights and states",
  ],
  "a metric op that writes no metric": [
    change("arrays.5.role", "activation"),
    "train: step 1: squaredError cannot write error, whose role is activation: metric ops write metrics, and nothing else does",
  ],
  "a metric that is written by another op": [
    change("steps.0.writes", "error"),
    "train: step 0: matmul cannot write error, whose role is metric: metric ops write metrics, and nothing else does",
  ],
  "a metric that is read": [
    change("steps.2.reads", ["error", "w"]),
    "train: step 2 reads error: a metric is a running total, which no step may read",
  ],
  "a parameter that the op has not": [
    change("steps.0.parameters", { axis: 1 }),
    "train: step 0: matmul has no parameter axis; it has none",
  ],
  "a parameter that is code": [
    change("steps.0", { ...base.steps[0], op: "spreadRows", reads: ["x"], parameters: { n: "1); quit(" } }),
    'train: step 0: spreadRows: n is "1); quit(", but a size is a whole number or "batch"',
  ],
  "a size that is missing": [
    change("steps.0", { ...base.steps[0], op: "spreadRows", reads: ["x"] }),
    "train: step 0: spreadRows needs the size n, as in { n: 4 }",
  ],
  "an option that is no number": [
    change("steps.0", { ...base.steps[0], op: "relu", reads: ["x"], parameters: { at_zero: "0" } }),
    'train: step 0: relu: at_zero is "0", but must be a finite number, not -0',
  ],
  "parameters that are no record": [
    change("steps.0.parameters", [1]),
    'train: step 0: "parameters" must be a record, not [1]',
  ],
};

describe("refused with one clear error", () => {
  test.each(Object.entries(refusals).map(([what, [json, message]]) => ({ what, json, message })))(
    "$what",
    ({ json, message }) => {
      const error = thrownBy(() => loadProgram(json));
      expect(error).toBeInstanceOf(what(message));
      if (message.endsWith("JSON: ")) expect(error.message.startsWith(message)).toBe(true);
      else expect(error.message).toBe(message);
    },
  );

  function what(message: string) {
    return message.includes("is not a name") ? NameError : ProgramError;
  }

  test.each(["__proto__", "_private", "1st", "a.b", "a b", "é", ""])("an array called %j", (name) => {
    expect(() => loadProgram(change("arrays.4.name", name))).toThrow(NameError);
  });

  test("too few operands, as a ShapeError", () => {
    const error = thrownBy(() => loadProgram(change("steps.0.reads", ["x"])));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toBe(
      "matmul(x): takes 2 operands, not 1\n  left  x   batch × 2   [n k]\n  in train: step 0",
    );
  });

  test("too many operands, as a ShapeError that still shows them all", () => {
    const error = thrownBy(() => loadProgram(change("steps.0.reads", ["x", "w", "w"])));
    expect(error.message.split("\n")[0]).toBe("matmul(x, w, w): takes 2 operands, not 3");
  });

  test("a result of another shape than was declared, as a ShapeError", () => {
    const error = thrownBy(() => loadProgram(change("arrays.4.shape", ["batch", 3])));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toBe("train: step 0: matmul gives batch × 2 but y is batch × 3");
  });
});

describe("what a rewritten array was", () => {
  const transposed = { name: "w_T", role: "activation", shape: [2, 2], dtype: "float64" };
  const doubled = { name: "v", role: "state", shape: [2, 2], dtype: "float64", initial: { value: 0 } };
  const program = (readBefore: boolean) => {
    const copy = JSON.parse(JSON.stringify(base));
    copy.arrays.push(transposed, doubled);
    copy.steps.unshift({ phase: "predict", op: "transpose", reads: ["w"], writes: "w_T" });
    const reader = { phase: "update", op: "add", reads: ["v", "w_T"], writes: "v" };
    copy.steps.splice(readBefore ? 3 : 5, 0, reader);
    return JSON.stringify(copy);
  };

  test("may be read through a transpose before it is rewritten", () => {
    expect(loadProgram(program(true)).phases).toEqual(["predict", "compare", "update"]);
  });

  test("may not be read through a transpose afterwards, where languages would differ", () => {
    expect(() => loadProgram(program(false))).toThrow(
      new ProgramError("train: step 5 reads w_T, which shows w, after w is rewritten: read it before"),
    );
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
