import type { Reading } from "../array/reading.ts";
import type { Phase, Precision } from "../program/data.ts";
import type { Loop } from "../program/loop.ts";
import type { Chance } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Numbers } from "../shape/numbers.ts";

/** What an engine promises about its numbers; tests derive their tolerance from it. */
export interface Contract {
  readonly precisions: readonly Precision[];
  /** `"as written"`: each sum in ascending order from its first term. */
  readonly sums: "as written" | "any";
  /** How far a result may lie from the reference's, in units in the last place. */
  readonly unitsInTheLastPlace: number;
}

export interface SessionOptions {
  /** The most rows of a run or batch; default 1. */
  readonly capacity?: number;
  /** Where random weights and noise start. */
  readonly seed?: number | readonly number[];
  /**
   * `"book"` draws noise as the book's listings do, from the generator that drew the weights, which goes on from batch to batch:
   * `fit` draws for each, `run` where its batch, or how many rows it has, is another than in the run before.
   */
  readonly chance?: Chance | undefined;
  /**
   * What may be read after a run, besides inputs, targets, weights, states, settings, metrics and the outputs of
   * predict: names, or `"all"`.
   */
  readonly keep?: readonly string[] | "all";
}

/** What to run: a phase, or some of its program's steps. */
export interface Run {
  /** Default the session's first program. */
  readonly program?: string;
  readonly phase?: Phase;
  /** The number of the batch, which decides the noise; default that of the last run, at first 0. */
  readonly batch?: number;
  /** Positions in the program's list of steps, from the first up to but not including the second. */
  readonly steps?: readonly [from: number, to: number];
}

/** One epoch's metrics: running totals over its rows. */
export interface EpochMetrics {
  /** Counted from 0. */
  readonly epoch: number;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Engine {
  readonly name: string;
  readonly contract: Contract;
  /** Loads one or more programs over one memory, in which arrays of one name are one array. */
  open(programs: Program | readonly Program[], options?: SessionOptions): Session;
}

/** Programs loaded in an engine. After `close` every method but `close` throws `SessionError`. */
export interface Session {
  /** Writes inputs, targets, weights, states, settings or metrics. Examples may have any number of rows up to the capacity. */
  write(arrays: Readonly<Record<string, Numbers>>): void;
  /** Runs a phase (or the whole program, without one) on the first `rows` rows; default those last written. */
  run(what?: Phase | Run, rows?: number): void;
  /** Makes data resident for `fit`; inputs and targets by name, all with one number of rows. */
  load(data: Readonly<Record<string, Numbers>>): void;
  /**
   * Trains on the resident data: gathers the rows of each batch and runs all phases of the first program.
   * Metrics start from 0 at the first batch of each epoch; returns those of each epoch that ended.
   */
  fit(loop: Loop): EpochMetrics[];
  /** A copy of an array's numbers; the rows of the last run where it has rows. */
  read(name: string): Reading;
  /**
   * Where the generator of `chance: "book"` stands; otherwise undefined. Set to what it was, it goes on from there, and the
   * next run draws anew.
   */
  generator: RandomStateSnapshot | undefined;
  /** What runs where, for a reader. */
  plan(): string;
  close(): void;
}

/** A session asked for what it cannot do. */
export class SessionError extends Error {
  override readonly name = "SessionError";
}
