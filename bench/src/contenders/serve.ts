import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Command, Options, Spec, Started } from "../protocol.ts";
import { peakMemory } from "./peakMemory.ts";

/** A piece of work, made ready. */
export interface Job {
  /** What will run, for a reader. */
  readonly plan?: string;
  /** Back to the beginning, such as the initial weights. */
  reset(): void | Promise<void>;
  /** Does the work so many times, and is done when it returns; gives the loss of the last time. */
  run(times: number): number | Promise<number>;
  /** The numbers that came of it, such as the weights in order. */
  result(): readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;
  close(): void;
}

/** What this process was started with. */
export function options(): Options {
  return JSON.parse(process.argv[2]!) as Options;
}

/** Answers the harness, line by line, until it says `end`. */
export async function serve(
  versions: Started["versions"],
  open: (spec: Spec) => Job | Promise<Job>,
): Promise<void> {
  const say = (reply: object) => process.stdout.write(`${JSON.stringify(reply)}\n`);
  say({ versions: { ...versions, node: process.versions.node } } satisfies Started);
  let job: Job | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line) as Command;
    try {
      switch (command.do) {
        case "open":
          job?.close();
          job = await open(command.spec);
          say(job.plan === undefined ? {} : { plan: job.plan });
          break;
        case "check":
          say({ loss: await checked(job!, command.result) });
          break;
        case "run": {
          await job!.reset();
          const start = performance.now();
          await job!.run(command.times);
          say({ seconds: (performance.now() - start) / 1000 });
          break;
        }
        case "end":
          say({ peak: peakMemory() });
          // Threads of a library would keep the process.
          process.exit(0);
          break;
        default:
          throw new Error(`${JSON.stringify(command satisfies never)} is no command`);
      }
    } catch (error) {
      say({ error: (error as Error).stack ?? String(error) });
    }
  }
}

async function checked(job: Job, file: string): Promise<number> {
  await job.reset();
  const loss = await job.run(1);
  const arrays = await job.result();
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  writeFileSync(file, all);
  return loss;
}
