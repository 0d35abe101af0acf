import { describe, expect, test } from "vitest";
import { arange, array, full, ones, zeros } from "../../src/array/create.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { runPython } from "../oracle/python.ts";

type Refusal = [
  python: string,
  attempt: () => unknown,
  kind: new (message: string) => Error,
  message: string,
];

const bytes = array([1, 2, 3], "uint8");
const masks = array([true, false]);
const table = array([
  [1, 2, 3],
  [4, 5, 6],
]);

/** Python's expressions see the same three arrays. */
const setting = `
bytes = np.array([1, 2, 3], "uint8")
masks = np.array([True, False])
table = np.array([[1., 2., 3.], [4., 5., 6.]])
old = int(np.__version__.split(".")[0]) < 2
`;

/** What NumPy refuses too; since NumPy 2 only, where the expression says so. */
const refusals: Refusal[] = [
  [
    "np.array([[1, 2], [3]], float)",
    () => array([[1, 2], [3]]),
    ShapeError,
    "values[1] is a list of 1, but values[0] is a list of 2",
  ],
  [
    "np.array([[[1], [2]], [[3], 4]], float)",
    () =>
      array([
        [[1], [2]],
        [[3], 4],
      ]),
    ShapeError,
    "values[1][1] is a number, but values[0][0] is a list of 1",
  ],
  [
    "np.array([1, [2]], float)",
    () => array([1, [2]]),
    ShapeError,
    "values[1] is a list of 1, but values[0] is a number",
  ],
  [
    "np.array([[1], ['x']], float)",
    () => array([[1], ["x" as never]]),
    TypeError,
    'values[1][0] is "x"; give numbers or booleans',
  ],
  [
    "np.array([1, {}], float)",
    () => array([1, undefined as never]),
    TypeError,
    "values[1] is undefined; give numbers or booleans",
  ],
  [
    "old or np.array([[1, 300]], 'uint8')",
    () => array([[1, 300]], "uint8"),
    RangeError,
    "values[0][1] is 300, but uint8 holds whole numbers from 0 to 255",
  ],
  [
    "np.array([2147483648], 'int32')",
    () => array([2147483648], "int32"),
    RangeError,
    "values[0] is 2147483648, but int32 holds whole numbers from -2147483648 to 2147483647",
  ],
  [
    "np.array([0, float('nan')], 'int32')",
    () => array([0, Number.NaN], "int32"),
    RangeError,
    "values[1] is nan, but int32 holds whole numbers from -2147483648 to 2147483647",
  ],
  [
    "old or np.full(2, -1, 'uint8')",
    () => full(2, -1, "uint8"),
    RangeError,
    "value is -1, but uint8 holds whole numbers from 0 to 255",
  ],
  [
    "np.zeros((2, -1))",
    () => zeros([2, -1]),
    RangeError,
    "shape [2, -1] has the size -1; give whole numbers from 0 up",
  ],
  ["np.ones(1.5)", () => ones(1.5), RangeError, "shape [1.5] has the size 1.5; give whole numbers from 0 up"],
  [
    "np.arange(0., 1., 0.)",
    () => arange(0, 1, 0),
    RangeError,
    "arange(0, 1, 0): give finite numbers and a step that is not 0",
  ],
  [
    "table + np.ones((3, 2))",
    () => table.add(ones([3, 2])),
    ShapeError,
    [
      "add(left, right): axis -1 is 3 in left but 2 in right",
      "  left      2 × 3   [...]",
      "  right     3 × 2   [...]",
    ].join("\n"),
  ],
  [
    "np.less(table, np.ones(4))",
    () => table.less([1, 1, 1, 1]),
    ShapeError,
    [
      "less(left, right): axis -1 is 3 in left but 4 in right",
      "  left      2 × 3   [...]",
      "  right         4   [...]",
    ].join("\n"),
  ],
  [
    "old or bytes + 300",
    () => bytes.add(300),
    RangeError,
    "add(left, right): right is 300, but uint8 holds whole numbers from 0 to 255",
  ],
  [
    "masks - masks",
    () => masks.subtract(masks),
    TypeError,
    "subtract is not defined for booleans; compare them by notEqual",
  ],
  [
    "-masks",
    () => masks.negate(),
    TypeError,
    'negate is not defined for booleans; convert them by astype("int32")',
  ],
  [
    "table.dot(table)",
    () => table.dot(table),
    ShapeError,
    [
      "dot(left, right): k is 3 in left but 2 in right",
      "  left   left    2 × 3   [n k]",
      "  right  right   2 × 3   [k m]",
    ].join("\n"),
  ],
  [
    "np.ones(2).dot(np.ones(3))",
    () => ones(2).dot([1, 1, 1]),
    ShapeError,
    [
      "dot(left, right): k is 2 in left but 3 in right",
      "  left   left    2   [k]",
      "  right  right   3   [k]",
    ].join("\n"),
  ],
  ["table[2]", () => table.slice(2), RangeError, "index of axis 0 is 2; give -2 to 1"],
  ["table[:, -4]", () => table.slice(null, -4), RangeError, "index of axis 1 is -4; give -3 to 2"],
  ["np.zeros(0)[0]", () => zeros(0).row(0), RangeError, "index of axis 0 is 0; there is none"],
  ["table[0.5]", () => table.slice(0.5), RangeError, "index of axis 0 is 0.5; give a whole number"],
  ["table[::0]", () => table.slice([0, 2, 0]), RangeError, "range [0,2,0] of axis 0: the step is 0"],
  ["table[0.5:]", () => table.slice([0.5, null]), RangeError, "range [0.5,null] of axis 0: 0.5 is not whole"],
  [
    "table[0, 0, 0]",
    () => table.slice(0, [0, 1], null),
    RangeError,
    "3 selectors for an array of rank 2: 0, [0,1], null",
  ],
  ["table[0].item(9)", () => table.at(0), RangeError, "at(0): give 2 indices, one for each axis"],
  [
    "table.reshape(4, -1)",
    () => table.reshape(4, -1),
    ShapeError,
    "reshape: the 6 elements of 2 × 3 do not fill 4 × -1",
  ],
  [
    "np.zeros((0, 3)).reshape(0, -1)",
    () => zeros([0, 3]).reshape(0, -1),
    ShapeError,
    "reshape: the 0 elements of 0 × 3 do not fill 0 × -1",
  ],
  [
    "table.reshape(-1, -1)",
    () => table.reshape(-1, -1),
    RangeError,
    "shape [1, -1] has the size -1; give whole numbers from 0 up",
  ],
  [
    "table.__setitem__(0, [1, 2])",
    () => table.row(0).assign([1, 2]),
    ShapeError,
    [
      "assign: the values do not broadcast to the array",
      "  array      3   [...]",
      "  values     2   [...]",
    ].join("\n"),
  ],
  [
    "old or bytes.__setitem__(0, 256)",
    () => bytes.row(0).assign(256),
    RangeError,
    "values is 256, but uint8 holds whole numbers from 0 to 255",
  ],
  ["table.sum(axis=2)", () => table.sum(2), RangeError, "sum: axis is 2; give -2 to 1"],
  ["np.zeros((0, 2)).max()", () => zeros([0, 2]).max(), RangeError, "max: there is no element"],
  [
    "np.zeros((0, 2)).argmax(axis=0)",
    () => zeros([0, 2]).argmax(0),
    RangeError,
    "argmax: there is no element along axis 0",
  ],
  ["len(np.array(1.))", () => array(1).length, TypeError, "an array without axes has no length"],
  ["iter(np.array(1.))", () => [...array(1)], TypeError, "an array without axes has no length"],
];

