import type { ArrayDeclaration } from "../program/data.ts";
import type { Program } from "../program/program.ts";
import { SessionError } from "./engine.ts";
import type { Loaded } from "./machine.ts";
import type { Memory } from "./memory.ts";

/** For how many rows each array holds numbers: what was not written or computed is not there, rather than zero. */
export class Filled {
  readonly #rows = new Map<string, number>();
  readonly #memory: Memory;
  readonly #programs: readonly Program[];

  constructor(memory: Memory, programs: readonly Program[]) {
    this.#memory = memory;
    this.#programs = programs;
  }

  set(name: string, rows: number): void {
    this.#rows.set(name, rows);
  }

  /**
   * Notes what a run draws and its steps compute, in turn. Throws `SessionError`, and notes nothing, where one reads what is
   * not there.
   */
  noteRun({ program, masks }: Loaded, from: number, to: number, rows: number): void {
    const { steps } = program.data;
    const computed = new Set(masks.map(({ name }) => name));
    for (let position = from; position < to; position++) {
      const { reads, writes } = steps[position]!;
      for (const name of reads) if (!computed.has(name)) this.check(name, rows);
      computed.add(writes);
    }
    for (const name of computed) this.set(name, rows);
  }

  /** Notes a training: what may be read is there, and the rest is not, for no engine needs to keep it. */
  noteFit({ data: { arrays } }: Program, rows: number, readable: ReadonlySet<string>): void {
    for (const array of arrays) {
      const { name } = array;
      if (readable.has(name)) this.set(name, rows);
      else if (isComputed(array)) this.#rows.delete(name);
    }
  }

  /** Whether an array is there from the start. */
  always(name: string): boolean {
    const { role } = this.#memory.find(name);
    return role === "weights" || role === "state" || role === "setting" || role === "metric";
  }

  /** Undefined for what is there from the start. Throws `SessionError` for what nobody has written or computed. */
  rowsOf(name: string): number | undefined {
    const array = this.#memory.find(name);
    if (this.always(name)) return undefined;
    const rows = this.#rows.get(name);
    if (rows === undefined) throw new SessionError(this.#missing(array));
    return rows;
  }

  /** Throws `SessionError` unless a run of so many rows may read the array; one of no rows reads nothing. */
  check(name: string, needed: number): void {
    if (needed === 0) return;
    const rows = this.rowsOf(name);
    if (rows !== undefined && rows < needed && this.#memory.find(name).shape.includes("batch"))
      throw new SessionError(
        `${name} holds ${rows} rows, but this run has ${needed}: write or compute it first`,
      );
  }

  #missing(array: ArrayDeclaration): string {
    const { name, role } = array;
    if (!isComputed(array)) return `${name} has no numbers yet: write it first, it is ${role}`;
    const steps = this.#programs.flatMap((program) => program.data.steps);
    return `${name} is not computed yet: run ${steps.find(({ writes }) => writes === name)!.phase} first`;
  }
}

/** Whether a step computes the array anew in each run; the others hold what was written. */
export function isComputed({ role }: Pick<ArrayDeclaration, "role">): boolean {
  return role === "activation" || role === "delta" || role === "gradient";
}
