import { type Block, positions } from "../shape/block.ts";
import { type Numbers, viewOf } from "../shape/numbers.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { broadcastTo } from "./broadcast.ts";
import { cast, stored } from "./convert.ts";

/**
 * Writes values into a view, as `view[...] = values` does. Throws, before anything is written, a ShapeError unless
 * they broadcast to the view, a RangeError for a number that the view's type does not take.
 */
export function assign(view: Block, values: Numbers): void {
  const given = viewOf(values);
  const hasType = typeof values === "object" && !Array.isArray(values);
  const convert = hasType ? cast : stored;
  // In any case a copy: the values may be a view of the very numbers that are written.
  const source = withoutOuterOnes(convert(given, view.dtype, "values"), view.shape.length);
  const fits = source.shape.every((size, axis) => {
    const place = axis + view.shape.length - source.shape.length;
    return place >= 0 && (size === 1 || size === view.shape[place]);
  });
  if (!fits)
    throw new ShapeError("assign: the values do not broadcast to the array", [
      { operand: "array", name: "", shape: view.shape, pattern: "[...]" },
      { operand: "values", name: "", shape: given.shape, pattern: "[...]" },
    ]);

  const from = positions(broadcastTo(source, view.shape));
  for (const position of positions(view)) view.data[position] = source.data[from.next().value!]!;
}

/** NumPy lets values have more axes than the view, if those are of size 1. */
function withoutOuterOnes(values: Block, rank: number): Block {
  let extra = 0;
  while (values.shape.length - extra > rank && values.shape[extra] === 1) extra++;
  return { ...values, shape: values.shape.slice(extra), strides: values.strides.slice(extra) };
}
