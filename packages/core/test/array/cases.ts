import { wrap } from "../../src/array/create.ts";
import type { NumericArray } from "../../src/array/numericArray.ts";
import type { Selector } from "../../src/array/select.ts";
import { allocate, type Block, block, count, type Dtype, type Shape } from "../../src/shape/block.ts";
import type { Draw } from "../text/arrays.ts";

/** Seeded arrays and views of them, in a form that reaches Python with every bit: JSON has neither NaN nor −0. */

export const dtypes: readonly Dtype[] = ["float64", "float32", "int32", "uint8", "bool"];

/** An array as it was made: all its numbers, perhaps its axes turned round, then what is selected of it. */
export interface Sample {
  readonly base: Block;
  readonly turned: boolean;
  readonly selectors: readonly Selector[];
}

const wild = [0, -0, 1, -1, 0.1, 0.2, 0.3, -2.5, 1e16, -1e16, 3e-5, Number.NaN];
const wilder = [...wild, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, 5e-324];
const extremes = [0, 1, -1, 2147483647, -2147483648, 65537, -99999];

export function element(draw: Draw, dtype: Dtype): number {
  switch (dtype) {
    case "float64":
    case "float32":
      return draw.below(3) > 0 ? 2 * draw.unit() - 1 : draw.pick(draw.below(4) > 0 ? wild : wilder);
    case "int32":
      return draw.below(3) > 0 ? draw.between(-2147483648, 2147483647) : draw.pick(extremes);
    case "uint8":
      return draw.below(256);
    case "bool":
      return draw.below(2);
  }
}

export type Fill = (draw: Draw, dtype: Dtype) => number;

export function sampleOf(draw: Draw, dtype: Dtype, shape: Shape, fill: Fill = element): Sample {
  const turned = draw.below(3) === 0;
  const data = allocate(dtype, count(shape)).map(() => fill(draw, dtype));
  return { base: block(dtype, turned ? [...shape].reverse() : shape, data), turned, selectors: [] };
}

export function shapeOf(draw: Draw, rank = draw.below(4)): Shape {
  return Array.from({ length: rank }, () => (draw.below(12) === 0 ? 0 : draw.between(1, 4)));
}

/** A shape that broadcasts with the given one: some axes of size 1, some missing in front. */
export function partnerOf(draw: Draw, shape: Shape): Shape {
  const sizes = shape.map((size) => (draw.below(3) === 0 ? 1 : size));
  return sizes.slice(draw.below(3) === 0 ? draw.between(0, sizes.length) : 0);
}

export function selectorOf(draw: Draw, size: number): Selector {
  const end = () => (draw.below(4) === 0 ? null : draw.between(-size - 2, size + 2));
  switch (draw.below(4)) {
    case 0:
      return null;
    case 1:
      return size === 0 ? null : draw.between(-size, size - 1);
    case 2:
      return [end(), end()];
    default:
      return [end(), end(), draw.pick([1, 2, 3, -1, -2, null])];
  }
}

/** A sample of which a part is taken, so that it has another shape than it was made in. */
export function viewSampleOf(draw: Draw, dtype: Dtype, shape: Shape, fill?: Fill): Sample {
  const whole = sampleOf(draw, dtype, shape, fill);
  const selectors = shape.slice(0, draw.between(0, shape.length)).map((size) => selectorOf(draw, size));
  return { ...whole, selectors };
}

export function viewOf({ base, turned, selectors }: Sample): NumericArray {
  const whole = wrap(base);
  return (turned ? whole.T : whole).slice(...selectors);
}

export function encoded({ base, turned, selectors }: Sample): unknown {
  return { dtype: base.dtype, shape: base.shape, bytes: bytes(base), turned, selectors };
}

function bytes({ data }: Block): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
}

/** What Python answers: an array, or that it refuses. */
export type Answer = {
  readonly dtype: Dtype;
  readonly shape: Shape;
  readonly bytes: string;
  readonly view?: boolean;
};

export function decoded({ dtype, shape, bytes }: Answer): { dtype: Dtype; shape: Shape; values: number[] } {
  const read = Buffer.from(bytes, "base64");
  const copy = new Uint8Array(read).buffer;
  const data = {
    float64: Float64Array,
    float32: Float32Array,
    int32: Int32Array,
    uint8: Uint8Array,
    bool: Uint8Array,
  };
  return { dtype, shape, values: Array.from(new data[dtype](copy)) };
}

export function described(array: NumericArray): { dtype: Dtype; shape: Shape; values: number[] } {
  return { dtype: array.dtype, shape: array.shape, values: Array.from(array.toTyped()) };
}

/** Read before every script: arrays in and out. */
export const prelude = `
import base64, json, sys
import numpy as np
old = int(np.__version__.split(".")[0]) < 2  # scalars were promoted by their value
np.seterr(all="ignore")

def selection(selectors):
    return tuple(s if isinstance(s, int) else slice(None) if s is None else slice(*s) for s in selectors) + (Ellipsis,)

def array_of(sample):
    if not isinstance(sample, dict):
        return sample
    a = np.frombuffer(base64.b64decode(sample["bytes"]), sample["dtype"]).reshape(sample["shape"]).copy()
    return (a.T if sample["turned"] else a)[selection(sample["selectors"])]

def answer(a, **more):
    a = np.asarray(a)
    if a.dtype in (np.int64, np.uint64):  # here int32 is the widest
        if np.any(a > 2147483647) or np.any(a < -2147483648):
            raise OverflowError
        a = a.astype("int32")
    return {"dtype": a.dtype.name, "shape": a.shape, "bytes": base64.b64encode(a.tobytes()).decode(), **more}

def answers(function):
    def one(case):
        try:
            return function(case)
        except (ValueError, OverflowError, TypeError) as error:
            return {"refused": type(error).__name__}
    print(json.dumps([one(case) for case in json.load(sys.stdin)]))

def add_up(x, axis=None):
    "Strictly in order; without an axis down the columns, then across."
    if axis is None:
        x = x.reshape(1) if x.ndim == 0 else x
        while x.ndim > 0:
            x = add_up(x, 0)
        return x
    if x.dtype.kind != "f":
        return x.sum(axis=axis)
    if x.shape[axis] == 0:
        return np.zeros(np.delete(x.shape, axis).astype(int), x.dtype)
    return np.add.accumulate(x, axis=axis).take(-1, axis=axis)
`;
