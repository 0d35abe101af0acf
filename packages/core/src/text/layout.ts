import type { Block, Shape } from "../shape/block.ts";

/** Where "..." stands in an axis, among the indices that are shown. */
const gap = -1;

/** The indices of an axis that are shown: all of them, or `edge` at either end of a longer one. */
function shown(size: number, edge: number): number[] {
  const indices = Array.from({ length: Math.min(size, 2 * edge) }, (_, i) => i);
  if (size <= 2 * edge) return indices;
  return [...indices.slice(0, edge), gap, ...indices.slice(0, edge).map((i) => size - edge + i)];
}

/**
 * The elements that are shown, row after row, when every axis longer than `2 * edge` is cut down to its ends;
 * an infinite `edge` shows all.
 */
export function corners(view: Block, edge: number): number[] {
  const { data, shape, strides, offset } = view;
  const axes = shape.map((size) => shown(size, edge).filter((index) => index !== gap));
  const found: number[] = [];
  const visit = (axis: number, position: number): void => {
    if (axis === shape.length) {
      found.push(data[position]!);
      return;
    }
    for (const index of axes[axis]!) visit(axis + 1, position + index * strides[axis]!);
  };
  visit(0, offset);
  return found;
}

export interface Frame {
  /** Between elements of a row: " " or ", ". */
  readonly separator: string;
  /** How far the rows stand from the margin because of what is printed before the first bracket. */
  readonly indent: number;
  /** The longest line allowed, unless a single element is longer. */
  readonly linewidth: number;
  /** As given to `corners`. */
  readonly edge: number;
}

/**
 * The words of an array (one for each element that `corners` gave, in that order) in nested brackets: rows wrap
 * at the line width, matrices stand one blank line apart, stacks of them two, and so on.
 */
export function layout(shape: Shape, words: readonly string[], frame: Frame): string {
  let next = 0;

  const brackets = (axis: number): string => {
    if (axis === shape.length) return words[next++]!;
    const inside = shown(shape[axis]!, frame.edge).map((index) =>
      index === gap ? "..." : brackets(axis + 1),
    );
    const indent = " ".repeat(frame.indent + axis + 1);
    const inner = shape.length - axis - 1;
    if (inner === 0) return `[${wrapped(inside, indent)}]`;
    return `[${inside.join(frame.separator.trimEnd() + "\n".repeat(inner) + indent)}]`;
  };

  // A line leaves room for the brackets that may close behind it, one for each axis, comma or not.
  const room = frame.linewidth - shape.length;
  const wrapped = (row: readonly string[], indent: string): string => {
    let text = "";
    let line = indent;
    row.forEach((word, i) => {
      if (line.length > indent.length && line.length + word.length > room) {
        text += `${line.trimEnd()}\n`;
        line = indent;
      }
      line += i + 1 < row.length ? word + frame.separator : word;
    });
    return (text + line).slice(indent.length);
  };

  return brackets(0);
}
