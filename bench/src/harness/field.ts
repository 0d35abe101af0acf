import { readFileSync } from "node:fs";
import type { Spec } from "../protocol.ts";
import type { Contender } from "../tasks/contenders.ts";
import { difference, distance, type Outcome, type Tolerance } from "./agreement.ts";
import { ContenderProcess } from "./contender.ts";
import { described, lacking, type Measured } from "./measured.ts";
import { hasTurn, type Pace, turnsWithin } from "./pace.ts";
import { now, say } from "./progress.ts";
import type { Registry } from "./registry.ts";
import { scratchFile } from "./scratch.ts";

/** What to do, and what has to come of it. */
export interface Work {
  readonly spec: Spec;
  /** What the numbers are before the work, in the order of its result. */
  readonly initial: Float64Array;
  readonly tolerance: Tolerance;
  /** For those that compute in float32 where the work is in float64. */
  readonly singleTolerance?: Tolerance;
}

/** A contender that has shown that it does the work, and how often it is to do so in a turn. */
interface Ready {
  readonly contender: Contender;
  readonly process: ContenderProcess;
  readonly found: Pick<Measured, "plan" | "loss" | "off">;
  readonly times: number;
  readonly turns: number;
  readonly seconds: (number | null)[];
}

/**
 * Contenders side by side, each in a process of its own, which is held while it is not its turn. They are measured one after the
 * other, round after round, so that whatever slows the machine down slows all of them.
 */
export class Field {
  readonly #title: string;
  readonly #contenders: readonly Contender[];
  readonly #processes = new Map<string, ContenderProcess>();
  readonly #absent = new Map<string, Measured>();

  private constructor(title: string, contenders: readonly Contender[]) {
    this.#title = title;
    this.#contenders = contenders;
  }

  static async start(title: string, contenders: readonly Contender[], registry: Registry): Promise<Field> {
    const field = new Field(title, contenders);
    for (const contender of contenders) {
      field.#now(contender, "starts");
      const invocation = registry.invocation(contender);
      if ("missing" in invocation) {
        field.#isAbsent(contender, invocation.missing);
        continue;
      }
      try {
        const process = await ContenderProcess.start(invocation);
        process.hold();
        field.#processes.set(contender.id, process);
      } catch (error) {
        field.#isAbsent(contender, (error as Error).message);
      }
    }
    return field;
  }

  /** Measures a piece of work. Whoever does not come to the numbers of the first does not take part in it. */
  async measure(pace: Pace, work: Work, name = ""): Promise<Measured[]> {
    const { rounds } = pace;
    const found = new Map(this.#absent);
    const ready: Ready[] = [];
    let expected: Outcome | undefined;
    for (const contender of this.#contenders) {
      const process = this.#processes.get(contender.id);
      if (process === undefined) continue;
      this.#now(contender, `gets ready${name && `, ${name}`}`);
      process.release();
      try {
        const { outcome, plan } = await shown(contender, process, work);
        expected ??= outcome;
        const off = wrong(contender, outcome, expected, work);
        if (off === undefined) {
          const { times, seconds } = await warmedUp(process, pace.turn);
          const turns = turnsWithin(pace, seconds * times);
          const { loss } = outcome;
          const known = { loss, off: distance(outcome, expected, work.initial), ...(plan && { plan }) };
          ready.push({ contender, process, found: known, times, turns, seconds: [] });
        } else {
          found.set(contender.id, lacking(contender, "disagrees", off));
          say(
            `${this.#title}${name && `, ${name}`}: ${contender.peer}, ${contender.label}, disagrees: ${off}`,
          );
        }
      } catch (error) {
        found.set(contender.id, this.#isAbsent(contender, (error as Error).message));
      }
      process.hold();
    }
    for (let round = 0; round < rounds; round++)
      for (const each of ready) {
        this.#now(each.contender, `round ${round + 1} of ${rounds}${name && `, ${name}`}`);
        try {
          const takesPart = this.#processes.has(each.contender.id) && hasTurn(each.turns, round, rounds);
          each.seconds.push(takesPart ? await turn(each) : null);
        } catch (error) {
          this.#isAbsent(each.contender, (error as Error).message);
        }
      }
    for (const { contender, process, found: known, seconds } of ready)
      found.set(
        contender.id,
        this.#absent.get(contender.id) ?? {
          ...described(contender),
          status: "measured",
          versions: process.versions,
          ...known,
          seconds,
        },
      );
    return this.#contenders.map(({ id }) => found.get(id)!);
  }

  /** Ends all processes; gives the most memory that each held, in bytes, by the contender's id. */
  async end(): Promise<ReadonlyMap<string, number>> {
    const peaks = new Map<string, number>();
    for (const [id, process] of this.#processes) {
      try {
        peaks.set(id, await process.end());
      } catch {
        process.kill();
      }
    }
    return peaks;
  }

  #isAbsent(contender: Contender, why: string): Measured {
    const absent = lacking(contender, "absent", why);
    say(`${this.#title}: ${contender.peer}, ${contender.label}, absent: ${why.split("\n")[0]}`);
    this.#absent.set(contender.id, absent);
    this.#processes.get(contender.id)?.kill();
    this.#processes.delete(contender.id);
    return absent;
  }

  #now({ peer, label }: Contender, what: string): void {
    now(`${this.#title}: ${peer}, ${label}, ${what}`);
  }
}

/** Measures one piece of work, and how much memory each contender took for it. */
export async function measureOnce(
  title: string,
  contenders: readonly Contender[],
  work: Work,
  pace: Pace,
  registry: Registry,
): Promise<Measured[]> {
  const field = await Field.start(title, contenders, registry);
  const measured = await field.measure(pace, work);
  const peaks = await field.end();
  return measured.map((each) => {
    const peak = each.status === "measured" ? peaks.get(each.id) : undefined;
    return peak === undefined ? each : { ...each, peak };
  });
}

/** What comes of the work done once. Throws where it cannot be done as it is asked for. */
async function shown({ id, options }: Contender, process: ContenderProcess, { spec }: Work) {
  const { plan } = await process.ask({ do: "open", spec });
  const notSo = options.fast && plan && /products are (exact although fast.*)/.exec(plan)?.[1];
  if (notSo) throw new Error(notSo);
  const result = scratchFile(`${id}.f64`);
  const { loss } = await process.ask({ do: "check", result });
  const { buffer } = new Uint8Array(readFileSync(result));
  return { plan, outcome: { loss, numbers: new Float64Array(buffer) } };
}

function wrong(
  { exact, single }: Contender,
  outcome: Outcome,
  expected: Outcome,
  { initial, tolerance, singleTolerance = tolerance }: Work,
): string | undefined {
  return difference(outcome, expected, initial, exact ? "exact" : single ? singleTolerance : tolerance);
}

/** Runs until code is compiled and caches are warm, and finds how often the work fits into a turn. */
export async function warmedUp(
  process: ContenderProcess,
  turn: number,
): Promise<{ times: number; seconds: number }> {
  let times = 1;
  for (let total = 0; ; ) {
    const { seconds } = await process.ask({ do: "run", times });
    total += seconds;
    const each = seconds / times;
    if (total >= 2 * turn) return { times: Math.max(1, Math.round(turn / each)), seconds: each };
    times = Math.max(1, Math.min(10 * times, Math.round(turn / each)));
  }
}

async function turn({ process, times }: Ready): Promise<number> {
  process.release();
  const { seconds } = await process.ask({ do: "run", times });
  process.hold();
  return seconds / times;
}
