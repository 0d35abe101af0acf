import { type Block, count, rowStrides, type Shape } from "../shape/block.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { shown } from "../shape/shown.ts";
import { formatShape } from "../shape/size.ts";
import { contiguous } from "./convert.ts";

/**
 * The same elements, row after row, in another shape, in which one size may be -1 for what is left. A view where
 * strides can express it, otherwise a copy, as NumPy's. Throws a ShapeError unless the sizes fit.
 */
export function reshape(view: Block, sizes: readonly number[]): Block {
  const shape = completed(sizes, view.shape);
  const strides = stridesFor(view, shape);
  if (strides) return { ...view, shape, strides };
  return { ...contiguous(view), shape, strides: rowStrides(shape) };
}

/** Throws a RangeError unless the sizes are whole and not negative. */
export function checkedShape(sizes: number | Shape): Shape {
  const given: unknown = typeof sizes === "number" ? [sizes] : sizes;
  if (!Array.isArray(given))
    throw new TypeError(`shape is ${shown(given)}; give a whole number or a list of them`);
  const shape: readonly number[] = [...given];
  const wrong = shape.findIndex((size) => !Number.isSafeInteger(size) || size < 0);
  if (wrong < 0) return shape;
  const all = shape.map(shown);
  throw new RangeError(`shape [${all.join(", ")}] has the size ${all[wrong]}; give whole numbers from 0 up`);
}

function completed(sizes: readonly number[], old: Shape): Shape {
  const total = count(old);
  const open = sizes.indexOf(-1);
  const shape = [...checkedShape(sizes.map((size, axis) => (axis === open ? 1 : size)))];
  if (open >= 0) shape[open] = total / count(shape);
  if (shape.every(Number.isInteger) && count(shape) === total) return shape;
  throw new ShapeError(
    `reshape: the ${total} elements of ${formatShape(old)} do not fill ${formatShape(sizes)}`,
  );
}

/**
 * The strides that walk the view's elements in row order in the new shape, if there are any. Old and new axes are
 * gone through together: the fewest of each with the same product form a group. Within a group the old axes must
 * lie as one (each stride the size times the stride of the axis after it), and the new ones then divide it up.
 */
function stridesFor(view: Block, shape: Shape): readonly number[] | undefined {
  if (count(shape) === 0) return rowStrides(shape);
  const axes = view.shape
    .map((size, axis) => ({ size, stride: view.strides[axis]! }))
    .filter(({ size }) => size !== 1);
  const strides = new Array<number>(shape.length).fill(1);
  let old = 0;
  for (let axis = 0; axis < shape.length; ) {
    const firstAxis = axis;
    const firstOld = old;
    let wanted = shape[axis++]!;
    if (wanted === 1) continue; // any stride will do
    let reached = axes[old++]!.size;
    while (wanted !== reached) {
      if (wanted < reached) wanted *= shape[axis++]!;
      else reached *= axes[old++]!.size;
    }
    for (let i = firstOld; i < old - 1; i++)
      if (axes[i]!.stride !== axes[i + 1]!.size * axes[i + 1]!.stride) return undefined;
    let stride = axes[old - 1]!.stride;
    for (let i = axis - 1; i >= firstAxis; i--) {
      strides[i] = stride;
      stride *= shape[i]!;
    }
  }
  return strides;
}
