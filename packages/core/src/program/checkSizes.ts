import { shown } from "../random/arguments.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, type SizeShape } from "../shape/size.ts";
import type { Role } from "./data.ts";

/** Throws `ShapeError` unless an array of a program may have these sizes. */
export function checkSizes(name: string, role: Role, shape: SizeShape): void {
  if (!Array.isArray(shape))
    throw new ShapeError(`${name}: give the size of each axis, such as ["batch", 3], not ${shown(shape)}`);
  for (const [axis, size] of shape.entries()) {
    if (size === "batch") {
      if (axis > 0 || !["input", "target", "noise"].includes(role))
        throw new ShapeError(
          `${name} is ${formatShape(shape)}: only the first size of an input or target is batch`,
        );
    } else if (!Number.isInteger(size) || size < 0)
      throw new ShapeError(
        `${name} is ${shape.map((each) => (each === "batch" ? each : shown(each))).join(" × ")}: ` +
          `a size is a whole number or "batch", not ${shown(size)}`,
      );
  }
}
