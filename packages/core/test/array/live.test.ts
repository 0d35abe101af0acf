import { describe, expect, test } from "vitest";
import { arange, array } from "../../src/array/create.ts";
import type { NumericArray } from "../../src/array/numericArray.ts";
import type { Dtype } from "../../src/shape/block.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { runPython } from "../oracle/python.ts";
import { Draw } from "../text/arrays.ts";
import {
  type Answer,
  decoded,
  described,
  dtypes,
  element,
  encoded,
  partnerOf,
  prelude,
  type Sample,
  sampleOf,
  selectorOf,
  shapeOf,
  viewOf,
  viewSampleOf,
} from "./cases.ts";

/** One computation, here and in Python: `ask` is what Python's function for `kind` gets. */
interface Case {
  readonly kind: keyof typeof inPython;
  readonly ask: Readonly<Record<string, unknown>>;
  readonly ours: () => NumericArray | number;
  /** Whether the result must (or must not) share the numbers of this array, where Python says so. */
  readonly views?: NumericArray;
  /** Zeros of either sign are the same: NumPy's maximum of them depends on the processor. */
  readonly signless?: boolean;
}

/** How NumPy computes each kind; `None` where NumPy 1 is known to differ from NumPy 2. */
const inPython = {
  binary: `
    left, right = array_of(case["left"]), array_of(case["right"])
    if old and (np.ndim(left) == 0 or np.ndim(right) == 0):
        return None
    if isinstance(right, int) and left.dtype == np.bool_ and abs(right) > 2**30:
        return None  # of booleans and an int NumPy makes int64
    return answer(getattr(np, case["op"])(left, right))`,
  unary: `
    x = array_of(case["x"])
    if case["op"] == "sqrt" and x.dtype in (np.uint8, np.bool_):
        x = x.astype("float64")  # not float16
    return answer(getattr(np, case["op"])(x))`,
  dot: `
    left, right = array_of(case["left"]), array_of(case["right"])
    whole = np.dot(left, right)
    if whole.dtype.kind != "f":
        return answer(whole)
    l = np.atleast_2d(left)
    r = right if right.ndim == 2 else right[:, None]
    s = np.zeros((l.shape[0], r.shape[1]), whole.dtype)
    if l.shape[1] > 0:
        s = l[:, :1] * r[:1]
        for k in range(1, l.shape[1]):
            s = s + l[:, k:k + 1] * r[k:k + 1]
    return answer(s.reshape(whole.shape))`,
  sum: `return answer(add_up(array_of(case["x"]), case["axis"]))`,
  mean: `
    x, axis = array_of(case["x"]), case["axis"]
    if x.dtype.kind != "f":
        return answer(np.mean(x, axis=axis))
    return answer(add_up(x, axis) / x.dtype.type(x.size if axis is None else x.shape[axis]))`,
  reduce: `return answer(getattr(np, case["op"])(array_of(case["x"]), axis=case["axis"]))`,
  view: `return answer(array_of(case["x"]))`,
  reshape: `
    x = array_of(case["x"])
    y = x.reshape(case["shape"])
    return answer(y) if x.size == 0 else answer(y, view=bool(np.shares_memory(x, y)))`,
  astype: `return answer(array_of(case["x"]).astype(case["dtype"]))`,
  assign: `
    a = array_of(case["x"])
    a[selection(case["selectors"])] = array_of(case["values"])
    return answer(a)`,
  arange: `return answer(np.arange(*[float(x) for x in case["arguments"]]))`,
  nested: `return answer(np.array(case["values"], dtype=case["dtype"]))`,
  tolist: `
    text = repr(array_of(case["x"]).tolist())
    return answer(np.array(eval(text), dtype=case["x"]["dtype"]))`,
} as const;

const script = [
  prelude,
  ...Object.entries(inPython).map(([kind, body]) => `def ${kind}(case):\n    ${body.trim()}`),
  'answers(lambda case: globals()[case["kind"]](case))',
].join("\n");

const binary = {
  add: "add",
  subtract: "subtract",
  multiply: "multiply",
  divide: "divide",
  greater: "greater",
  greaterEqual: "greater_equal",
  less: "less",
  lessEqual: "less_equal",
  equal: "equal",
  notEqual: "not_equal",
} as const;
const operations = Object.keys(binary) as (keyof typeof binary)[];

function arrays(draw: Draw): Case {
  const op = draw.pick(operations);
  const shape = shapeOf(draw);
  const [one, other] =
    draw.below(2) === 0 ? [shape, partnerOf(draw, shape)] : [partnerOf(draw, shape), shape];
  const left = sampleOf(draw, draw.pick(dtypes), one);
  // A view into the partner may no longer fit, which both refuse.
  const right = (draw.below(4) === 0 ? viewSampleOf : sampleOf)(draw, draw.pick(dtypes), other);
  const ask = { op: binary[op], left: encoded(left), right: encoded(right) };
  return { kind: "binary", ask, ours: () => viewOf(left)[op](viewOf(right)) };
}

