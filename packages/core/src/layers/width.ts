import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape } from "../shape/size.ts";

/** How many columns a layer finds in the one before it, `layer_<number - 1>`. Throws `ShapeError` where that is no matrix. */
export function widthBefore(b: ProgramBuilder, layer: string, previous: Ref, number: number): number {
  const shape = b.shape(previous);
  const [, width] = shape;
  if (shape.length === 2 && typeof width === "number") return width;
  throw new ShapeError(`${layer}: layer_${number - 1} is ${formatShape(shape)}, but a matrix is needed`);
}
