import { summarize } from "../harness/statistics.ts";
import { time } from "../report/figures.ts";
import { aligned } from "../report/table.ts";
import { type Interval, ratioInterval } from "./interval.ts";
import type { Work } from "./works.ts";

/** Slower is what takes more than this many times as long, beyond doubt. */
export const limit = 1.03;

type Described = Pick<Work, "name" | "says" | "timing">;

/** A work that both builds did. */
export interface Compared extends Described, Interval {
  readonly status: "compared";
  readonly verdict: "slower" | "faster" | "";
  /** Whether the same numbers came of it, where there are any. */
  readonly sameNumbers?: boolean;
  /** Round by round. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

export interface Unmeasured extends Described {
  readonly status: "unmeasured";
  readonly why: string;
  /** Whether the old build does it. */
  readonly onlyNew: boolean;
}

export function summed(
  described: Described,
  pairs: readonly (readonly [ours: number, theirs: number])[],
  sameNumbers?: boolean,
): Compared {
  const interval = ratioInterval(pairs);
  return {
    ...described,
    status: "compared",
    ...interval,
    verdict: interval.low > limit ? "slower" : interval.high < 1 / limit ? "faster" : "",
    ...(sameNumbers === undefined ? {} : { sameNumbers }),
    ours: pairs.map(([each]) => each),
    theirs: pairs.map(([, each]) => each),
  };
}

/** 1 where something is slower, else 3 where the new build fails at what the old one does, else 0. */
export function exitCode(all: readonly (Compared | Unmeasured)[]): number {
  if (all.some((each) => each.status === "compared" && each.verdict === "slower")) return 1;
  return all.some((each) => each.status === "unmeasured" && each.onlyNew) ? 3 : 0;
}

/** As a table for a terminal, and below it what stands in no table. */
export function comparedText(all: readonly (Compared | Unmeasured)[], title: string): string {
  const compared = all.filter((each) => each.status === "compared");
  const slower = compared.filter(({ verdict }) => verdict === "slower");
  return [
    aligned([
      [title, "old", "new", "new / old", "95 % interval", ""],
      ...compared.map(({ name, ours, theirs, ratio, low, high, verdict }) => [
        name,
        time(summarize(theirs).median),
        time(summarize(ours).median),
        ratio.toFixed(3),
        `${low.toFixed(3)} … ${high.toFixed(3)}`,
        verdict,
      ]),
    ]),
    ...compared
      .filter(({ sameNumbers }) => sameNumbers === false)
      .map(({ name }) => `${name}: the two builds come to different numbers`),
    ...all.flatMap((each) =>
      each.status === "unmeasured" ? [`${each.name}: not compared: ${each.why.split("\n")[0]}`] : [],
    ),
    slower.length === 0
      ? `nothing has its interval wholly above ${limit}`
      : `slower, with its interval wholly above ${limit}: ${slower.map(({ name }) => name).join("; ")}`,
  ].join("\n");
}
