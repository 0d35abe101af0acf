import type { Result, Series } from "../harness/result.ts";
import { bytes, figure } from "./figures.ts";
import { type Row, rowOf, rowsOf } from "./rows.ts";
import type { Cells } from "./table.ts";
import { nameOf } from "./table.ts";

/** The most that a contender's plain product reached, over all sizes. */
export interface Peak {
  readonly row: Row;
  readonly flopsPerSecond: number;
  readonly at: string;
}

/** By contender. */
export function peaks(products: Result | undefined): Map<string, Peak> {
  const found = new Map<string, Peak>();
  for (const series of products?.series ?? [])
    for (const row of rowsOf(series)) {
      const { flopsPerSecond } = row;
      const known = found.get(row.measured.id);
      if (flopsPerSecond !== undefined && flopsPerSecond > (known?.flopsPerSecond ?? 0))
        found.set(row.measured.id, { row, flopsPerSecond, at: series.name });
    }
  return found;
}

/** What plain products reach at most. */
export function peakCells(products: Result | undefined): Cells {
  return [
    ["", "GFLOP/s", "at"],
    ...[...peaks(products).values()].map(({ row, flopsPerSecond, at }) => [
      nameOf(row.measured),
      figure(flopsPerSecond / 1e9),
      at,
    ]),
  ];
}

/** How fast one thread copies. */
export function copyCells(products: Result | undefined): Cells {
  return [
    ["a copy of", "read and written"],
    ...copies(products).map(({ size, bytesPerSecond }) => [bytes(size), `${bytes(bytesPerSecond)}/s`]),
  ];
}

/** How near a task comes to what products reach and to what memory gives. */
export function nearnessCells(tasks: readonly Result[], products: Result | undefined): Cells {
  const limits = peaks(products);
  return [
    ["", "", "GFLOP/s", "of its product's", "bytes a step", "moved", "of a copy's"],
    ...tasks.flatMap(({ task, series: [series] }) =>
      [...limits.keys()].flatMap((id) => {
        const row = rowOf(series, id);
        if (row?.measured.peer !== "Streetlight" || row.flopsPerSecond === undefined) return [];
        const perStep = series!.work.bytes! / series!.work.steps!;
        const copy = copyOf(products, perStep);
        return [
          [
            task,
            row.measured.label,
            figure(row.flopsPerSecond / 1e9),
            share(row.flopsPerSecond / limits.get(id)!.flopsPerSecond),
            bytes(perStep),
            `${bytes(row.bytesPerSecond!)}/s`,
            copy === undefined ? "" : share(row.bytesPerSecond! / copy),
          ],
        ];
      }),
    ),
  ];
}

function copies(products: Result | undefined): { size: number; bytesPerSecond: number }[] {
  const series = (products?.series ?? []).filter(({ place }) => place?.of === "bytes");
  return series.flatMap((each: Series) => {
    const [row] = rowsOf(each);
    return row?.bytesPerSecond === undefined
      ? []
      : [{ size: each.place!.at, bytesPerSecond: row.bytesPerSecond }];
  });
}

/** The speed of a copy that is as large as what a step moves, from what was measured next to it. */
function copyOf(products: Result | undefined, size: number): number | undefined {
  const distance = (each: { size: number }) => Math.abs(Math.log(each.size / size));
  return copies(products).sort((a, b) => distance(a) - distance(b))[0]?.bytesPerSecond;
}

function share(value: number): string {
  return `${Math.round(value * 100)} %`;
}
