import { allocate, type Block, block, type Data, type Dtype, positions } from "../shape/block.ts";
import { type Nested, viewOf } from "../shape/numbers.ts";
import { shown } from "./arguments.ts";

/** Numbers to draw from: a list, a typed array, or a block. */
export type Numbers = Nested | Data | Block;

/** Whether whole numbers in [low, high) can be held by an int32. */
export function fitsInt32(low: number, high: number): boolean {
  return low >= -0x80000000 && high <= 0x80000000;
}

/**
 * The numbers as a block; nothing is copied but lists. A list becomes int32 where each of its numbers is one,
 * otherwise float64, as an empty one does.
 */
export function blockOf(name: string, values: Numbers): Block {
  if (ArrayBuffer.isView(values)) return block(dtypeOf(name, values), [values.length], values);
  if (Array.isArray(values)) {
    const listed = viewOf(values, name);
    const whole = listed.data.length > 0 && listed.data.every((value) => Object.is(value | 0, value));
    return whole && listed.dtype === "float64"
      ? block("int32", listed.shape, Int32Array.from(listed.data))
      : listed;
  }
  if (isBlock(values)) return values;
  throw new TypeError(`${name} is ${shown(values)}; give a list of numbers, a typed array or a block`);
}

/** The numbers as a block with one axis. */
export function vectorOf(name: string, values: Numbers): Block {
  const view = blockOf(name, values);
  if (view.shape.length === 1) return view;
  throw new RangeError(`${name} has shape [${view.shape.join(", ")}]; give numbers along one axis`);
}

export function isBlock(values: unknown): values is Block {
  const { data, shape, strides } = (values ?? {}) as Partial<Block>;
  return ArrayBuffer.isView(data) && Array.isArray(shape) && Array.isArray(strides);
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

function dtypeOf(name: string, data: Data): Dtype {
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array) return "uint8";
  throw new TypeError(
    `${name} is a ${(data as object).constructor.name}; give float64, float32, int32 or uint8`,
  );
}
