import type { Block, Shape } from "../shape/block.ts";
import { type OperandRow, ShapeError } from "../shape/shapeError.ts";

/**
 * The shape in which two arrays meet as NumPy has it: aligned at their last axes, a missing axis or one of size
 * 1 stretches. Throws a ShapeError naming the axis (counted from the end) that fits neither way.
 */
export function broadcastShape(call: string, left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length);
  const shape = new Array<number>(rank);
  for (let fromEnd = 1; fromEnd <= rank; fromEnd++) {
    const l = left[left.length - fromEnd] ?? 1;
    const r = right[right.length - fromEnd] ?? 1;
    if (l !== r && l !== 1 && r !== 1)
      throw new ShapeError(`${call}(left, right): axis -${fromEnd} is ${l} in left but ${r} in right`, [
        row("left", left),
        row("right", right),
      ]);
    shape[rank - fromEnd] = l === 1 ? r : l;
  }
  return shape;
}

/** A view that repeats elements along the axes that stretch. `shape` is one that the view broadcasts to. */
export function broadcastTo(view: Block, shape: Shape): Block {
  const added = shape.length - view.shape.length;
  const strides = shape.map((_, axis) =>
    axis < added || view.shape[axis - added] === 1 ? 0 : view.strides[axis - added]!,
  );
  return { ...view, shape, strides };
}

function row(operand: string, shape: Shape): OperandRow {
  return { operand, name: "", shape, pattern: "[...]" };
}
