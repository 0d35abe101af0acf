import type { Reading } from "../array/reading.ts";
import type { Program } from "../program/program.ts";
import { Collected, type Statistics } from "./statistics.ts";

/** The statistics of an array over the rows of an epoch, each taken when its batch was computed. */
export interface WatchedStatistics extends Statistics {
  /** Of an activation: how many units (columns) were 0 for every row, and so let nothing pass back. */
  readonly dead?: number;
}

/** Watches arrays of a program through an epoch. */
export class Watch {
  readonly #collected: ReadonlyMap<string, Collected>;
  readonly #program: Program;

  /** Throws `NameError` for an array that the program does not have. */
  constructor(names: readonly string[], program: Program) {
    for (const name of names) program.array(name);
    this.#collected = new Map(names.map((name) => [name, new Collected()]));
    this.#program = program;
  }

  /** Takes in what a batch has computed. */
  note(read: (name: string) => Reading): void {
    for (const [name, collected] of this.#collected) collected.add(read(name));
  }

  get statistics(): Readonly<Record<string, WatchedStatistics>> {
    return Object.fromEntries(
      [...this.#collected].map(([name, collected]) => [
        name,
        {
          ...collected.statistics,
          ...(this.#program.array(name).role === "activation" ? { dead: collected.dead } : {}),
        },
      ]),
    );
  }
}
