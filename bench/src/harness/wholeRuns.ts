import type { Contender } from "../tasks/contenders.ts";
import { described, lacking, type Measured } from "./measured.ts";
import { hasTurn, type Pace, turnsWithin } from "./pace.ts";
import { now, say } from "./progress.ts";
import type { Registry } from "./registry.ts";
import { runWhole, type WholeRun } from "./whole.ts";

/** What has to come of whole programs. */
export interface Demands {
  /** The least accuracy, and how far at most it may lie from the first contender's. */
  readonly accuracy: { readonly atLeast: number; readonly within: number };
  /** A program that takes longer than this, in seconds, is given up. */
  readonly patience: number;
}

/** Runs programs from start to end, one after the other, round after round; the slow ones less often. */
export async function wholeRuns(
  title: string,
  contenders: readonly Contender[],
  demands: Demands,
  pace: Pace,
  registry: Registry,
): Promise<Measured[]> {
  const { rounds } = pace;
  const runs = new Map<Contender, (WholeRun | null)[]>(contenders.map((each) => [each, []]));
  const absent = new Map<Contender, Measured>();
  for (let round = 0; round < rounds; round++)
    for (const contender of contenders) {
      if (absent.has(contender)) continue;
      now(`${title}: ${contender.peer}, ${contender.label}, round ${round + 1} of ${rounds}`);
      const mine = runs.get(contender)!;
      const [first] = mine;
      // The first round tells how many more there can be.
      const takesPart = !first || hasTurn(turnsWithin(pace, first.seconds) - 1, round - 1, rounds - 1);
      try {
        mine.push(takesPart ? await oneRun(contender, registry, demands.patience) : null);
      } catch (error) {
        const { message } = error as Error;
        say(`${title}: ${contender.peer}, ${contender.label}, absent: ${message.split("\n").at(-1)}`);
        absent.set(contender, lacking(contender, "absent", message));
      }
    }
  const finished = new Map(
    [...runs].map(([contender, mine]) => [contender, mine.filter((run) => run !== null)] as const),
  );
  const expected = [...finished.values()].flat()[0]?.accuracy ?? 0;
  return contenders.map(
    (contender) =>
      absent.get(contender) ??
      wrong(contender, finished.get(contender)!, expected, demands) ?? {
        ...summed(contender, finished.get(contender)!),
        seconds: runs.get(contender)!.map((run) => run?.seconds ?? null),
      },
  );
}

async function oneRun(contender: Contender, registry: Registry, patience: number): Promise<WholeRun> {
  const invocation = registry.invocation(contender);
  if ("missing" in invocation) throw new Error(invocation.missing);
  return runWhole(invocation, patience);
}

function wrong(
  contender: Contender,
  runs: readonly WholeRun[],
  expected: number,
  { accuracy: { atLeast, within } }: Demands,
): Measured | undefined {
  const found = runs
    .map(({ accuracy }) => accuracy)
    .find((each) => each < atLeast || Math.abs(each - expected) > within);
  if (found === undefined) return undefined;
  const why = `it gets ${found} right, where at least ${atLeast} is asked for and the first gets ${expected}`;
  return lacking(contender, "disagrees", why);
}

function summed(contender: Contender, runs: readonly WholeRun[]): Measured {
  const { plan, versions, loss } = runs[0]!;
  return {
    ...described(contender),
    status: "measured",
    ...(versions && { versions }),
    ...(plan && { plan }),
    loss,
    peak: Math.max(...runs.map(({ peak }) => peak)),
    figures: { accuracy: Math.min(...runs.map(({ accuracy }) => accuracy)) },
  };
}
