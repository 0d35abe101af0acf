import {
  allocate,
  type Block,
  block,
  count,
  type Data,
  type Dtype,
  plainData,
  positions,
  type Shape,
} from "./block.ts";
import { ShapeError } from "./shapeError.ts";

/** A number, or lists of numbers to any depth; all lists of one depth have the same length. */
export type Nested = number | boolean | readonly Nested[];

/** What a user may hand over as numbers: one, nested lists, a typed array (one axis), a block (arrays are blocks). */
export type Numbers = Nested | Data | Block;

/**
 * Numbers as a block. Blocks and typed arrays are seen where they are; lists are copied, to bool where all
 * is boolean and otherwise to float64. `name` stands in errors: a ShapeError for ragged lists, a TypeError for what
 * is no number.
 */
export function viewOf(values: Numbers, name = "values"): Block {
  if (ArrayBuffer.isView(values)) return block(dtypeOf(values, name), [values.length], values);
  return isBlock(values) ? values : listed(values, name);
}

/** A shape and its numbers, row after row. */
export interface Flat {
  readonly shape: Shape;
  readonly values: Data;
}

/**
 * Numbers row after row, in the type they have, so that bytes stay bytes: seen where they are if they lie so, otherwise a copy.
 * Throws as `viewOf` does.
 */
export function flatten(name: string, numbers: Numbers): Flat {
  const view = viewOf(numbers, name);
  const plain = plainData(view);
  if (plain) return { shape: view.shape, values: plain };
  const values = allocate(view.dtype, count(view.shape));
  let next = 0;
  for (const position of positions(view)) values[next++] = view.data[position]!;
  return { shape: view.shape, values };
}

/** The same numbers, where they are. */
export function asBlock({ shape, values }: Flat): Block {
  return block(dtypeOf(values, "values"), shape, values);
}

function isBlock(values: Exclude<Numbers, Data>): values is Block {
  return typeof values === "object" && values !== null && "strides" in values;
}

function dtypeOf(data: Data, given: string): Dtype {
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array) return "uint8";
  const { name } = (data as object).constructor;
  throw new TypeError(
    `${given} is of type ${name}; give a Float64Array, Float32Array, Int32Array or Uint8Array`,
  );
}

/** Reads nested lists. Their first elements give the shape, which every other list is held to. */
function listed(values: Nested, name: string): Block {
  const shape: number[] = [];
  for (let first: Nested | undefined = values; isList(first); first = first[0]) shape.push(first.length);

  const numbers: number[] = [];
  const index: number[] = [];
  let booleans = 0;
  const collect = (item: Nested, depth: number): void => {
    if (!isList(item) && typeof item !== "number" && typeof item !== "boolean")
      throw new TypeError(
        `${element(name, index.slice(0, depth))} is ${shown(item)}; give numbers or booleans`,
      );
    const length = isList(item) ? item.length : undefined;
    if (length !== shape[depth]) {
      const first = element(name, new Array(depth).fill(0));
      const clash = `${described(length)}, but ${first} is ${described(shape[depth])}`;
      throw new ShapeError(`${element(name, index.slice(0, depth))} is ${clash}`);
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

function isList(item: Nested | undefined): item is readonly Nested[] {
  return Array.isArray(item);
}

function element(name: string, index: readonly number[]): string {
  return `${name}${index.map((i) => `[${i}]`).join("")}`;
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