function withNumber(draw: Draw): Case {
  const op = draw.pick(operations);
  const left = viewSampleOf(draw, draw.pick(dtypes), shapeOf(draw));
  const right = draw.pick([
    0, 1, 2, 3, -1, -7, 255, 256, 0.5, -2.25, 0.1, 2147483647, 2147483648, -2147483649,
  ]);
  const ask = { op: binary[op], left: encoded(left), right };
  return { kind: "binary", ask, ours: () => viewOf(left)[op](right) };
}

const unary = { negate: "negative", square: "square", abs: "abs", sqrt: "sqrt" } as const;

function one(draw: Draw): Case {
  const op = draw.pick(["negate", "square", "abs", "sqrt"] as const);
  // NumPy's square of booleans is int8, which there is not.
  const x = viewSampleOf(draw, draw.pick(op === "square" ? dtypes.slice(0, 4) : dtypes), shapeOf(draw));
  return { kind: "unary", ask: { op: unary[op], x: encoded(x) }, ours: () => viewOf(x)[op]() };
}

function product(draw: Draw): Case {
  const size = () => (draw.below(10) === 0 ? 0 : draw.between(1, 6));
  const [n, k, m] = [size(), size(), size()];
  const other = draw.below(15) === 0 ? k + 1 : k;
  const left = sampleOf(draw, draw.pick(dtypes), draw.below(3) === 0 ? [k] : [n, k]);
  const right = sampleOf(draw, draw.pick(dtypes), draw.below(3) === 0 ? [other] : [other, m]);
  const ask = { left: encoded(left), right: encoded(right) };
  return { kind: "dot", ask, ours: () => viewOf(left).dot(viewOf(right)) };
}

/** Small enough that sums of integers mostly stay within int32. */
function moderate(draw: Draw, dtype: Dtype): number {
  return dtype === "int32" && draw.below(3) > 0 ? draw.between(-99999, 99999) : element(draw, dtype);
}

function reduction(draw: Draw): Case {
  const op = draw.pick(["sum", "mean", "max", "min", "argmax"] as const);
  const x = viewSampleOf(draw, draw.pick(dtypes), shapeOf(draw), moderate);
  const view = viewOf(x);
  const axis = draw.below(3) === 0 || view.ndim === 0 ? null : draw.between(-view.ndim, view.ndim - 1);
  const ask = { op, x: encoded(x), axis };
  const kind = op === "sum" || op === "mean" ? op : "reduce";
  const ours = () => (axis === null ? view[op]() : view[op](axis));
  return { kind, ask, ours, signless: op === "max" || op === "min" };
}

function selected(draw: Draw): Case {
  const x = viewSampleOf(draw, draw.pick(dtypes), shapeOf(draw));
  return { kind: "view", ask: { x: encoded(x) }, ours: () => viewOf(x) };
}

function reshaped(draw: Draw): Case {
  const x = viewSampleOf(draw, "float64", shapeOf(draw, draw.between(1, 4)));
  const view = viewOf(x);
  const shape: number[] = [];
  let rest = view.size;
  while (rest > 1 && draw.below(4) > 0) {
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((size) => rest % size === 0);
    const size = draw.pick(divisors);
    shape.push(size);
    rest /= size;
  }
  shape.push(rest + (draw.below(20) === 0 ? 1 : 0));
  if (draw.below(3) === 0) shape[draw.below(shape.length)] = -1;
  return { kind: "reshape", ask: { x: encoded(x), shape }, ours: () => view.reshape(...shape), views: view };
}

/** Floats that integers can be made of: what NumPy makes of others depends on the processor. */
function withinBytes(draw: Draw, dtype: Dtype): number {
  return dtype === "float64" || dtype === "float32"
    ? draw.between(0, 255) + draw.pick([0, 0.5, 0.99]) * draw.below(2)
    : element(draw, dtype);
}

function converted(draw: Draw): Case {
  const dtype = draw.pick(dtypes);
  const fill =
    dtype === "int32" || dtype === "uint8"
      ? (d: Draw, t: Dtype) => Math.min(255.9375, withinBytes(d, t))
      : element;
  const x = viewSampleOf(draw, draw.pick(dtypes), shapeOf(draw), fill);
  return { kind: "astype", ask: { x: encoded(x), dtype }, ours: () => viewOf(x).astype(dtype) };
}

