import { ops } from "../ops/table.ts";
import type { Step } from "../program/data.ts";
import type { Program } from "../program/program.ts";
import type { Block } from "../shape/block.ts";
import { SessionError } from "./engine.ts";
import type { Memory } from "./memory.ts";

/** The arrays of a session's programs that write nothing, but are another look at an array. */
export class Views {
  readonly #views = new Map<string, Step>();
  readonly #memory: Memory;

  /** Throws `SessionError` where one name is a view here and something else there. */
  constructor(programs: readonly Program[], memory: Memory) {
    this.#memory = memory;
    const computed = new Set<string>();
    for (const { name, data } of programs)
      for (const step of data.steps) {
        const known = this.#views.get(step.writes);
        const isView = ops[step.op].kind === "view";
        const same = known === undefined ? !isView || !computed.has(step.writes) : isSame(known, step);
        if (!same)
          throw new SessionError(
            `${step.writes} is computed otherwise in ${name} than in a program before it: give it another name`,
          );
        if (isView) this.#views.set(step.writes, step);
        computed.add(step.writes);
      }
  }

  /** An array as it is read now, through any views. */
  look(name: string, rows: number): Block {
    const step = this.#views.get(name);
    const op = step && ops[step.op];
    return op?.kind === "view" ? op.view(this.look(step!.reads[0]!, rows)) : this.#memory.view(name, rows);
  }
}

function isSame(left: Step, right: Step): boolean {
  return left.op === right.op && left.reads.join() === right.reads.join();
}
