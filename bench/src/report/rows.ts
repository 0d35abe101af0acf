import type { Measured } from "../harness/measured.ts";
import type { Series } from "../harness/result.ts";
import { type Summary, summarize } from "../harness/statistics.ts";

/** A contender's figures in a piece of work. */
export interface Row {
  readonly measured: Measured;
  /** Seconds for the work done once. */
  readonly seconds?: Summary;
  readonly samplesPerSecond?: number;
  readonly flopsPerSecond?: number;
  readonly bytesPerSecond?: number;
  readonly secondsPerStep?: number;
}

/** Those that were measured, in the order in which they were listed. */
export function rowsOf({ contenders, work }: Series): Row[] {
  return contenders.flatMap((measured) => {
    if (measured.status !== "measured") return [];
    const times = measured.seconds?.filter((each) => each !== null) ?? [];
    if (times.length === 0) return [{ measured }];
    const seconds = summarize(times);
    const { median } = seconds;
    const { samples, flops, bytes, steps } = work;
    return [
      {
        measured,
        seconds,
        ...(samples && { samplesPerSecond: samples / median }),
        ...(flops && { flopsPerSecond: flops / median }),
        ...(bytes && { bytesPerSecond: bytes / median }),
        ...(steps && { secondsPerStep: median / steps }),
      },
    ];
  });
}

/** The contender's row, if it was measured. */
export function rowOf(series: Series | undefined, id: string): Row | undefined {
  return series && rowsOf(series).find(({ measured }) => measured.id === id);
}
