import type { Measured } from "../harness/measured.ts";
import type { Result, Series } from "../harness/result.ts";
import { type Bar, barChart } from "./charts/bars.ts";
import { pen } from "./charts/colours.ts";
import { type Curve, lineChart, type Panel } from "./charts/lines.ts";
import { bytes, figure, time } from "./figures.ts";
import { type Row, rowsOf } from "./rows.ts";
import { nameOf } from "./table.ts";

/** Results by task. */
export type Results = ReadonlyMap<string, Result>;

/** Every picture of the page that there are results for, as SVG by the name of its file. */
export function pictures(results: Results): Map<string, string> {
  const found = new Map<string, string>();
  const draw = (file: string, tasks: readonly string[], picture: (...results: Result[]) => string) => {
    const known = tasks.flatMap((task) => results.get(task) ?? []);
    if (known.length > 0) found.set(`${file}.svg`, picture(...known));
  };
  draw("networks", ["mlp-s", "mlp-m", "mlp-l"], networks);
  draw("products", ["products"], products);
  draw("growth", ["growth"], growth);
  draw("step", ["lights"], step);
  draw("start", ["start"], starts);
  draw("memory", ["mnist", "mlp-m"], memory);
  draw("bundles", ["bundles"], bundles);
  return found;
}

/** The best of each way of writing: the number of threads that suits it. */
function bestThreads(rows: readonly Row[]): Row[] {
  const best = new Map<string, Row>();
  for (const row of rows) {
    const key = row.measured.id.replace(/-\d+$/, "");
    const known = best.get(key);
    if (known === undefined || row.seconds!.median < known.seconds!.median) best.set(key, row);
  }
  return [...best.values()];
}

function networks(...tasks: Result[]): string {
  return barChart(
    "Samples a second, each with its best number of threads",
    tasks.map(({ task, series: [series], says }) => ({
      title: `${task}: ${says.split(" with")[0]}`,
      bars: bestThreads(rowsOf(series!)).map((row): Bar => {
        const samples = series!.work.samples!;
        return {
          ...named(row.measured),
          value: row.samplesPerSecond!,
          spread: [samples / row.seconds!.upperQuartile, samples / row.seconds!.lowerQuartile],
          says: figure(row.samplesPerSecond!),
        };
      }),
    })),
  );
}

function products({ series }: Result): string {
  const panel = panelOf("", "size of both matrices", "GFLOP/s", series, "size", ({ flopsPerSecond }) =>
    flopsPerSecond === undefined ? undefined : flopsPerSecond / 1e9,
  );
  return lineChart("Products of square float32 matrices: GFLOP/s by size", [panel]);
}

function growth({ series }: Result): string {
  const microseconds = (samples: number) => (row: Row) => (row.seconds!.median / samples) * 1e6;
  const panel = (title: string, of: string, x: string): Panel =>
    panelOf(title, x, "µs a sample", series, of, (row, { work }) => microseconds(work.samples!)(row));
  return lineChart("Time of a sample as something grows", [
    panel("width", "width", "inputs and hidden units"),
    panel("depth", "depth", "hidden layers of 128 units"),
    panel("batch", "batch", "rows of a batch"),
    panel("rows", "rows", "rows of the data"),
  ]);
}

function panelOf(
  title: string,
  x: string,
  y: string,
  series: readonly Series[],
  of: string,
  value: (row: Row, series: Series) => number | undefined,
): Panel {
  const curves = new Map<string, Curve & { points: (readonly [number, number])[] }>();
  for (const each of series.filter(({ place }) => place?.of === of))
    for (const row of rowsOf(each)) {
      const y = value(row, each);
      if (y === undefined) continue;
      const name = nameOf(row.measured);
      const curve = curves.get(name) ?? { name, pen: pen(row.measured), points: [] };
      curve.points.push([each.place!.at, y]);
      curves.set(name, curve);
    }
  return { title, x, y, curves: [...curves.values()] };
}

function step({ series: [series] }: Result): string {
  const bars = rowsOf(series!).map(
    (row): Bar => ({
      ...named(row.measured),
      value: row.secondsPerStep!,
      says: time(row.secondsPerStep!),
    }),
  );
  return barChart("What a step costs in the smallest network, 3-4-1, a row at a time", [
    { title: "time of an update (powers of ten)", bars, logarithmic: true },
  ]);
}

function starts({ series: [loaded, first, training] }: Result): string {
  const seconds = (series: Series | undefined) =>
    new Map(series && rowsOf(series).map((row) => [row.measured.id, row]));
  const firsts = seconds(first);
  return barChart("From nothing to the first number", [
    {
      title: "784-128-10: the library is loaded, and (lighter) the first step is done",
      bars: [...seconds(loaded).values()].map((row): Bar => {
        const value = row.seconds!.median;
        const more = firsts.get(row.measured.id)?.seconds?.median ?? 0;
        return { ...named(row.measured), value, more, says: `${time(value)} + ${time(more)}` };
      }),
    },
    {
      title: "the first training of the chapter's network in a fresh process, the library being loaded",
      bars: [...seconds(training).values()].map(
        (row): Bar => ({
          ...named(row.measured),
          value: row.seconds!.median,
          says: time(row.seconds!.median),
        }),
      ),
    },
  ]);
}

function memory(...tasks: Result[]): string {
  return barChart(
    "The most memory that a process held",
    tasks.map(({ task, series: [series] }) => ({
      title: task === "mnist" ? "MNIST, from beginning to end" : task,
      bars: rowsOf(series!).flatMap((row): Bar[] => {
        const { peak } = row.measured;
        return peak === undefined ? [] : [{ ...named(row.measured), value: peak, says: bytes(peak) }];
      }),
    })),
  );
}

function bundles({ series: [series] }: Result): string {
  const bars = rowsOf(series!).map((row): Bar => {
    const { gzipped = 0, laterGzipped = 0 } = row.measured.figures ?? {};
    return {
      ...named(row.measured),
      value: gzipped,
      more: laterGzipped,
      says: laterGzipped > 0 ? `${bytes(gzipped)} + ${bytes(laterGzipped)}` : bytes(gzipped),
    };
  });
  return barChart("What a page loads to train a network, gzipped", [
    { title: "at once, and (lighter) on demand", bars },
  ]);
}

function named(measured: Measured): Pick<Bar, "name" | "pen"> {
  return { name: nameOf(measured), pen: pen(measured) };
}
