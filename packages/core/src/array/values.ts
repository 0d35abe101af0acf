import { type Block, block, type Data, type Dtype } from "../shape/block.ts";
import { ShapeError } from "../shape/shapeError.ts";

/** A number, or lists of numbers to any depth; all lists of one depth have the same length. */
export type Nested = number | boolean | readonly Nested[];

/** Whatever an array can be made of or meet: numbers, nested lists, typed arrays, blocks (arrays are blocks). */
export type Values = Nested | Data | Block;

/**
 * Values as a block. Blocks and typed arrays are seen where they are; lists are copied, to bool where all
 * is boolean and otherwise to float64. Throws a ShapeError for ragged lists, a TypeError for what is no number.
 */
export function viewOf(values: Values): Block {
  if (ArrayBuffer.isView(values)) return block(dtypeOf(values), [values.length], values);
  return isBlock(values) ? values : listed(values);
}

function isBlock(values: Exclude<Values, Data>): values is Block {
  return typeof values === "object" && values !== null && "strides" in values;
}

function dtypeOf(data: Data): Dtype {
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array) return "uint8";
  const { name } = (data as object).constructor;
  throw new TypeError(
    `values is of type ${name}; give a Float64Array, Float32Array, Int32Array or Uint8Array`,
  );
}

/** Reads nested lists. Their first elements give the shape, which every other list is held to. */
function listed(values: Nested): Block {
  const shape: number[] = [];
  for (let first: Nested | undefined = values; isList(first); first = first[0]) shape.push(first.length);

  const numbers: number[] = [];
  const index: number[] = [];
  let booleans = 0;
  const collect = (item: Nested, depth: number): void => {
    if (!isList(item) && typeof item !== "number" && typeof item !== "boolean")
      throw new TypeError(`${element(index.slice(0, depth))} is ${shown(item)}; give numbers or booleans`);
    const length = isList(item) ? item.length : undefined;
    if (length !== shape[depth]) {
      const first = element(new Array(depth).fill(0));
      const clash = `${described(length)}, but ${first} is ${described(shape[depth])}`;
      throw new ShapeError(`${element(index.slice(0, depth))} is ${clash}`);
    }
    if (isList(item)) {
      // Not forEach, which would pass over holes.
      for (let i = 0; i < item.length; i++) {
        index[depth] = i;
        collect(item[i]!, depth + 1);
      }
      return;
    }
    if (typeof item === "boolean") booleans++;
    numbers.push(Number(item));
  };
  collect(values, 0);

  const dtype = booleans > 0 && booleans === numbers.length ? "bool" : "float64";
  const filled = block(dtype, shape);
  filled.data.set(numbers);
  return filled;
}

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

function isList(item: Nested | undefined): item is readonly Nested[] {
  return Array.isArray(item);
}

function element(index: readonly number[]): string {
  return `values${index.map((i) => `[${i}]`).join("")}`;
}

/** A list by its length, a number by having none. */
function described(length: number | undefined): string {
  return length === undefined ? "a number" : `a list of ${length}`;
}

function shown(item: unknown): string {
  if (typeof item === "bigint") return `${item}n`;
  const text = JSON.stringify(item) ?? String(item);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
