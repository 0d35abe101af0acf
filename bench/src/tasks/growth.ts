import { Field } from "../harness/field.ts";
import type { Series } from "../harness/result.ts";
import { jaxjs, native, numpy, tfjs, torch, wasm } from "./contenders.ts";
import { mlpData } from "./data.ts";
import { mlpWork } from "./mlpWork.ts";
import type { Task } from "./task.ts";

const says =
  "training as a network grows in width and depth, the batch in rows, and the data in rows: one of them at a time, float32";

const contenders = [
  ...wasm,
  native[0]!,
  numpy[0]!,
  ...torch.filter(({ options }) => options.threads === 1),
  jaxjs[0]!,
  ...tfjs("wasm", "fit"),
];

/** Many updates by larger steps add up more rounding than an epoch of the other tasks. */
const tolerance = { loss: 1e-4, numbers: 5e-3 };

interface Point {
  readonly of: "width" | "depth" | "batch" | "rows";
  readonly at: number;
  readonly sizes: readonly number[];
  readonly rows: number;
  readonly batch: number;
}

const repeated = (width: number, times: number) => new Array<number>(times).fill(width);

const points: readonly Point[] = [
  ...[16, 64, 256, 1024].map(
    (at): Point => ({ of: "width", at, sizes: [at, at, 10], rows: 1024, batch: 64 }),
  ),
  ...[1, 2, 4, 8, 16].map(
    (at): Point => ({ of: "depth", at, sizes: [128, ...repeated(128, at), 10], rows: 1024, batch: 64 }),
  ),
  ...[1, 4, 16, 64, 256, 1024].map(
    (at): Point => ({ of: "batch", at, sizes: [256, 256, 10], rows: 1024, batch: at }),
  ),
  ...[1024, 4096, 16384].map((at): Point => ({ of: "rows", at, sizes: [256, 128, 10], rows: at, batch: 64 })),
];

/** The least and the second of each, for a smoke run. */
function firsts(): Point[] {
  return ["width", "depth", "batch", "rows"].flatMap((name) =>
    points.filter(({ of }) => of === name).slice(0, 2),
  );
}

/** How the time of an epoch grows with what is asked for. */
export const growth: Task = {
  name: "growth",
  says,
  measure: async ({ pace, registry, quick }) => {
    const short = { rounds: Math.min(pace.rounds, 3), turn: pace.turn / 6, budget: pace.budget / 12 };
    const field = await Field.start("growth", contenders, registry);
    const series: Series[] = [];
    for (const { of, at, sizes, rows, batch } of quick ? firsts() : points) {
      const { data, initial } = mlpData("growth", sizes, rows);
      const work = {
        spec: { kind: "mlp", data, sizes, rows, batch, rate: 0.01 } as const,
        initial,
        tolerance,
      };
      const measured = await field.measure(short, work, `${of} ${at}`);
      series.push({
        name: `${of} ${at}`,
        place: { of, at },
        work: mlpWork(sizes, rows, batch),
        contenders: measured,
      });
    }
    await field.end();
    return { says, series };
  },
};
