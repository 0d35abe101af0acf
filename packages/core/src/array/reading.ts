import {
  allocate,
  type Block,
  block,
  count,
  type Data,
  type Dtype,
  plainData,
  positions,
  type Shape,
  transposed,
} from "../shape/block.ts";
import { checkedBlock, held } from "../shape/checkedBlock.ts";
import type { Nested } from "../shape/numbers.ts";
import { withRoom } from "../shape/room.ts";
import { shown } from "../shape/shown.ts";
import { repr, str } from "../text/array.ts";
import { nested } from "./nested.ts";
import { indexWithin } from "./select.ts";

/** Where Node.js looks for the text that `console.log` shows. */
const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/**
 * Numbers that were read from a session, a network or a trace: to look at, to print as NumPy prints them, to hand on. To
 * compute with them, make an array: `array(session.read("layer_1")).sum(0)`.
 */
export class Reading implements Block, Iterable<Reading> {
  readonly dtype: Dtype;
  readonly data: Data;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;

  /**
   * Sees the block's numbers where they are. Throws a TypeError where a part of the block is missing, a ShapeError where its data
   * end before its shape.
   */
  constructor(view: Block) {
    const { dtype, data, shape, strides, offset } = checkedBlock("array", view);
    this.dtype = dtype;
    this.data = data;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return count(this.shape);
  }

  /** The number of rows: the size of the first axis. Throws a TypeError where there is no axis. */
  get length(): number {
    if (this.shape.length === 0) throw new TypeError("an array without axes has no length");
    return this.shape[0]!;
  }

  /** The axes in reverse order: a view. */
  get T(): Reading {
    return new Reading(transposed(this));
  }

  /** A view of one row, from the end if negative. Throws a RangeError where there is no such row. */
  row(index: number): Reading {
    return new Reading(rowOf(this, index));
  }

  /** One element, by an index for each axis (none, if there are no axes); true is 1. Throws a RangeError. */
  at(...indices: number[]): number {
    if (indices.length !== this.ndim)
      throw new RangeError(
        `at(${indices.map(shown).join(", ")}): give ${this.ndim} indices, one for each axis`,
      );
    const place = indices.reduce(
      (offset, index, axis) =>
        offset + this.strides[axis]! * indexWithin(index, this.shape[axis]!, `index of axis ${axis}`),
      this.offset,
    );
    return held(this).data[place]!;
  }

  /** A copy without gaps. */
  copy(): Reading {
    return new Reading(block(this.dtype, [...this.shape], this.toTyped()));
  }

  /** The elements as nested lists of numbers, of booleans for bool; without axes, the number itself. */
  toArray(): Nested {
    return nested(held(this));
  }

  /** A copy of the elements, row after row; booleans as bytes. */
  toTyped(): Data {
    const view = held(this);
    const plain = plainData(view);
    if (plain) return withRoom("a copy", plain.byteLength, () => plain.slice());
    const copy = allocate(this.dtype, this.size);
    let next = 0;
    for (const position of positions(view)) copy[next++] = view.data[position]!;
    return copy;
  }

  /** The rows, as views; of one axis, arrays without axes. Throws a TypeError where there is no axis. */
  *[Symbol.iterator](): Generator<Reading, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.row(row);
  }

  /** As Python prints it: `${reading}` is the text of an f-string. */
  toString(): string {
    return str(this);
  }

  /** As Python's prompt shows it: `array([1., 2.])`. */
  [inspect](): string {
    return repr(this);
  }
}

/** Throws a RangeError where there is no such row. */
function rowOf(view: Block, index: number): Block {
  const [size, ...shape] = view.shape;
  const [stride, ...strides] = view.strides;
  if (size === undefined) throw new RangeError("an array without axes has no rows");
  return {
    ...view,
    shape,
    strides,
    offset: view.offset + stride! * indexWithin(index, size, "index of axis 0"),
  };
}
