import { readFileSync } from "node:fs";
import type { Spec } from "../protocol.ts";
import type { Contender } from "../tasks/contenders.ts";
import { difference, distance, type Outcome, type Tolerance } from "./agreement.ts";
import { ContenderProcess } from "./contender.ts";
import { now, say } from "./progress.ts";
import type { Registry } from "./registry.ts";
import { scratchFile } from "./scratch.ts";

/** How long and how often is measured. */
export interface Pace {
  /** How often every contender has its turn. */
  readonly rounds: number;
  /** About how long a turn takes, in seconds. */
  readonly turn: number;
  /** A contender whose turns would take longer than this, in seconds, has fewer of them. */
  readonly budget: number;
}

/** What to do, and what has to come of it. */
export interface Work {
  readonly spec: Spec;
  /** What the numbers are before the work, in the order of its result. */
  readonly initial: Float64Array;
  readonly tolerance: Tolerance;
  /** For those that compute in float32 where the work is in float64. */
  readonly singleTolerance?: Tolerance;
}

/** What was found out about a contender. */
export interface Measured {
  readonly id: string;
  readonly peer: Contender["peer"];
  readonly label: string;
  readonly threads: number;
  readonly status: "measured" | "absent" | "disagrees";
  /** Why it is absent, or how it disagrees. */
  readonly why?: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly plan?: string;
  readonly loss?: number;
  /** How far from the first contender's numbers and loss its own are. */
  readonly off?: Tolerance;
  /** Seconds for the work done once, round by round; null where it had no turn. */
  readonly seconds?: readonly (number | null)[];
  /** The most memory that the process held, in bytes. */
  readonly peak?: number;
}

interface Ready {
  readonly contender: Contender;
  readonly process: ContenderProcess;
  readonly plan: string | undefined;
  readonly loss: number;
  readonly off: Tolerance;
  readonly times: number;
  readonly turns: number;
  readonly seconds: (number | null)[];
}

/**
 * Measures contenders side by side: each in a process of its own, which is held while it is not its turn, one after the other,
 * round after round. Whoever does not come to the numbers of the first is not measured.
 */
export async function takeTurns(
  title: string,
  contenders: readonly Contender[],
  work: Work,
  pace: Pace,
  registry: Registry,
): Promise<Measured[]> {
  const found = new Map<string, Measured>();
  const ready: Ready[] = [];
  let expected: Outcome | undefined;
  for (const contender of contenders) {
    now(`${title}: ${contender.peer}, ${contender.label} gets ready`);
    const made = await makeReady(contender, work, pace, registry, expected);
    if ("status" in made) {
      found.set(contender.id, made);
      say(`${title}: ${contender.peer}, ${contender.label} ${made.status}: ${firstLine(made.why)}`);
      continue;
    }
    expected ??= made.outcome;
    ready.push(made.ready);
  }
  for (let round = 0; round < pace.rounds; round++)
    for (const each of ready) {
      now(
        `${title}: round ${round + 1} of ${pace.rounds}, ${each.contender.peer}, ${each.contender.label}`,
      );
      each.seconds.push(hasTurn(each.turns, round, pace.rounds) ? await turn(each) : null);
    }
  for (const each of ready) found.set(each.contender.id, await ended(each));
  return contenders.map(({ id }) => found.get(id)!);
}

async function makeReady(
  contender: Contender,
  { spec, initial, tolerance, singleTolerance }: Work,
  pace: Pace,
  registry: Registry,
  expected: Outcome | undefined,
): Promise<{ readonly ready: Ready; readonly outcome: Outcome } | Measured> {
  const lacks = (status: "absent" | "disagrees", why: string): Measured => ({
    ...described(contender),
    status,
    why,
  });
  const invocation = registry.invocation(contender);
  if ("missing" in invocation) return lacks("absent", invocation.missing);
  let process: ContenderProcess | undefined;
  try {
    process = await ContenderProcess.start(invocation);
    const { plan } = await process.ask({ do: "open", spec });
    const notHere = contender.options.fast && plan && /exact although fast.*/.exec(plan)?.[0];
    if (notHere) throw new Error(notHere);
    const result = scratchFile(`${contender.id}.f64`);
    const { loss } = await process.ask({ do: "check", result });
    const { buffer } = new Uint8Array(readFileSync(result));
    const outcome = { loss, numbers: new Float64Array(buffer) };
    const held = contender.exact ? "exact" : contender.single ? (singleTolerance ?? tolerance) : tolerance;
    const off = difference(outcome, expected ?? outcome, initial, held);
    if (off !== undefined) {
      process.kill();
      return lacks("disagrees", off);
    }
    const { times, seconds } = await warmedUp(process, pace.turn);
    process.hold();
    const distant = distance(outcome, expected ?? outcome, initial);
    const turns = Math.max(1, Math.min(pace.rounds, Math.floor(pace.budget / (seconds * times))));
    return { ready: { contender, process, plan, loss, off: distant, times, turns, seconds: [] }, outcome };
  } catch (error) {
    process?.kill();
    return lacks("absent", (error as Error).message);
  }
}

/** Runs until code is compiled and caches are warm, and finds how often the work fits into a turn. */
async function warmedUp(process: ContenderProcess, turn: number): Promise<{ times: number; seconds: number }> {
  let times = 1;
  for (let total = 0; ; ) {
    const { seconds } = await process.ask({ do: "run", times });
    total += seconds;
    const each = seconds / times;
    if (total >= 2 * turn) return { times: Math.max(1, Math.round(turn / each)), seconds: each };
    times = Math.max(1, Math.min(10 * times, Math.round(turn / each)));
  }
}

/** Fewer turns are spread evenly over the rounds. */
export function hasTurn(turns: number, round: number, rounds: number): boolean {
  return Math.floor(((round + 1) * turns) / rounds) > Math.floor((round * turns) / rounds);
}

async function turn({ process, times }: Ready): Promise<number> {
  process.release();
  const { seconds } = await process.ask({ do: "run", times });
  process.hold();
  return seconds / times;
}

async function ended({ contender, process, plan, loss, off, seconds }: Ready): Promise<Measured> {
  const peak = await process.end();
  return {
    ...described(contender),
    status: "measured",
    versions: process.versions,
    ...(plan === undefined ? {} : { plan }),
    loss,
    off,
    seconds,
    peak,
  };
}

function described({ id, peer, label, options }: Contender) {
  return { id, peer, label, threads: options.threads };
}

function firstLine(text = ""): string {
  return text.split("\n")[0]!;
}
