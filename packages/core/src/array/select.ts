import type { Block } from "../shape/block.ts";
import { shown } from "../shape/shown.ts";

/**
 * What to take of an axis: `2` one index (the axis goes), `null` all of it, `[start, stop]` or `[start, stop, step]`
 * what Python writes `start:stop:step`, with `null` for a part left out. Negative indices count from the end.
 */
export type Selector = number | null | Range;

type Range = readonly [start: number | null, stop: number | null, step?: number | null];

/**
 * A view of the selected elements; axes without a selector stay whole. Throws a RangeError for an index out of
 * bounds, a step of 0, a number that is not whole, or more selectors than axes; ranges are clipped as Python's.
 */
export function select(view: Block, selectors: readonly Selector[]): Block {
  const rank = view.shape.length;
  if (selectors.length > rank)
    throw new RangeError(`${selectors.length} selectors for an array of rank ${rank}: ${written(selectors)}`);

  const shape: number[] = [];
  const strides: number[] = [];
  let { offset } = view;
  for (let axis = 0; axis < rank; axis++) {
    const size = view.shape[axis]!;
    const stride = view.strides[axis]!;
    const selector = selectors[axis] ?? null;
    if (typeof selector === "number") {
      offset += stride * indexWithin(selector, size, `index of axis ${axis}`);
      continue;
    }
    const { start, step, length } = selector === null ? whole(size) : within(selector, size, axis);
    offset += stride * start;
    shape.push(length);
    strides.push(stride * step);
  }
  return { ...view, shape, strides, offset };
}

/** An index counted from the start. Throws a RangeError unless it is whole and within [-size, size). */
export function indexWithin(index: number, size: number, what: string): number {
  if (!Number.isInteger(index)) throw new RangeError(`${what} is ${shown(index)}; give a whole number`);
  if (index >= -size && index < size) return index < 0 ? index + size : index;
  const bounds = size === 0 ? "there is none" : `give ${-size} to ${size - 1}`;
  throw new RangeError(`${what} is ${index}; ${bounds}`);
}

interface Stretch {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

function whole(size: number): Stretch {
  return { start: 0, step: 1, length: size };
}

/** Python's `slice.indices`: either end is brought to where a walk in the direction of the step may begin or end. */
function within(range: Range, size: number, axis: number): Stretch {
  if (!Array.isArray(range))
    throw new TypeError(
      `selector of axis ${axis} is ${shown(range)}; give an index, null, or a list of start, stop and step`,
    );
  const step = range[2] ?? 1;
  for (const part of range)
    if (part != null && !Number.isInteger(part))
      throw new RangeError(`range ${written([range])} of axis ${axis}: ${shown(part)} is not whole`);
  if (step === 0) throw new RangeError(`range ${written([range])} of axis ${axis}: the step is 0`);

  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const brought = (end: number | null, otherwise: number): number => {
    if (end === null) return otherwise;
    const counted = end < 0 ? end + size : end;
    return Math.min(Math.max(counted, lowest), highest);
  };
  const start = brought(range[0], step > 0 ? lowest : highest);
  const stop = brought(range[1], step > 0 ? highest : lowest);
  const length = Math.max(0, Math.ceil((stop - start) / step));
  return length === 0 ? { start: 0, step: 1, length } : { start, step, length };
}

function written(selectors: readonly Selector[]): string {
  return selectors.map(shown).join(", ");
}
