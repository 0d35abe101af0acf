import type { Reached } from "../harness/goals.ts";
import type { Measured } from "../harness/measured.ts";
import type { Result, Series } from "../harness/result.ts";
import type { Summary } from "../harness/statistics.ts";
import { bytes, deviation, figure, time } from "./figures.ts";
import { type Row, rowsOf } from "./rows.ts";

/** A table as cells, the first row its head. */
export type Cells = readonly (readonly string[])[];

type Column = readonly [head: string, cell: (row: Row) => string | undefined];

/** What a table may tell of a row; a column that tells nothing is left out. */
const columns: readonly Column[] = [
  ["", ({ measured }) => nameOf(measured)],
  // Only where there are products are samples what a task is about.
  ["samples/s", ({ samplesPerSecond, flopsPerSecond }) => shown(flopsPerSecond && samplesPerSecond, figure)],
  ["time", ({ seconds }) => shown(seconds?.median, time)],
  ["a step", ({ secondsPerStep }) => shown(secondsPerStep, time)],
  ["half of the turns", ({ seconds }) => seconds && spread(seconds)],
  ["GFLOP/s", ({ flopsPerSecond }) => shown(flopsPerSecond, (each) => figure(each / 1e9))],
  ["right", ({ measured }) => shown(measured.figures?.accuracy, (each) => `${(each * 100).toFixed(2)} %`)],
  ["at once", ({ measured }) => shown(measured.figures?.minified, bytes)],
  ["gzipped", ({ measured }) => shown(measured.figures?.gzipped, bytes)],
  ["on demand", ({ measured }) => shown(measured.figures?.laterMinified || undefined, bytes)],
  ["gzipped", ({ measured }) => shown(measured.figures?.laterGzipped || undefined, bytes)],
  ["peak memory", ({ measured }) => shown(measured.peak, bytes)],
];

/** A series as a table: who, how fast, how far the middle half of the turns lay apart, how much memory. */
export function seriesCells(series: Series): Cells {
  const rows = rowsOf(series);
  const telling = columns.filter(([, cell]) => rows.some((row) => cell(row) !== undefined));
  return [telling.map(([head]) => head), ...rows.map((row) => telling.map(([, cell]) => cell(row) ?? ""))];
}

export function nameOf({ peer, label }: Pick<Measured, "peer" | "label">): string {
  return `${peer}, ${label}`;
}

function spread({ lowerQuartile, upperQuartile, median, count }: Summary): string {
  if (count === 1) return "one turn";
  return `${deviation(lowerQuartile, median)} … ${deviation(upperQuartile, median)}`;
}

function shown(value: number | undefined, as: (value: number) => string): string | undefined {
  return value === undefined ? undefined : as(value);
}

/** Goals as a table. */
export function goalCells(goals: readonly Reached[]): Cells {
  return [
    ["goal", "measured", "compared", ""],
    ...goals.map(({ says, value, compared, measure, met }) => [
      says,
      value === undefined ? "" : `${figure(value.median)} ${measure}`,
      compared?.join(" against ") ?? "one side is absent",
      met === undefined ? "open" : met ? "met" : "missed",
    ]),
  ];
}

/** Those that were not measured, and why. */
export function absences({ contenders }: Series): string[] {
  return contenders.flatMap(({ peer, label, status, why }) =>
    status === "measured" ? [] : [`${peer}, ${label}, ${status}: ${why?.split("\n")[0] ?? ""}`],
  );
}

/** A result as text for a terminal. */
export function table({ task, series, goals = [] }: Result): string {
  const parts = series.flatMap((each) => [
    each.name === task ? task : `${task}: ${each.name}`,
    aligned(seriesCells(each)),
    ...absences(each).map((line) => `  ${line}`),
  ]);
  return [...parts, ...(goals.length > 0 ? [aligned(goalCells(goals))] : [])].join("\n");
}

/** Columns side by side; the first is text, the others are numbers. */
export function aligned(cells: Cells): string {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => [...row[column]!].length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const room = " ".repeat(widths[column]! - [...cell].length);
          return column === 0 ? cell + room : room + cell;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
