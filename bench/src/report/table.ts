import type { Reached } from "../harness/goals.ts";
import type { Result, Series } from "../harness/result.ts";
import { bytes, deviation, figure, time } from "./figures.ts";
import { type Row, rowsOf } from "./rows.ts";

/** A table as cells, the first row its head. */
export type Cells = readonly (readonly string[])[];

/** A series as a table: who, how fast, how far the middle half of the turns lay apart, how much memory. */
export function seriesCells(series: Series): Cells {
  const { work } = series;
  const rows = rowsOf(series);
  const columns: readonly (readonly [head: string, cell: (row: Row) => string])[] = [
    ["", ({ measured }) => `${measured.peer}, ${measured.label}`],
    ...(work.flops === undefined
      ? []
      : ([["samples/s", (row: Row) => figure(row.samplesPerSecond ?? Number.NaN)]] as const)),
    ["time", ({ seconds }) => time(seconds.median)],
    ...(work.steps === undefined
      ? []
      : ([["a step", (row: Row) => time(row.secondsPerStep ?? Number.NaN)]] as const)),
    [
      "half of the turns",
      ({ seconds }) =>
        `${deviation(seconds.lowerQuartile, seconds.median)} … ${deviation(seconds.upperQuartile, seconds.median)}`,
    ],
    ...(work.flops === undefined
      ? []
      : ([["GFLOP/s", (row: Row) => figure((row.flopsPerSecond ?? Number.NaN) / 1e9)]] as const)),
    ["peak memory", ({ measured }) => (measured.peak === undefined ? "" : bytes(measured.peak))],
  ];
  return [columns.map(([head]) => head), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
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
