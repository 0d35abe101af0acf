import { type Block, block, type Dtype, type Shape } from "../../src/shape/block.ts";
import { hex } from "../random/bits.ts";

/** A number's 16 hexadecimal digits; all NaNs are "nan", and -0 is not 0. */
export function bits(value: number): string {
  return Number.isNaN(value) ? "nan" : hex(value);
}

/** The number that `bits` tells. */
export function fromBits(digits: string): number {
  return digits === "nan" ? Number.NaN : Buffer.from(digits, "hex").readDoubleBE(0);
}

/** Numbers laid out row after row, stored in the type given. */
export function blockOf(dtype: Dtype, shape: Shape, values: Iterable<number>): Block {
  const made = block(dtype, shape);
  made.data.set([...values]);
  return made;
}

/** The numbers of a view, row after row, found by the definition of strides and nothing else. */
export function elements({ data, shape, strides, offset }: Block): number[] {
  const from = (axis: number, position: number): number[] =>
    axis === shape.length
      ? [data[position]!]
      : Array.from({ length: shape[axis]! }, (_, i) => from(axis + 1, position + i * strides[axis]!)).flat();
  return from(0, offset);
}

/** What a block holds, in bits: equal texts mean equal shapes and equal numbers. */
export function fingerprint(view: Block): string {
  return `[${view.shape.join(" ")}] ${elements(view).map(bits).join(" ")}`;
}

/** How a block is shown in a failure. */
export function shown(view: Block): string {
  const show = (value: number) => (Object.is(value, -0) ? "-0" : String(value));
  return `[${view.shape.join(" ")}] ${elements(view).map(show).join(" ")}`;
}
