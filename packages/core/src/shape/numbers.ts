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
import { checkedBlock } from "./checkedBlock.ts";
import { ShapeError } from "./shapeError.ts";
import { shown } from "./shown.ts";
import { formatShape, mostAxes, sameShape } from "./size.ts";
import { dataOf, dtypeOf, proxiedData, type TypedNumbers } from "./typed.ts";

/** A number, or lists of numbers to any depth; all lists of one depth have the same length. */
export type Nested = number | boolean | readonly Nested[];

/**
 * What a user may hand over as numbers: one, nested lists, a typed array (one axis), a block (arrays are blocks), and lists of
 * these, such as rows that are typed arrays.
 */
export type Numbers = number | boolean | TypedNumbers | Block | readonly Numbers[];

/** More numbers than this do not come as lists: those that hold more hold one list again and again. */
const mostListed = 0x10000000;

/**
 * Numbers as a block. Blocks and typed arrays are seen where they are, but for the kinds of typed arrays that no block has;
 * lists are copied: to bool where all is boolean, to the type of their rows where all are typed arrays or blocks of one type,
 * otherwise to float64. `name` stands in errors: a ShapeError for ragged lists and for a block whose data end before its shape,
 * a TypeError for what is no number.
 */
export function viewOf(values: Numbers, name = "values"): Block {
  return heldBy(values, name) ?? listed(values, name);
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
  return block(dtypeOf(values), shape, values);
}

/** Numbers that a typed array or a block holds; undefined for all else. */
function heldBy(values: unknown, name: string): Block | undefined {
  if (typeof values !== "object" || values === null || isList(values)) return undefined;
  if ("strides" in values) return checkedBlock(name, values as Block);
  const data = ArrayBuffer.isView(values) ? dataOf(name, values) : proxiedData(values);
  return data && block(dtypeOf(data), [data.length], data);
}

/** Reads nested lists. Their first elements give the shape, which every other list is held to. */
function listed(values: unknown, name: string): Block {
  const shape: number[] = [];
  let first = values;
  for (; isList(first); first = first[0]) {
    if (shape.length === mostAxes)
      throw new ShapeError(`${name} is nested more than ${mostAxes} lists deep, or holds itself`);
    shape.push(first.length);
  }
  const index = shape.map(() => 0);
  if (shape.at(-1) !== 0) shape.push(...leafOf(first, element(name, index)).shape);
  if (count(shape) > mostListed)
    throw new RangeError(`${name} is ${formatShape(shape)}: give so many numbers as a typed array`);

  const numbers = allocate("float64", count(shape));
  let next = 0;
  let dtype: Dtype | undefined;
  const note = (kind: Dtype) => {
    dtype = dtype === undefined || dtype === kind ? kind : "float64";
  };
  const clash = (found: Shape, wanted: Shape, depth: number) => {
    const start = element(name, new Array<number>(depth).fill(0));
    const place = element(name, index.slice(0, depth));
    return new ShapeError(`${place} is ${described(found)}, but ${start} is ${described(wanted)}`);
  };
  const collect = (item: unknown, depth: number): void => {
    if (isList(item)) {
      if (item.length !== shape[depth]) throw clash([item.length], shape.slice(depth, depth + 1), depth);
      // Not forEach, which would pass over holes.
      for (let i = 0; i < item.length; i++) {
        index[depth] = i;
        collect(item[i], depth + 1);
      }
    } else if (typeof item === "number" || typeof item === "boolean") {
      if (depth !== shape.length) throw clash([], shape.slice(depth, depth + 1), depth);
      numbers[next++] = Number(item);
      note(typeof item === "number" ? "float64" : "bool");
    } else {
      const row = leafOf(item, element(name, index.slice(0, depth)));
      if (!sameShape(row.shape, shape.slice(depth))) throw clash(row.shape, shape.slice(depth), depth);
      for (const position of positions(row)) numbers[next++] = row.data[position]!;
      note(row.dtype);
    }
  };
  collect(values, 0);

  if (dtype === undefined || dtype === "float64") return block("float64", shape, numbers);
  const typed = block(dtype, shape);
  typed.data.set(numbers);
  return typed;
}

/** What is no list, as a block. Throws unless it is a number, a typed array or a block. */
function leafOf(item: unknown, place: string): Block {
  const held = heldBy(item, place);
  if (held) return held;
  if (typeof item === "number" || typeof item === "boolean") return block("float64", []);
  throw new TypeError(`${place} is ${shown(item)}; give numbers or booleans`);
}

function isList(item: unknown): item is readonly unknown[] {
  return Array.isArray(item);
}

function element(name: string, index: readonly number[]): string {
  return `${name}${index.map((i) => `[${i}]`).join("")}`;
}

/** A list by its length, a number by having none. */
function described(shape: Shape): string {
  if (shape.length === 0) return "a number";
  return shape.length === 1 ? `a list of ${shape[0]}` : formatShape(shape);
}
