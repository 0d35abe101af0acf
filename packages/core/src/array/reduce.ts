import { compile, parse } from "../ops/expression.ts";
import { sumRows } from "../ops/sumRows.ts";
import { type Block, block, count, type Dtype, positions, type Shape } from "../shape/block.ts";
import { held } from "../shape/checkedBlock.ts";
import { arithmetic } from "./arithmetic.ts";
import { misfit, place } from "./convert.ts";
import { holds, isFloat, rounding } from "./dtypes.ts";
import { reshape } from "./reshape.ts";
import { indexWithin } from "./select.ts";

/**
 * Sums along an axis, or without one of all elements: down the columns, then across (of three axes and more, down
 * the first one again and again). In ascending order from the first term; of nothing, +0. Sums of integers and
 * booleans are int32; a RangeError says where that does not hold them.
 */
export function sum(view: Block, axis?: number): Block {
  const sums = added(view, axis);
  if (isFloat(view.dtype)) return sums;
  const whole = block("int32", sums.shape);
  for (const [i, value] of sums.data.entries()) {
    if (!holds("int32", value)) throw misfit("int32", value, `sum${place(i, sums.shape)}`);
    whole.data[i] = value;
  }
  return whole;
}

/** The sum divided by how many there are: NaN of nothing. Means of integers and booleans are float64. */
export function mean(view: Block, axis?: number): Block {
  const sums = added(view, axis);
  return arithmetic("divide", sums, count(axis === undefined ? view.shape : [view.shape[axis]!]));
}

/** Floats are added up in their own precision, integers in float64. */
function added(view: Block, axis?: number): Block {
  const dtype = isFloat(view.dtype) ? view.dtype : "float64";
  const round = isFloat(view.dtype) ? rounding[view.dtype] : exact;
  const along = (operand: Block, axis: number): Block => {
    const lanes = axisFirst(operand, axis);
    const output = block(dtype, lanes.shape.slice(1));
    sumRows.reference([lanes], output, round);
    return output;
  };
  if (axis !== undefined) return along(held(view), axis);
  let rest = view.shape.length === 0 ? reshape(view, [1]) : held(view);
  while (rest.shape.length > 0) rest = along(rest, 0);
  return rest;
}

/** Whole numbers lose nothing in float64 up to 2^53. */
function exact(partialSum: number): number {
  if (Number.isSafeInteger(partialSum)) return partialSum;
  throw misfit("int32", partialSum, "sum");
}

/** The largest or smallest elements: IEEE's maximum and minimum, so NaN wins. Throws a RangeError for none. */
export function extreme(name: "max" | "min", view: Block, axis?: number): Block {
  const evaluate = compile(parse(`${name}(left, right)`), ["left", "right"], rounding[view.dtype]);
  const fold = (lane: readonly number[]) => lane.reduce((most, value) => evaluate([most, value]));
  return folded(name, view, axis, view.dtype, fold);
}

/** Where the largest elements lie, counted along the axis or row after row: the first of equals, but NaN wins. */
export function argmax(view: Block, axis?: number): Block {
  return folded("argmax", view, axis, "int32", (lane) => {
    const nan = lane.findIndex(Number.isNaN);
    if (nan >= 0) return nan;
    return lane.reduce((most, value, i) => (value > lane[most]! ? i : most), 0);
  });
}

function folded(
  name: string,
  view: Block,
  axis: number | undefined,
  dtype: Dtype,
  fold: (lane: readonly number[]) => number,
): Block {
  const lanes = axis === undefined ? reshape(held(view), [-1]) : axisFirst(held(view), axis);
  const [length, ...shape] = lanes.shape as readonly [number, ...number[]];
  if (length === 0)
    throw new RangeError(`${name}: there is no element${axis === undefined ? "" : ` along axis ${axis}`}`);
  const output = block(dtype, shape);
  let written = 0;
  for (const start of positions({ ...lanes, shape, strides: lanes.strides.slice(1) })) {
    const lane = Array.from({ length }, (_, i) => lanes.data[start + i * lanes.strides[0]!]!);
    output.data[written++] = fold(lane);
  }
  return output;
}

/** The axis counted from the first. Throws a RangeError unless the array has it. */
export function checkedAxis(name: string, view: Block, axis: number | undefined): number | undefined {
  return axis === undefined ? undefined : indexWithin(axis, view.shape.length, `${name}: axis`);
}

/** The same view with one axis before the others. */
function axisFirst(view: Block, axis: number): Block {
  const moved = (items: Shape): Shape => [items[axis]!, ...items.filter((_, i) => i !== axis)];
  return { ...view, shape: moved(view.shape), strides: moved(view.strides) };
}
