import type { ChildProcess } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import type { Command, Failed, Replies, Started } from "../protocol.ts";
import { hold, kill, release, start } from "./processes.ts";
import type { Invocation } from "./runtimes.ts";

/** No answer takes longer than this many seconds. */
const patience = 300;

/**
 * A process that competes. While it is held it does not run at all, so that threads which wait by looking cannot take time from
 * another's turn.
 */
export class ContenderProcess {
  readonly #child: ChildProcess;
  readonly #complaints: () => string;
  readonly #reader: Interface;
  readonly #lines: AsyncIterator<string>;
  #seconds = 0;
  versions: Readonly<Record<string, string>> = {};

  private constructor(invocation: Invocation) {
    const { child, complaints } = start(invocation);
    this.#child = child;
    this.#complaints = complaints;
    this.#reader = createInterface({ input: child.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** Starts a process and waits until it is ready. Throws what it says where it cannot. */
  static async start(invocation: Invocation): Promise<ContenderProcess> {
    const began = performance.now();
    const contender = new ContenderProcess(invocation);
    const { versions } = await contender.#answer<Started>();
    contender.#seconds = (performance.now() - began) / 1000;
    contender.versions = versions;
    return contender;
  }

  /** How long it took from nothing to ready. */
  get startSeconds(): number {
    return this.#seconds;
  }

  async ask<Kind extends Command["do"]>(command: Command & { readonly do: Kind }): Promise<Replies[Kind]> {
    this.#child.stdin!.write(`${JSON.stringify(command)}\n`);
    return this.#answer<Replies[Kind]>();
  }

  hold(): void {
    hold(this.#child);
  }

  release(): void {
    release(this.#child);
  }

  /** Ends it in good order; gives the most memory that it held. */
  async end(): Promise<number> {
    this.release();
    const { peak } = await this.ask({ do: "end" });
    this.kill();
    return peak;
  }

  kill(): void {
    this.#reader.close();
    kill(this.#child);
  }

  /** The next line that is an answer; a library may print lines of its own. */
  async #answer<Reply>(): Promise<Reply> {
    const deadline = Date.now() + patience * 1000;
    for (;;) {
      const line = await before(deadline, this.#lines.next());
      if (line === "late") {
        this.kill();
        throw new Error(`no answer within ${patience} s`);
      }
      if (line.done) {
        await settled(this.#child);
        throw new Error(this.#complaints() || "it ended without a word");
      }
      if (!line.value.startsWith("{")) continue;
      const reply = JSON.parse(line.value) as Reply | Failed;
      if (typeof reply === "object" && reply !== null && "error" in reply) throw new Error(reply.error);
      return reply;
    }
  }
}

async function before<Value>(deadline: number, value: Promise<Value>): Promise<Value | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((done) => {
    timer = setTimeout(() => done("late"), deadline - Date.now());
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Until the process has ended and all that it said has arrived. */
async function settled(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) await new Promise((done) => setTimeout(done, 20));
  else await new Promise((done) => child.once("close", done).once("error", done));
}
