import { type Block, block, type Shape } from "../shape/block.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import { FileError } from "../trace/stored.ts";

/** Throws `FileError` unless an array of a file has the shape that a network has. */
export function checkShape(name: string, shape: Shape, found: Block): void {
  if (!sameShape(shape, found.shape))
    throw new FileError(
      `${name} is ${formatShape(shape)} in this network but ${formatShape(found.shape)} in the file`,
    );
}

/** The numbers in the precision of a network. */
export function ofDtype(dtype: Block["dtype"], { shape, data }: Block): Block {
  const converted = block(dtype, shape);
  converted.data.set(data);
  return converted;
}
