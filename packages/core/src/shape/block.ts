import { withRoom } from "./room.ts";
import { shown } from "./shown.ts";

/** The element types of arrays; bool is stored as bytes 0 and 1. */
export type Dtype = "float64" | "float32" | "int32" | "uint8" | "bool";

/** The element types of whole numbers that programs have, beside their precision. */
export type WholeDtype = "int32" | "uint8";

export function isWhole(dtype: Dtype | undefined): dtype is WholeDtype {
  return dtype === "int32" || dtype === "uint8";
}

/** What an element type is stored in. */
export type Data = Float64Array | Float32Array | Int32Array | Uint8Array;

/** The size of each axis; `[]` for a single number. */
export type Shape = readonly number[];

/**
 * A strided view of numbers: element (i, j, …) is `data[offset + i * strides[0] + j * strides[1] + …]`.
 * Strides count elements, not bytes; a stride of 0 repeats one element along its axis.
 */
export interface Block {
  readonly dtype: Dtype;
  readonly data: Data;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** How many elements a shape holds; a scalar's shape `[]` holds one. */
export function count(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The strides of a shape laid out row after row without gaps (C order). */
export function rowStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/**
 * Zeroed storage for `length` elements. Throws `RangeError` where that is more memory than there is, saying how much it would
 * be and of `what`.
 */
export function allocate(dtype: Dtype, length: number, what = "an array"): Data {
  const bytes = dtype === "float64" ? 8 : dtype === "float32" || dtype === "int32" ? 4 : 1;
  return withRoom(what, bytes * length, () => zeroed(dtype, length));
}

function zeroed(dtype: Dtype, length: number): Data {
  switch (dtype) {
    case "float64":
      return new Float64Array(length);
    case "float32":
      return new Float32Array(length);
    case "int32":
      return new Int32Array(length);
    case "uint8":
    case "bool":
      return new Uint8Array(length);
    default:
      throw new TypeError(
        `dtype ${shown(dtype satisfies never)} is not one of float64, float32, int32, uint8, bool`,
      );
  }
}

/** A block over all of `data`, row after row; without `data`, over fresh zeros. */
export function block(dtype: Dtype, shape: Shape, data: Data = allocate(dtype, count(shape))): Block {
  return { dtype, data, shape, strides: rowStrides(shape), offset: 0 };
}

/** Whether all elements of a view lie within its data, of which the caller may have taken some away. */
export function isHeld({ length }: Data, { shape, strides, offset }: Omit<Block, "data">): boolean {
  let [least, most] = [offset, offset];
  for (const [axis, size] of shape.entries()) {
    if (size === 0) return true;
    const reach = (size - 1) * strides[axis]!;
    if (reach < 0) least += reach;
    else most += reach;
  }
  return least >= 0 && most < length;
}

/** The same elements with the axes in reverse order; nothing is copied. */
export function transposed(view: Block): Block {
  return { ...view, shape: [...view.shape].reverse(), strides: [...view.strides].reverse() };
}

/** The part of `data` that holds the elements, if they lie there row after row without gaps. */
export function plainData({ data, shape, strides, offset }: Block): Data | undefined {
  const wanted = rowStrides(shape);
  const plain = strides.every((stride, axis) => stride === wanted[axis]);
  return plain ? data.subarray(offset, offset + count(shape)) : undefined;
}

/** The position in `data` of each element, in row-after-row order of the view. */
export function* positions(view: Block): Generator<number> {
  const { shape, strides } = view;
  const total = count(shape);
  const index = new Array<number>(shape.length).fill(0);
  let position = view.offset;
  for (let seen = 0; seen < total; seen++) {
    yield position;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      position -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}
