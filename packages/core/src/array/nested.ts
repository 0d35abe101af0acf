import type { Block } from "../shape/block.ts";
import type { Nested } from "../shape/numbers.ts";

/** The elements of a view as nested lists, of booleans for bool. */
export function nested(view: Block): Nested {
  const [size, ...shape] = view.shape;
  if (size === undefined) {
    const value = view.data[view.offset]!;
    return view.dtype === "bool" ? value !== 0 : value;
  }
  const [stride, ...strides] = view.strides as [number, ...number[]];
  return Array.from({ length: size }, (_, i) =>
    nested({ ...view, shape, strides, offset: view.offset + i * stride }),
  );
}
