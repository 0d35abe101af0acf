import type { Series } from "../harness/result.ts";
import { type Summary, summarize } from "../harness/statistics.ts";
import type { Measured } from "../harness/turns.ts";

/** A contender's figures in a piece of work. */
export interface Row {
  readonly measured: Measured;
  /** Seconds for the work done once. */
  readonly seconds: Summary;
  readonly samplesPerSecond?: number;
  readonly flopsPerSecond?: number;
  readonly secondsPerStep?: number;
}

/** Those that were measured, in the order in which they were listed. */
export function rowsOf({ contenders, work }: Series): Row[] {
  return contenders.flatMap((measured) => {
    const times = measured.seconds?.filter((each) => each !== null) ?? [];
    if (measured.status !== "measured" || times.length === 0) return [];
    const seconds = summarize(times);
    const { median } = seconds;
    return [
      {
        measured,
        seconds,
        ...(work.samples === undefined ? {} : { samplesPerSecond: work.samples / median }),
        ...(work.flops === undefined ? {} : { flopsPerSecond: work.flops / median }),
        ...(work.steps === undefined ? {} : { secondsPerStep: median / work.steps }),
      },
    ];
  });
}

/** The contender's row, if it was measured. */
export function rowOf(series: Series | undefined, id: string): Row | undefined {
  return series && rowsOf(series).find(({ measured }) => measured.id === id);
}
