import type { Measured } from "./measured.ts";
import { ratio, type Summary, summarize } from "./statistics.ts";

/** What a task is meant to reach: the best of some contenders against the best of others. */
export interface Goal {
  readonly says: string;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  /** `times as fast` is their seconds over ours; `of the time` and `of the memory` are ours over theirs. */
  readonly measure: "times as fast" | "of the time" | "of the memory";
  /** What keeps it from being reached, where it is not. */
  readonly limit?: string;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number } | { readonly below: number };
}

/** How a goal came out. */
export interface Reached extends Goal {
  /** Whose numbers were compared: the labels of the two. Undefined where one side is absent. */
  readonly compared?: readonly [ours: string, theirs: string];
  readonly value?: Summary;
  readonly met?: boolean;
}

/** Compares the best of each side. */
export function reached(goal: Goal, measured: readonly Measured[]): Reached {
  const memory = goal.measure === "of the memory";
  const ours = best(goal.ours, measured, memory);
  const theirs = best(goal.theirs, measured, memory);
  if (ours === undefined || theirs === undefined) return goal;
  const [mine, others] = [numbersOf(ours, memory), numbersOf(theirs, memory)];
  const value = goal.measure === "times as fast" ? ratio(others, mine) : ratio(mine, others);
  return { ...goal, compared: [nameOf(ours), nameOf(theirs)], value, met: meets(value.median, goal.wanted) };
}

export function meets(value: number, wanted: Goal["wanted"]): boolean {
  if ("atLeast" in wanted) return value >= wanted.atLeast;
  return "atMost" in wanted ? value <= wanted.atMost : value < wanted.below;
}

/** The one of these with the least seconds, or bytes, by its median. */
function best(ids: readonly string[], measured: readonly Measured[], memory: boolean): Measured | undefined {
  const present = ids.flatMap((id) =>
    measured.filter((each) => each.id === id && each.status === "measured"),
  );
  const middle = (each: Measured) =>
    summarize(numbersOf(each, memory).filter((value) => value !== undefined)).median;
  return present.sort((a, b) => middle(a) - middle(b))[0];
}

function numbersOf(each: Measured, memory: boolean): (number | undefined)[] {
  return memory ? [each.peak] : each.seconds!.map((value) => value ?? undefined);
}

function nameOf({ peer, label }: Measured): string {
  return `${peer}, ${label}`;
}