function assigned(draw: Draw): Case {
  const x = sampleOf(draw, draw.pick(dtypes), shapeOf(draw, draw.between(1, 3)));
  const selectors = viewOf(x).shape.map((size) => selectorOf(draw, size));
  const target = viewOf(x).slice(...selectors);
  const wider = [...Array(draw.below(2)).fill(1), ...partnerOf(draw, target.shape)];
  const values: Sample | number =
    draw.below(3) === 0 ? draw.below(200) : sampleOf(draw, draw.pick(dtypes), wider, withinBytes);
  const ask = { x: encoded(x), selectors, values: typeof values === "number" ? values : encoded(values) };
  return {
    kind: "assign",
    ask,
    ours: () => {
      const whole = viewOf({ ...x, base: { ...x.base, data: x.base.data.slice() } });
      whole.slice(...selectors).assign(typeof values === "number" ? values : viewOf(values));
      return whole;
    },
  };
}

function counted(draw: Draw): Case {
  const end = () => draw.pick([draw.between(-9, 9), draw.between(-90, 90) / 10, draw.unit()]);
  const step = draw.pick([1, 2, -1, 0.1, 0.3, -0.7, draw.unit() + 0.01]);
  const [first, last] = [end(), end()];
  const given = [[first], [first, last], [first, last, step]][draw.below(3)] as [number, number, number];
  return { kind: "arange", ask: { arguments: given }, ours: () => arange(...given) };
}

function fromLists(draw: Draw): Case {
  const dtype = draw.pick(dtypes);
  const finite = (d: Draw, t: Dtype) => (t === "bool" ? d.below(2) : d.between(0, 255));
  const values = viewOf(sampleOf(draw, dtype, shapeOf(draw), finite)).toArray();
  return { kind: "nested", ask: { values, dtype }, ours: () => array(values, dtype) };
}

function toLists(draw: Draw): Case {
  const finite = (d: Draw, t: Dtype) =>
    t === "float64" ? d.unit() : t === "float32" ? Math.fround(d.unit()) : element(d, t);
  const x = viewSampleOf(draw, draw.pick(dtypes), shapeOf(draw, draw.below(3)), finite);
  return { kind: "tolist", ask: { x: encoded(x) }, ours: () => array(viewOf(x).toArray(), x.base.dtype) };
}

const kinds: readonly (readonly [times: number, make: (draw: Draw) => Case])[] = [
  [2500, arrays],
  [1500, withNumber],
  [500, one],
  [1000, product],
  [1500, reduction],
  [500, selected],
  [800, reshaped],
  [500, converted],
  [800, assigned],
  [300, counted],
  [200, fromLists],
  [200, toLists],
];

/** What stands here for an exception of Python's. */
const errors = {
  ValueError: [ShapeError, RangeError],
  OverflowError: [RangeError],
  TypeError: [TypeError],
} as const;

type Reply = Answer | { readonly refused: keyof typeof errors };

function expectSame(one: Case, reply: Reply, what: string): void {
  let result: NumericArray | number;
  try {
    result = one.ours();
  } catch (error) {
    const expected = "refused" in reply && errors[reply.refused].some((kind) => error instanceof kind);
    if (!expected) expect.fail(`refused: ${error}; ${what}`);
    return;
  }
  if ("refused" in reply) expect.fail(`NumPy refuses (${reply.refused}) what is ${result} here; ${what}`);

  const wanted = decoded(reply);
  const ours =
    typeof result === "number" ? { dtype: wanted.dtype, shape: [], values: [result] } : described(result);
  const same = (left: number, right: number | undefined) =>
    Object.is(left, right) || (one.signless === true && left === right);
  if (
    ours.dtype !== wanted.dtype ||
    ours.shape.join() !== wanted.shape.join() ||
    !ours.values.every((value, i) => same(value, wanted.values[i]))
  )
    expect({ ...ours, what }).toEqual({ ...wanted, what });
  if (reply.view !== undefined && typeof result !== "number")
    expect(result.data === one.views?.data, what).toBe(reply.view);
}

describe("against the NumPy at hand, bit for bit", () => {
  const draw = new Draw(3);
  const cases = kinds.flatMap(([times, make]) => Array.from({ length: times }, () => make(draw)));
  const asked = cases.map(({ kind, ask }) => ({ kind, ...ask }));
  const replies = JSON.parse(runPython(script, asked)) as (Reply | null)[];

  test.each(Object.keys(inPython))("%s", (kind) => {
    let total = 0;
    let computed = 0;
    for (const [i, one] of cases.entries()) {
      if (one.kind !== kind) continue;
      total++;
      const reply = replies[i];
      if (!reply) continue;
      expectSame(one, reply, `case ${i}: ${JSON.stringify(asked[i])}`);
      if (!("refused" in reply)) computed++;
    }
    expect(computed).toBeGreaterThan(total / 3);
  });
});