/** What only we refuse, for NumPy has wider integers, or makes of it what the processor or C does. */
const strict: Refusal[] = [
  [
    "",
    () => array([1.5], "uint8"),
    RangeError,
    "values[0] is 1.5, but uint8 holds whole numbers from 0 to 255",
  ],
  [
    "",
    () => array([[0], [Number.POSITIVE_INFINITY]]).astype("uint8"),
    RangeError,
    "array[1][0] is inf, but uint8 holds whole numbers from 0 to 255",
  ],
  [
    "",
    () => array(-2147483649).astype("int32"),
    RangeError,
    "array is -2147483649, but int32 holds whole numbers from -2147483648 to 2147483647",
  ],
  [
    "",
    () =>
      array(
        [
          [1, 2147483647],
          [0, 1],
        ],
        "int32",
      ).sum(0),
    RangeError,
    "sum[1] is 2147483648, but int32 holds whole numbers from -2147483648 to 2147483647",
  ],
  [
    "",
    () => masks.add(2147483648),
    RangeError,
    "add(left, right): right is 2147483648, but int32 holds whole numbers from -2147483648 to 2147483647",
  ],
  [
    "",
    () => masks.square(),
    TypeError,
    'square is not defined for booleans; convert them by astype("int32")',
  ],
  [
    "",
    () => table.dot(zeros([3, 1, 1])),
    ShapeError,
    [
      "dot(left, right) takes arrays of one or two axes",
      "  left          2 × 3   [k] or [n k]",
      "  right     3 × 1 × 1   [k] or [k m]",
    ].join("\n"),
  ],
  [
    "",
    () => array(new BigInt64Array(1) as never),
    TypeError,
    "values is a BigInt64Array; give a Float64Array, Float32Array, Int32Array or Uint8Array",
  ],
  ["", () => array(1).max(0), RangeError, "max: axis is 0; there is none"],
  ["", () => array(null as never), TypeError, "values is null; give numbers or booleans"],
];

describe("refusals", () => {
  for (const [, attempt, kind, message] of [...refusals, ...strict])
    test(message.split("\n")[0]!, () => {
      let thrown: unknown;
      try {
        attempt();
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(kind);
      expect((thrown as Error).message).toBe(message);
    });

  test("NumPy refuses the same", () => {
    const expressions = refusals.map(([python]) => python);
    const script = `
import json, sys, warnings
import numpy as np
warnings.simplefilter("error")
${setting}
def refuses(expression):
    try:
        return eval(expression) is True
    except Exception:
        return True

print(json.dumps([e for e in json.load(sys.stdin) if not refuses(e)]))
`;
    expect(JSON.parse(runPython(script, expressions))).toEqual([]);
  });

  test("A refused assignment changes nothing", () => {
    const target = array([1, 2, 3], "int32");
    expect(() => target.assign([7, 8, 0.5])).toThrow(RangeError);
    expect(target.toArray()).toEqual([1, 2, 3]);
  });
});
