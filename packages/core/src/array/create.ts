import { type Block, block, type Dtype, type Shape } from "../shape/block.ts";
import { type Numbers, viewOf } from "../shape/numbers.ts";
import { shown } from "../shape/shown.ts";
import { broadcastTo } from "./broadcast.ts";
import { contiguous, stored } from "./convert.ts";
import { NumericArray } from "./numericArray.ts";
import { checkedShape } from "./reshape.ts";

/**
 * An array of its own from a number, nested lists, a typed array or a block. Without `dtype` lists become bool where
 * all is boolean and otherwise float64, even `[1, 2]`, for JavaScript does not tell 1 from 1.0; the others keep their
 * type. Throws a ShapeError for ragged lists, a RangeError for a number that the type does not hold (1.5 or 300 as
 * uint8), a TypeError for what is no number, each naming the place.
 */
export function array(values: Numbers, dtype?: Dtype): NumericArray {
  const view = viewOf(values);
  return new NumericArray(stored(view, dtype ?? view.dtype, "values"));
}

/** A block's numbers, where they are, as an array: what is drawn by `RandomState` or read from a session. */
export function wrap(view: Block): NumericArray {
  return new NumericArray(view);
}

/** 0 everywhere; float64 by default. Throws a RangeError unless the sizes are whole numbers from 0 up. */
export function zeros(shape: number | Shape, dtype: Dtype = "float64"): NumericArray {
  return new NumericArray(block(dtype, checkedShape(shape)));
}

/** 1 everywhere; float64 by default. Throws a RangeError unless the sizes are whole numbers from 0 up. */
export function ones(shape: number | Shape, dtype: Dtype = "float64"): NumericArray {
  return full(shape, 1, dtype);
}

/**
 * One number everywhere; float64, or bool for a boolean. Throws a RangeError where the type does not hold it, and unless the
 * sizes are whole numbers from 0 up.
 */
export function full(shape: number | Shape, value: number | boolean, dtype?: Dtype): NumericArray {
  const view = viewOf(value);
  const one = stored(view, dtype ?? view.dtype, "value");
  return new NumericArray(contiguous(broadcastTo(one, checkedShape(shape))));
}

/**
 * `arange(4)` is 0, 1, 2, 3; `arange(start, stop, step)` counts from `start` by `step` (1, or below 0) to before
 * `stop`. Float64, and as in NumPy a fraction as step may let rounding add a last number. Throws a RangeError
 * unless all are finite and the step is not 0.
 */
export function arange(stop: number): NumericArray;
export function arange(start: number, stop: number, step?: number): NumericArray;
export function arange(first: number, last?: number, step = 1): NumericArray {
  const [start, stop] = last === undefined ? [0, first] : [first, last];
  if (![start, stop, step].every(Number.isFinite) || step === 0)
    throw new RangeError(
      `arange(${[start, stop, step].map(shown).join(", ")}): give finite numbers and a step that is not 0`,
    );
  const length = Math.max(0, Math.ceil((stop - start) / step));
  const counted = block("float64", checkedShape(length));
  // NumPy takes the step from the rounded second number, and that number as it is.
  const next = start + step;
  const delta = next - start;
  for (let i = 0; i < length; i++) counted.data[i] = i === 1 ? next : start + i * delta;
  return new NumericArray(counted);
}
