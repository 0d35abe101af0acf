import { allocate, type Block, block, type Dtype, positions, type Shape } from "../shape/block.ts";
import { held } from "../shape/checkedBlock.ts";
import { python } from "../text/scalar.ts";
import { holds, isFloat, isInteger, range, rounding } from "./dtypes.ts";

/** A copy without gaps, row after row. */
export function contiguous(view: Block): Block {
  return converted(view, view.dtype, (value) => value, "");
}

/**
 * A copy in a type that must hold every number: float32 rounds and bool takes anything but 0 as true, but an
 * integer type neither rounds nor wraps. Throws a RangeError naming the first element that does not fit.
 */
export function stored(view: Block, dtype: Dtype, name: string): Block {
  return converted(view, dtype, dtype === "bool" ? rounding.bool : (value) => value, name);
}

/**
 * A copy as NumPy's `astype` makes it: floats lose their fraction, whole numbers wrap around. Throws a RangeError
 * for a float beyond the integer type, NaN above all: what NumPy makes of it depends on the processor.
 */
export function cast(view: Block, dtype: Dtype, name: string): Block {
  allocate(dtype, 0); // refuses what is no type
  const truncates = isFloat(view.dtype) && isInteger(dtype);
  return converted(view, dtype, truncates ? Math.trunc : rounding[dtype], name);
}

function converted(given: Block, dtype: Dtype, convert: (value: number) => number, name: string): Block {
  const view = held(given);
  const copy = block(dtype, [...view.shape]);
  let next = 0;
  for (const position of positions(view)) {
    const value = convert(view.data[position]!);
    if (!holds(dtype, value)) throw misfit(dtype, view.data[position]!, name + place(next, view.shape));
    copy.data[next++] = value;
  }
  return copy;
}

/** The error for a number that an integer type does not hold. */
export function misfit(dtype: Dtype, value: number, what: string): RangeError {
  const shown = Number.isInteger(value) ? String(value) : python(value);
  return new RangeError(`${what} is ${shown}, but ${dtype} holds ${isInteger(dtype) ? range[dtype] : ""}`);
}

/** The index of an element counted row after row, as it is written behind the array: `[1][0]`. */
export function place(element: number, shape: Shape): string {
  let text = "";
  let rest = element;
  for (const size of [...shape].reverse()) {
    text = `[${rest % size}]${text}`;
    rest = Math.floor(rest / size);
  }
  return text;
}
