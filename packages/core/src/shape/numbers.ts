import { type Block, count, positions, type Shape } from "./block.ts";
import { ShapeError } from "./shapeError.ts";
import { formatShape } from "./size.ts";

/** What a user may hand over as numbers: one, nested lists, a typed array (one axis), or a block. */
export type Numbers =
  | number
  | boolean
  | NestedNumbers
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint8Array
  | Block;

export type NestedNumbers = readonly (number | boolean | NestedNumbers)[];

/** A shape and its numbers, row after row. */
export interface Flat {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** Lays numbers out row after row. `name` stands in errors. Throws `ShapeError` naming the first row that is ragged. */
export function flatten(name: string, numbers: Numbers): Flat {
  if (typeof numbers === "number" || typeof numbers === "boolean")
    return { shape: [], values: [Number(numbers)] };
  if (ArrayBuffer.isView(numbers)) return { shape: [numbers.length], values: numbers };
  if (isBlock(numbers)) {
    const values = new Float64Array(count(numbers.shape));
    let next = 0;
    for (const position of positions(numbers)) values[next++] = numbers.data[position]!;
    return { shape: numbers.shape, values };
  }
  if (!Array.isArray(numbers))
    throw new TypeError(
      `${name}: numbers are needed (a number, nested lists, a typed array or an array), not ${typeof numbers}`,
    );
  const shape = firstShape(numbers);
  const values: number[] = [];
  collect(name, numbers, shape, 0, "", values);
  return { shape, values };
}

function isBlock(numbers: Numbers): numbers is Block {
  return typeof numbers === "object" && "strides" in numbers && "data" in numbers;
}

function firstShape(list: unknown): number[] {
  return Array.isArray(list) ? [list.length, ...firstShape(list[0])] : [];
}

function collect(
  name: string,
  item: unknown,
  shape: Shape,
  axis: number,
  at: string,
  values: number[],
): void {
  const place = at === "" ? name : `${name}${at}`;
  if (axis === shape.length) {
    if (typeof item !== "number" && typeof item !== "boolean")
      throw new ShapeError(
        `${place} is ${Array.isArray(item) ? "a list" : (JSON.stringify(item) ?? "undefined")}, where a number is needed`,
      );
    values.push(Number(item));
    return;
  }
  if (!Array.isArray(item) || item.length !== shape[axis])
    throw new ShapeError(
      `${place} has ${Array.isArray(item) ? `${item.length} elements` : "no elements"}, but ${shape[axis]} are needed: ` +
        `the first row makes ${name} ${formatShape(shape)}`,
    );
  for (const [position, inner] of item.entries())
    collect(name, inner, shape, axis + 1, `${at}[${position}]`, values);
}
