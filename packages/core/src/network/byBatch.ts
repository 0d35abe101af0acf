import { allFinite } from "../checks/nonFinite.ts";
import { Watch } from "../checks/watch.ts";
import type { Session } from "../engines/engine.ts";
import type { Course, Loop } from "../program/loop.ts";
import type { Program } from "../program/program.ts";
import { readState } from "../trace/state.ts";
import type { Ending, EpochReport, TrainOptions } from "./options.ts";

/** One epoch as it was run: the metrics' totals over its rows, and what was looked at. */
export interface Ended extends Pick<EpochReport, "rows" | "statistics"> {
  readonly total: Readonly<Record<string, number>>;
  /** Whether all weights and states are finite at its end. */
  readonly finite: boolean;
  /** Where it was stopped before its end. */
  readonly ending?: Ending;
}

/** Runs an epoch batch by batch, with a look at each; the bits are those of an epoch run at once. */
export function fitByBatch(
  session: Session,
  program: Program,
  loop: Loop,
  { rows, batch: size }: Course,
  { watch = [], stopWhen }: Pick<TrainOptions, "watch" | "stopWhen">,
): Ended {
  const watched = new Watch(watch, program);
  let seen = 0;
  let stoppedBy: Ending["stoppedBy"];
  for (let batch = loop.from!; batch < loop.to! && stoppedBy === undefined; batch++) {
    session.fit({ ...loop, from: batch, to: batch + 1 });
    seen = Math.min(rows, seen + size);
    watched.note((name) => session.read(name));
    if (stopWhen?.condition(session.read(stopWhen.array)))
      stoppedBy = { array: stopWhen.array, batch: batch - loop.from! };
  }
  const metrics = program.data.arrays.filter(({ role }) => role === "metric");
  return {
    total: Object.fromEntries(metrics.map(({ name }) => [name, session.read(name).at()])),
    rows: seen,
    finite: allFinite(readState(session, program)),
    ...(watch.length > 0 ? { statistics: watched.statistics } : {}),
    ...(stoppedBy === undefined ? {} : { ending: { stopped: "condition", stoppedBy } }),
  };
}
