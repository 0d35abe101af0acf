import { type Block, type Dtype, transposed } from "../shape/block.ts";
import { type Numbers, viewOf } from "../shape/numbers.ts";
import { arithmetic, comparison, mapped } from "./arithmetic.ts";
import { assign } from "./assign.ts";
import { cast, contiguous } from "./convert.ts";
import { dot } from "./dot.ts";
import { Reading } from "./reading.ts";
import { argmax, checkedAxis, extreme, mean, sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { type Selector, select } from "./select.ts";

/**
 * Numbers in rows and columns that compute at once, as NumPy's arrays do. For data and lessons: networks run in
 * engines. Made by `array`, `zeros`, `ones`, `full`, `arange` and `wrap`.
 *
 * Every number is that of the reference: sums in ascending order, one rounding per operation. The second operand
 * may be an array, a block, a typed array, nested lists or a number, and broadcasts as NumPy has it. Types meet as
 * in NumPy 2, where a lone number takes the type of the array as far as it can (`2` is an int, `2.5` a float) and a
 * list is first made an array of float64 or bool.
 */
export class NumericArray extends Reading {
  /** `this + right`. Throws a ShapeError where the shapes do not broadcast; so do all that follow. */
  add(right: Numbers): NumericArray {
    return new NumericArray(arithmetic("add", this, right));
  }

  /** `this - right`. Throws a TypeError for booleans from booleans, as NumPy does. */
  subtract(right: Numbers): NumericArray {
    return new NumericArray(arithmetic("subtract", this, right));
  }

  /** `this * right`, element by element; int32 and uint8 wrap around. */
  multiply(right: Numbers): NumericArray {
    return new NumericArray(arithmetic("multiply", this, right));
  }

  /** `this / right`: float32 or float64, whatever the operands. */
  divide(right: Numbers): NumericArray {
    return new NumericArray(arithmetic("divide", this, right));
  }

  /** `-this`. Throws a TypeError for booleans. */
  negate(): NumericArray {
    return new NumericArray(mapped("negate", this));
  }

  /** `this * this`. Throws a TypeError for booleans. */
  square(): NumericArray {
    return new NumericArray(mapped("square", this));
  }

  /** The sizes without signs; the smallest int32 stays what it is. */
  abs(): NumericArray {
    return new NumericArray(mapped("abs", this));
  }

  /** The square roots, correctly rounded: float32 of float32, otherwise float64 (NumPy has float16 of uint8). */
  sqrt(): NumericArray {
    return new NumericArray(mapped("sqrt", this));
  }

  /** `this > right`, as bool; nothing compares with NaN. */
  greater(right: Numbers): NumericArray {
    return new NumericArray(comparison("greater", this, right));
  }

  /** `this >= right`, as bool. */
  greaterEqual(right: Numbers): NumericArray {
    return new NumericArray(comparison("greaterEqual", this, right));
  }

  /** `this < right`, as bool. */
  less(right: Numbers): NumericArray {
    return new NumericArray(comparison("less", this, right));
  }

  /** `this <= right`, as bool. */
  lessEqual(right: Numbers): NumericArray {
    return new NumericArray(comparison("lessEqual", this, right));
  }

  /** `this == right`, as bool, element by element; NaN equals nothing. */
  equal(right: Numbers): NumericArray {
    return new NumericArray(comparison("equal", this, right));
  }

  /** `this != right`, as bool. */
  notEqual(right: Numbers): NumericArray {
    return new NumericArray(comparison("notEqual", this, right));
  }

  /**
   * The matrix product: [n k]·[k m] → [n m], [n k]·[k] → [n], [k]·[k m] → [m], and [k]·[k] → [], an array without
   * axes whose number is `.at()`. Throws a ShapeError where k differs or an operand has no axis or three.
   */
  dot(right: Numbers): NumericArray {
    return new NumericArray(dot(this, viewOf(right)));
  }

  override get T(): NumericArray {
    return new NumericArray(transposed(this));
  }

  /**
   * A view of some elements, one selector an axis, the rest whole:
   *
   *     a.slice(1)                   a[1]          an index; its axis goes
   *     a.slice(null, -1)            a[:, -1]      null is the whole axis
   *     a.slice([0, 2], [1, null])   a[0:2, 1:]    null leaves out an end
   *     a.slice([null, null, -1])    a[::-1]       start, stop, step
   *
   * Throws a RangeError for an index out of bounds; ends of ranges are clipped.
   */
  slice(...selectors: Selector[]): NumericArray {
    return new NumericArray(select(this, selectors));
  }

  override row(index: number): NumericArray {
    return this.slice(index);
  }

  /**
   * Writes into this array, and so into every array that views the same numbers: `a.slice(null, 0).assign(1)` is
   * `a[:, 0] = 1`. Numbers broadcast; arrays convert as `astype` does, and numbers and lists must fit the type.
   */
  assign(values: Numbers): void {
    assign(this, values);
  }

  /** The elements row after row in another shape, one size of which may be -1. A view if strides allow, else a copy. */
  reshape(...sizes: number[]): NumericArray {
    return new NumericArray(reshape(this, sizes));
  }

  /** A copy along one axis, row after row. */
  flatten(): NumericArray {
    return new NumericArray(reshape(contiguous(this), [-1]));
  }

  override copy(): NumericArray {
    return new NumericArray(contiguous(this));
  }

  /**
   * A copy in another type, as NumPy converts: floats lose their fraction, int32 wraps into uint8, bool is what is
   * not 0. Throws a RangeError for NaN and for floats beyond an integer type, of which NumPy makes arbitrary numbers.
   */
  astype(dtype: Dtype): NumericArray {
    return new NumericArray(cast(this, dtype, "array"));
  }

  /**
   * The sum of all elements (of a matrix: down the columns, then across), or sums along one axis, always in
   * ascending order from the first term; of nothing, 0. Sums of integers and booleans are int32. Throws a
   * RangeError where a sum leaves int32 or there is no such axis.
   */
  sum(): number;
  sum(axis: number): NumericArray;
  sum(axis?: number): number | NumericArray {
    return result(sum(this, checkedAxis("sum", this, axis)), axis);
  }

  /** `sum` divided by the number of terms, in float32 for float32, else in float64; of nothing, NaN. */
  mean(): number;
  mean(axis: number): NumericArray;
  mean(axis?: number): number | NumericArray {
    return result(mean(this, checkedAxis("mean", this, axis)), axis);
  }

  /** The largest element, of all or along one axis; NaN wins, 0 is above -0. Throws a RangeError where there is none. */
  max(): number;
  max(axis: number): NumericArray;
  max(axis?: number): number | NumericArray {
    return result(extreme("max", this, checkedAxis("max", this, axis)), axis);
  }

  /** The smallest element; NaN wins, -0 is below 0. Throws a RangeError where there is none. */
  min(): number;
  min(axis: number): NumericArray;
  min(axis?: number): number | NumericArray {
    return result(extreme("min", this, checkedAxis("min", this, axis)), axis);
  }

  /**
   * Where the largest element stands, counted row after row or along one axis (int32): the first of equals, but NaN
   * wins. Throws a RangeError where there is none.
   */
  argmax(): number;
  argmax(axis: number): NumericArray;
  argmax(axis?: number): number | NumericArray {
    return result(argmax(this, checkedAxis("argmax", this, axis)), axis);
  }

  override *[Symbol.iterator](): Generator<NumericArray, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.slice(row);
  }
}

/** A reduction over everything is a number, one along an axis an array. */
function result(reduced: Block, axis: number | undefined): number | NumericArray {
  return axis === undefined ? reduced.data[reduced.offset]! : new NumericArray(reduced);
}
