import type { Course, NumberList } from "../program/loop.ts";
import type { Mask } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import type { Flat } from "../shape/numbers.ts";
import type { BookMasks } from "./bookMasks.ts";
import type { Contract } from "./engine.ts";
import type { Memory, Storage } from "./memory.ts";

/** What an engine does for a session, which has checked names, shapes and rows before. */
export interface Machine {
  /** Runs steps of a program on the first `rows` rows. Computes every array that any step or reader may ask for. */
  run(program: Loaded, from: number, to: number, rows: number, batch: number): void;
  /** Takes the rows that `fit` gathers from. */
  load(data: ReadonlyMap<string, Flat>): void;
  /** Runs batches of the first program: gathers rows, sets settings, draws noise, runs all steps. */
  fit(course: Course, settings: Settings, ended: Ended): void;
  /** What runs where, for a reader; a line for each program. */
  plan(): string;
  readonly ready: Promise<void>;
  close(): void;
}

/**
 * Is told of epochs that ended, once or in turn. For each of them, one after the other, there are the metrics' totals in
 * order of declaration and then 0 if all weights and states are finite, else another number. They are to be read at once.
 */
export type Ended = (results: ArrayLike<number>, epochs: number) => void;

/** A program of a session. */
export interface Loaded {
  readonly program: Program;
  readonly masks: readonly Mask[];
  /** The position among the session's programs. */
  readonly index: number;
}

/** Values of settings by name: one, or one for each batch from the course's `settingsFrom` on. */
export type Settings = readonly (readonly [name: string, values: number | NumberList])[];

/** What a machine is made for. */
export interface Plan {
  readonly programs: readonly Loaded[];
  readonly capacity: number;
  /** What `fit` asks for masks; without it a machine draws them itself, as `drawMask` does. */
  readonly book: BookMasks | undefined;
  /** Whether an array may be read after a run. */
  readonly readable: (name: string) => boolean;
}

/** An engine's part in opening a session: where numbers lie, and what runs on them. */
export interface Assembly {
  readonly contract: Contract;
  readonly storage: Storage;
  machine(plan: Plan, memory: Memory): Machine;
}
