import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, type SizeShape } from "../shape/size.ts";
import type { Role } from "./data.ts";

/** Throws `ShapeError` unless the sizes of a declared array are whole numbers, and `"batch"` stands only where rows do. */
export function checkSizes(name: string, role: Role, shape: SizeShape): void {
  for (const [axis, size] of shape.entries()) {
    if (size === "batch") {
      if (axis > 0 || !["input", "target", "noise"].includes(role))
        throw new ShapeError(
          `${name} is ${formatShape(shape)}: only the first size of an input or target is batch`,
        );
    } else if (!Number.isInteger(size) || size < 0)
      throw new ShapeError(
        `${name} is ${formatShape(shape)}: a size is a whole number or "batch", not ${size}`,
      );
  }
}
