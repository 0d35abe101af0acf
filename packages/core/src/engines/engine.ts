import type { Reading } from "../array/reading.ts";
import type { Phase, Precision } from "../program/data.ts";
import type { Both, ByName, Known } from "../program/known.ts";
import type { Loop } from "../program/loop.ts";
import type { Chance } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Numbers } from "../shape/numbers.ts";

/** What an engine promises about its numbers; tests derive their tolerance from it. */
export interface Contract {
  readonly precisions: readonly Precision[];
  /**
   * Of matrix products. `"as written"`: each sum in ascending order from its first term, each product rounded. `"any"`: in any
   * order and with any roundings left out, so that a sum of k terms is within 2k roundings of what the sizes of the terms add
   * up to (Higham 2002, 3.5).
   */
  readonly sums: "as written" | "any";
  /** How far all else may lie from the reference's, in units in the last place. */
  readonly unitsInTheLastPlace: number;
}

/** How a session opens. */
export interface SessionOptions<Kept extends string = string> {
  /** The most rows of a run or batch; default 1. */
  readonly capacity?: number;
  /** Where random weights and noise start. */
  readonly seed?: number | readonly number[] | undefined;
  /**
   * `"book"` draws noise as the book's listings do, from the generator that drew the weights, which goes on from batch to batch:
   * `fit` draws for each, `run` where its batch, or how many rows it has, differs from the last run of its program.
   */
  readonly chance?: Chance | undefined;
  /**
   * What may be read after a run, besides inputs, targets, weights, states, settings, metrics and the outputs of
   * predict: names, or `"all"`.
   */
  readonly keep?: readonly Kept[] | "all";
  /**
   * Whether an engine may round otherwise than the reference where that is faster: a multiplication and an addition at once,
   * sums in another order. Default false: the reference's bits.
   */
  readonly fast?: boolean | undefined;
  /**
   * How many threads share the work of `fit`, the caller's own among them; the bits do not depend on it, but for those of products
   * that a library computes. Default 1.
   */
  readonly threads?: number | undefined;
}

/** What to run: a phase, or some of its program's steps. */
export interface Run {
  /** Default the session's first program. */
  readonly program?: string;
  readonly phase?: Phase;
  /**
   * The number of the batch, which decides the noise. By default the program counts on: its first run is of batch 0, a run that
   * begins with the first step again is of the next one, and a run of later steps goes on with the batch that has begun. After
   * `fit` it counts on from the last batch trained.
   */
  readonly batch?: number;
  /** Whether metrics add to what they hold, as over the batches of an epoch; default false: they are this run's alone. */
  readonly accumulate?: boolean;
  /** Positions in the program's list of steps, from the first up to but not including the second. */
  readonly steps?: readonly [from: number, to: number];
}

/** One epoch's metrics: running totals over its rows. */
export interface EpochMetrics {
  /** Counted from 0. */
  readonly epoch: number;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Whether all weights and states are finite at its end. */
  readonly finite: boolean;
}

/** One program or several. As a tuple, so that programs whose arrays differ in names are not taken for one type. */
export type Programs<Names extends string = string> =
  | Program<Names>
  | readonly [Program<Names>, ...Program<Names>[]]
  | readonly Program<Names>[];

/** What runs programs. */
export interface Engine {
  readonly name: string;
  /** What its sessions promise, unless `fast` is asked for. */
  readonly contract: Contract;
  /**
   * Loads one or more programs over one memory, in which arrays of one name are one array; those whose names were made up, by
   * `gradient` for example, are each program's own where they are not computed alike. `why` is what `plan()` says of how
   * the engine was chosen.
   */
  open<Names extends string, Kept extends Known<Names> = Known<Names>>(
    programs: Programs<Names>,
    options?: SessionOptions<Kept>,
    why?: string,
  ): Session<Both<Names, Kept>>;
}

/**
 * Programs loaded in an engine. After `close` every method but `close` throws `SessionError`. `Names` are the arrays that are
 * known by name: the programs', as far as their types say, and those of `keep`.
 */
export interface Session<Names extends string = string> {
  /** Writes inputs, targets, weights, states, settings or metrics. Examples may have any number of rows up to the capacity. */
  write(arrays: ByName<Names, Numbers>): void;
  /** Runs a phase (or the whole program, without one) on the first `rows` rows; default those last written. */
  run(what?: Phase | Run, rows?: number): void;
  /** Makes data resident for `fit`; inputs and targets by name, all with one number of rows. */
  load(data: ByName<Names, Numbers>): void;
  /**
   * Trains on the resident data: gathers the rows of each batch and runs all phases of the first program.
   * Metrics start from 0 at the first batch of each epoch; returns those of each epoch that ended.
   */
  fit(loop: Loop): EpochMetrics[];
  /**
   * A copy of an array's numbers; the rows of the last run where it has rows. A name that several programs made up for different
   * arrays means the one computed last; `read("train.layer_1_delta")` reads that of `train`, and so says `keep`.
   */
  read(name: Known<Names>): Reading;
  /**
   * Where the generator of `chance: "book"` stands; otherwise undefined. Set to what it was, it goes on from there, and the
   * next run draws anew.
   */
  generator: RandomStateSnapshot | undefined;
  /** What this session promises of its numbers. */
  readonly contract: Contract;
  /** What runs where, for a reader. */
  plan(): string;
  /** When all threads have started; `openSession` has waited for it. */
  readonly ready: Promise<void>;
  /** Gives up the memory. */
  close(): void;
}

/** A session asked for what it cannot do. Its `cause` is a `RoomError` where the host has no memory for it. */
export class SessionError extends Error {
  override readonly name = "SessionError";
}
