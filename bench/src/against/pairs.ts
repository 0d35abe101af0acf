import { readFileSync } from "node:fs";
import { ContenderProcess } from "../harness/contender.ts";
import { warmedUp } from "../harness/field.ts";
import { environmentOf, type Invocation } from "../harness/runtimes.ts";
import { scratchFile } from "../harness/scratch.ts";
import { runWhole } from "../harness/whole.ts";
import type { Work } from "./works.ts";

/** Times of the new build and of the old one, in seconds, taken one after the other. */
export type Pair = readonly [ours: number, theirs: number];

/** The folders where the contenders' programs lie beside each build: the new one's and the old one's. */
export type Runners = readonly [ours: string, theirs: string];

/** How long one pair is measured. */
export interface Pace {
  /** About how long a turn takes, in seconds. */
  readonly turn: number;
  /** How many turns each of the two has in a warm process, and how many processes that are only started. */
  readonly turns: number;
}

/** A program that takes longer than this, in seconds, is given up. */
const patience = 120;

/**
 * Measures a work once on both builds: in processes of their own, which are new for each pair, since how a process happens to lie in
 * memory and to be compiled makes a difference that no number of turns within it shows. `first` is the one that begins; they
 * go on in the order 1 2 2 1, so that what slows the machine down bit by bit is shared. Gives the shortest turn of each: whatever
 * else the machine does makes turns longer, never shorter.
 */
export function measurePair(
  work: Work,
  runners: Runners,
  first: 0 | 1,
  node: string,
  pace: Pace,
): Promise<Pair> {
  const both = runners.map((runner) => invocationOf(work, runner, node));
  switch (work.timing) {
    case "warm":
      return warmPair(work, both, first, pace);
    case "whole":
      return inTurns(first, 1, async (side) => (await runWhole(both[side]!, patience)).seconds);
    case "loaded":
    case "first":
      return inTurns(first, pace.turns, (side) => started(work, both[side]!));
  }
}

/** The numbers that come of a work in a build, to be compared with the other's; undefined where only its time is known. */
export async function numbersOf(work: Work, runner: string, node: string): Promise<Buffer | undefined> {
  if (work.spec === undefined || work.timing !== "warm") return undefined;
  const process = await ContenderProcess.start(invocationOf(work, runner, node));
  try {
    const { plan } = await process.ask({ do: "open", spec: work.spec });
    if (work.options.engine === "native" && plan && !plan.includes("large products by"))
      throw new Error("native finds no BLAS");
    const result = scratchFile("numbers.f64");
    await process.ask({ do: "check", result });
    return readFileSync(result);
  } finally {
    process.kill();
  }
}

function invocationOf({ program, options }: Work, runner: string, node: string): Invocation {
  return {
    command: node,
    args: [`${runner}/${program}`, JSON.stringify(options)],
    env: environmentOf(options, "node"),
  };
}

async function warmPair(
  { spec }: Work,
  both: readonly Invocation[],
  first: 0 | 1,
  { turn, turns }: Pace,
): Promise<Pair> {
  const processes: ContenderProcess[] = [];
  try {
    const often: number[] = [];
    for (const side of [first, 1 - first]) {
      const process = await ContenderProcess.start(both[side]!);
      processes[side] = process;
      await process.ask({ do: "open", spec: spec! });
      often[side] = (await warmedUp(process, turn)).times;
      process.hold();
    }
    // Both do the same work, so that what comes once a turn weighs the same.
    const times = Math.min(...often);
    // What is slower than a turn is steady enough by itself.
    return await inTurns(first, times === 1 ? Math.min(turns, 2) : turns, async (side) => {
      const process = processes[side]!;
      process.release();
      const { seconds } = await process.ask({ do: "run", times });
      process.hold();
      return seconds / times;
    });
  } finally {
    for (const process of processes) process?.kill();
  }
}

async function started({ spec, timing }: Work, invocation: Invocation): Promise<number> {
  const process = await ContenderProcess.start(invocation);
  try {
    if (timing === "loaded") return process.startSeconds;
    const began = performance.now();
    await process.ask({ do: "open", spec: spec! });
    await process.ask({ do: "run", times: 1 });
    return (performance.now() - began) / 1000;
  } finally {
    process.kill();
  }
}

/** So many turns of each side, in the order 1 2 2 1 1 2 …; the shortest of each. */
async function inTurns(first: 0 | 1, turns: number, one: (side: 0 | 1) => Promise<number>): Promise<Pair> {
  const seconds: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++)
    for (const place of [0, 1]) {
      const side = ((first + place + turn) % 2) as 0 | 1;
      seconds[side].push(await one(side));
    }
  return [Math.min(...seconds[0]), Math.min(...seconds[1])];
}
