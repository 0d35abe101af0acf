import { figure } from "../figures.ts";
import type { Pen } from "./colours.ts";
import { logarithmic, type Scale } from "./scale.ts";
import { card, element, text } from "./svg.ts";

/** One contender over all points. */
export interface Curve {
  readonly name: string;
  readonly pen: Pen;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Curves over one axis. */
export interface Panel {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
}

const [plotWidth, plotHeight] = [330, 220];
const margin = { left: 64, right: 24, top: 46, bottom: 44 };
const legendLine = 18;

/** Panels side by side, two in a row, both axes in powers (of 2 across, of 10 upwards), and one legend for all of them. */
export function lineChart(title: string, panels: readonly Panel[]): string {
  const columns = Math.min(2, panels.length);
  const cell = {
    width: margin.left + plotWidth + margin.right,
    height: margin.top + plotHeight + margin.bottom,
  };
  const width = columns === 1 ? 720 : columns * cell.width;
  const inner = columns === 1 ? width - margin.left - margin.right : plotWidth;
  const curves = new Map(panels.flatMap(({ curves: some }) => some).map((curve) => [curve.name, curve.pen]));
  const perRow = Math.max(1, Math.floor((width - 32) / 230));
  const legendHeight = Math.ceil(curves.size / perRow) * legendLine + 14;
  const rows = Math.ceil(panels.length / columns);
  const height = 44 + legendHeight + rows * cell.height;
  return card(
    width,
    height,
    title,
    text(16, 26, title, { class: "head" }),
    ...[...curves].map(([name, pen], k) =>
      legendEntry(
        16 + (k % perRow) * ((width - 32) / perRow),
        50 + Math.floor(k / perRow) * legendLine,
        name,
        pen,
      ),
    ),
    ...panels.map((panel, k) =>
      element(
        "g",
        {
          transform: `translate(${(k % columns) * cell.width} ${44 + legendHeight + Math.floor(k / columns) * cell.height})`,
        },
        ...drawn(panel, inner),
      ),
    ),
  );
}

function legendEntry(x: number, y: number, name: string, { colour, dashes }: Pen): string {
  return (
    element("line", {
      x1: x,
      y1: y - 4,
      x2: x + 26,
      y2: y - 4,
      stroke: colour,
      "stroke-width": 2.5,
      "stroke-dasharray": dashes,
    }) + text(x + 32, y, name)
  );
}

function drawn({ title, x, y, curves }: Panel, width: number): string[] {
  const all = curves.flatMap(({ points }) => points);
  if (all.length === 0) return [text(16, 18, `${title}: not measured`, { class: "quiet" })];
  const [left, bottom] = [margin.left, margin.top + plotHeight];
  const across = logarithmic(
    all.map(([at]) => at),
    left,
    left + width,
    2,
  );
  const up = logarithmic(
    all.map(([, value]) => value),
    bottom,
    margin.top,
  );
  return [
    text(16, 18, title, { class: "head" }),
    ...grid(across, up, left, width, bottom),
    text(left + width, bottom + 34, x, { class: "quiet", "text-anchor": "end" }),
    text(16, margin.top - 10, y, { class: "quiet" }),
    ...curves.map(({ points, pen }) => curve(points, pen, across, up)),
  ];
}

function grid(across: Scale, up: Scale, left: number, width: number, bottom: number): string[] {
  return [
    ...up.ticks.flatMap((tick) => [
      element("line", { class: "grid", x1: left, y1: up.at(tick), x2: left + width, y2: up.at(tick) }),
      text(left - 6, up.at(tick) + 4, short(tick), { class: "quiet", "text-anchor": "end" }),
    ]),
    element("line", { class: "axis", x1: left, y1: bottom, x2: left + width, y2: bottom }),
    ...across.ticks.flatMap((tick) => [
      element("line", {
        class: "axis",
        x1: across.at(tick),
        y1: bottom,
        x2: across.at(tick),
        y2: bottom + 4,
      }),
      text(across.at(tick), bottom + 17, short(tick), { class: "quiet", "text-anchor": "middle" }),
    ]),
  ];
}

function curve(points: Curve["points"], { colour, dashes }: Pen, across: Scale, up: Scale): string {
  const places = points.map(([x, y]) => [across.at(x), up.at(y)] as const);
  const path = places.map(([x, y], k) => `${k === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  return (
    element("path", {
      d: path,
      fill: "none",
      stroke: colour,
      "stroke-width": 2,
      "stroke-dasharray": dashes,
      "stroke-linejoin": "round",
    }) + places.map(([cx, cy]) => element("circle", { cx, cy, r: 2.8, fill: colour })).join("")
  );
}

/** `1k`, `16k`, `1M`: marks are short. */
function short(value: number): string {
  if (value >= 1e6) return `${figure(value / 1e6)}M`.replace(/\.0+M/, "M");
  if (value >= 1e4) return `${Math.round(value / 1000)}k`;
  return value >= 1 ? String(Math.round(value)) : String(Number(value.toPrecision(1)));
}
