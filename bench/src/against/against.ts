import { loadavg } from "node:os";
import { RandomState } from "@streetlight/core";
import { environment } from "../harness/environment.ts";
import { commit as workingTree } from "../harness/install.ts";
import { now, say } from "../harness/progress.ts";
import { writeResult } from "../harness/result.ts";
import { bench, findNode } from "../harness/runtimes.ts";
import { scratchFile } from "../harness/scratch.ts";
import { buildCommit, buildWorkingTree, resolved } from "./build.ts";
import { fewestPairs } from "./interval.ts";
import { measurePair, numbersOf, type Pace, type Runners } from "./pairs.ts";
import { besideBuild } from "./shim.ts";
import { type Compared, comparedText, exitCode, limit, summed, type Unmeasured } from "./verdict.ts";
import { type Work, works } from "./works.ts";

const usually = { rounds: 15, turn: 0.06, turns: 4 } as const;
const quickly = { rounds: fewestPairs, turn: 0.01, turns: 2 } as const;

export const explained = `npm run bench -- --against COMMIT [work …] [--quick] [--rounds N] [--node PATH]

Compiles the working tree and a commit, each in a folder of its own, and has both do the same works in turns. A round measures
each work on both, one after the other in random order, in new processes; ${usually.rounds} rounds (--rounds, at least ${fewestPairs}) take about ten
minutes. Printed is how many times as long the new one takes, with the 95 % interval of Wilcoxon's signed-rank test on the log ratios
of the pairs. Words name works by their beginning. Results go to bench/results/against.

It ends with
  0  nothing takes longer: no interval lies wholly above ${limit}
  1  something does
  2  it was called wrongly: an unknown work, commit or number of rounds
  3  the new build does not do something that the old one does, or one of them does not compile`;

interface Options {
  readonly quick?: boolean | undefined;
  readonly rounds?: string | undefined;
  readonly node?: string | undefined;
}

/** Compares the working tree with a commit. Gives the exit code that `explained` lists. */
export async function against(commit: string, wanted: readonly string[], options: Options): Promise<number> {
  const pace = options.quick ? quickly : usually;
  const rounds = options.rounds === undefined ? pace.rounds : Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < fewestPairs)
    return misused(`--rounds takes a whole number of at least ${fewestPairs}, not ${options.rounds}`);
  const node = findNode(options.node ?? process.execPath);
  if ("missing" in node) return misused(node.missing);
  const all = works();
  const unknown = wanted.find((word) => !all.some(({ name }) => name.startsWith(word)));
  if (unknown !== undefined)
    return misused(`there is no work ${unknown}; there are ${all.map(({ name }) => name).join("; ")}`);
  let old: string;
  try {
    old = resolved(commit);
  } catch (error) {
    return misused((error as Error).message);
  }
  const load = loadavg()[0]!;
  if (load > 0.3) say(`bench: this machine is busy (load ${load.toFixed(1)}): intervals will be wide`);
  const found = environment({ node }, workingTree());
  const runners = await built(commit).catch((error: Error) => say(`bench: ${error.message}`));
  if (runners === undefined) return 3;
  const chosen = all.filter(
    ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
  );
  const compared = await compare(chosen, runners, node.path, rounds, pace);
  const file = `${old}-${found.commit ?? "working-tree"}.json`;
  writeResult(`${bench}results/${options.quick ? "quick/" : ""}against/${file}`, {
    format: "streetlight-against",
    version: 1,
    old,
    environment: found,
    rounds,
    pace,
    works: compared,
  });
  process.stdout.write(`${comparedText(compared, `${found.commit ?? "working tree"} against ${old}`)}\n`);
  return exitCode(compared);
}

function misused(why: string): number {
  process.stderr.write(`${why}\n\n${explained}\n`);
  return 2;
}

async function built(commit: string): Promise<Runners> {
  const [ours, theirs] = [scratchFile("new"), scratchFile("old")];
  buildCommit(commit, theirs);
  buildWorkingTree(ours);
  return [await besideBuild(`${bench}dist`, ours), await besideBuild(`${bench}dist`, theirs)];
}

/** All works in each round, so that the rounds of each are spread over the whole time. */
async function compare(
  chosen: readonly Work[],
  runners: Runners,
  node: string,
  rounds: number,
  pace: Pace,
): Promise<(Compared | Unmeasured)[]> {
  const unmeasured = new Map<Work, Unmeasured>();
  const same = new Map<Work, boolean>();
  const isUnmeasured = (work: Work, why: string, onlyNew: boolean) => {
    say(`bench: ${work.name} is not compared: ${firstError(why)}`);
    unmeasured.set(work, { ...described(work), status: "unmeasured", why, onlyNew });
  };
  for (const work of chosen) {
    now(`bench: ${work.name}, a trial`);
    const trials = await Promise.allSettled([
      numbersOf(work, runners[0], node),
      numbersOf(work, runners[1], node),
    ]);
    const [ours, theirs] = trials;
    if (ours.status === "rejected" || theirs.status === "rejected")
      isUnmeasured(work, whyNot(trials), theirs.status === "fulfilled");
    else if (ours.value && theirs.value) same.set(work, ours.value.equals(theirs.value));
  }
  const chance = new RandomState(1);
  const pairs = new Map(chosen.map((work) => [work, [] as (readonly [number, number])[]]));
  const firsts = new Map<Work, 0 | 1>();
  const began = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (const work of chosen) {
      if (unmeasured.has(work)) continue;
      now(`bench: round ${round + 1} of ${rounds}, ${work.name}`);
      // Who begins is drawn for two rounds, in the second of which it is the other.
      const first = round % 2 === 0 ? (chance.randint(2) as 0 | 1) : ((1 - firsts.get(work)!) as 0 | 1);
      firsts.set(work, first);
      try {
        pairs.get(work)!.push(await measurePair(work, runners, first, node, pace));
      } catch (error) {
        isUnmeasured(work, (error as Error).message, true);
      }
    }
    if (round === 0) {
      const minutes = ((performance.now() - began) / 60_000) * (rounds - 1);
      say(`bench: ${rounds} rounds, about ${Math.ceil(minutes)} minutes more`);
    }
  }
  return chosen.map(
    (work) => unmeasured.get(work) ?? summed(described(work), pairs.get(work)!, same.get(work)),
  );
}

function described({ name, says, timing }: Work) {
  return { name, says, timing };
}

/** The line that tells what went wrong, of what a process said before it ended. */
function firstError(words: string): string {
  const lines = words.split("\n");
  return lines.find((line) => /Error: /.test(line)) ?? lines[0]!;
}

function whyNot([ours, theirs]: readonly PromiseSettledResult<unknown>[]): string {
  const why = (which: string, { status, ...rest }: PromiseSettledResult<unknown>) =>
    status === "rejected" ? [`${which}: ${firstError((rest as { reason: Error }).reason.message)}`] : [];
  return [...why("the new build", ours!), ...why("the old build", theirs!)].join("; ");
}
