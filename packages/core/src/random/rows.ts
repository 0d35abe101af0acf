import { allocate, type Block, block, type Data, positions } from "../shape/block.ts";
import { type Numbers, viewOf } from "../shape/numbers.ts";
import { shown } from "../shape/shown.ts";

/** Whether whole numbers in [low, high) can be held by an int32. */
export function fitsInt32(low: number, high: number): boolean {
  return low >= -0x80000000 && high <= 0x80000000;
}

/**
 * The numbers as a block; nothing is copied but lists. A list becomes int32 where each of its numbers is one,
 * otherwise float64, as an empty one does.
 */
export function blockOf(name: string, values: Numbers): Block {
  if (typeof values !== "object" || values === null)
    throw new TypeError(`${name} is ${shown(values)}; give a list of numbers, a typed array or a block`);
  const view = viewOf(values, name);
  if (!Array.isArray(values) || view.dtype !== "float64" || view.data.length === 0) return view;
  const whole = view.data.every((value) => Object.is(value | 0, value));
  return whole ? block("int32", view.shape, Int32Array.from(view.data)) : view;
}

/** The numbers as a block with one axis. */
export function vectorOf(name: string, values: Numbers): Block {
  const view = blockOf(name, values);
  if (view.shape.length === 1) return view;
  throw new RangeError(`${name} has shape [${view.shape.join(", ")}]; give numbers along one axis`);
}

/** The view's rows (its elements, where it has one axis) with the given indices, as a new block. */
export function takeRows(view: Block, rows: Data): Block {
  const within = rowPositions(view);
  const data = allocate(view.dtype, rows.length * within.length);
  let next = 0;
  for (const row of rows) {
    const start = view.offset + row * view.strides[0]!;
    for (const position of within) data[next++] = view.data[start + position]!;
  }
  return block(view.dtype, [rows.length, ...view.shape.slice(1)], data);
}

/** Exchanges two rows of a view in place. */
export function rowSwapper(view: Block): (left: number, right: number) => void {
  const within = rowPositions(view);
  const { data, offset } = view;
  const stride = view.strides[0]!;
  return (left, right) => {
    for (const position of within) {
      const there = offset + left * stride + position;
      const here = offset + right * stride + position;
      const held = data[there]!;
      data[there] = data[here]!;
      data[here] = held;
    }
  };
}

/** Where the elements of a row lie, counted from the row's start. */
function rowPositions(view: Block): number[] {
  return [...positions({ ...view, shape: view.shape.slice(1), strides: view.strides.slice(1), offset: 0 })];
}
