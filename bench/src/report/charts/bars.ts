import type { Pen } from "./colours.ts";
import { linear, logarithmic } from "./scale.ts";
import { card, element, text } from "./svg.ts";

/** One contender's figure. */
export interface Bar {
  readonly name: string;
  readonly pen: Pen;
  readonly value: number;
  /** The middle half of the measurements. */
  readonly spread?: readonly [low: number, high: number];
  /** What of it comes on top, drawn lighter: such as what is loaded later. */
  readonly more?: number;
  /** The figure in words. */
  readonly says: string;
}

/** Bars under a heading of their own, on an axis of their own. */
export interface Group {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Powers of ten, for figures of very different size; then a bar's length says nothing, only where it ends. */
  readonly logarithmic?: boolean;
}

const [width, wordsWidth, line] = [760, 130, 22];
/** About how wide a letter is. */
const letter = 6.5;

/** Horizontal bars, group after group. */
export function barChart(title: string, groups: readonly Group[]): string {
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ name }) => name.length)));
  const labelWidth = Math.round(longest * letter) + 28;
  const content: string[] = [text(16, 26, title, { class: "head" })];
  let y = 44;
  for (const group of groups) {
    content.push(text(16, y + 14, group.title, { class: "head" }));
    y += 24;
    content.push(...group.bars.flatMap((bar, k) => drawn(bar, group, labelWidth, y + k * line)));
    y += group.bars.length * line + 14;
  }
  return card(width, y + 4, title, ...content);
}

function drawn(bar: Bar, { bars, logarithmic: powers }: Group, labelWidth: number, y: number): string[] {
  const ends = bars.map(({ value, more = 0, spread }) => Math.max(value + more, spread?.[1] ?? 0));
  const room: [number, number] = [labelWidth, width - wordsWidth];
  const { at } = powers
    ? logarithmic([...ends, Math.min(...bars.map(({ value }) => value)) / 2], ...room)
    : linear(ends, ...room);
  const end = at(bar.value);
  const last = at(bar.value + (bar.more ?? 0));
  const middle = y + line / 2;
  return [
    text(labelWidth - 8, middle + 4, bar.name, { "text-anchor": "end" }),
    element("rect", {
      x: labelWidth,
      y: y + 4,
      width: Math.max(1, end - labelWidth),
      height: line - 8,
      fill: bar.pen.colour,
    }),
    ...(bar.more
      ? [
          element("rect", {
            x: end,
            y: y + 4,
            width: last - end,
            height: line - 8,
            fill: bar.pen.colour,
            opacity: 0.45,
          }),
        ]
      : []),
    ...(bar.spread
      ? [
          element("path", {
            class: "whisker",
            d: `M${at(bar.spread[0]).toFixed(1)} ${middle}H${at(bar.spread[1]).toFixed(1)}`,
          }),
        ]
      : []),
    text(Math.max(last, bar.spread ? at(bar.spread[1]) : 0) + 6, middle + 4, bar.says),
  ];
}
