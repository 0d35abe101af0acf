import type { WatchedStatistics } from "../checks/watch.ts";
import type { EngineName } from "../engines/open.ts";
import type { Initializer } from "../layers/initializers.ts";
import type { Loss, Metric } from "../losses/loss.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Initial, Precision } from "../program/data.ts";
import type { Known } from "../program/known.ts";
import type { Chance } from "../program/noise.ts";
import type { Stop } from "../trace/stopWhen.ts";
import type { Examples } from "../train/data.ts";
import type { EarlyStopping } from "../train/earlyStopping.ts";
import type { Warning } from "./warning.ts";

/** How a network starts, and what it is computed in. */
export interface NetworkOptions<Target extends string = string> {
  /** Where the random weights start; the same seed gives the same bits everywhere. Default 1. */
  readonly seed?: number | readonly number[];
  /** How the weights of layers start, unless a layer says otherwise; default `uniform(-1, 1)`, as in the book. */
  readonly initialize?: Initial | Initializer;
  /** The precision of all numbers but metrics; default `"float64"`. */
  readonly precision?: Precision;
  /**
   * `"book"` draws dropout masks as the book's listings do: from the one generator that drew the weights, which goes on with
   * `randint(2) * 2` for every batch. Then all dropout must be 0.5. Shuffling keeps its own generator.
   */
  readonly chance?: Chance;
  /** What the targets are called in programs; default `"goal"`. */
  readonly target?: Target;
  /**
   * The byte that becomes 1, such as 255, where rows of inputs are bytes: whole numbers from 0 to 255, which stay so until a
   * batch needs them. Programs then begin with `layer_0 = pixels / 255`. Default none: inputs are numbers as they are.
   */
  readonly bytes?: number;
  /** Which engine computes; default `"auto"`, the fastest that is here and has the bits of the reference. */
  readonly engine?: EngineName;
  /** Whether numbers may be rounded otherwise than the reference's where that is faster; default false. */
  readonly fast?: boolean;
  /** How many threads share the work of a training; but for a library's products, the bits do not depend on it. Default 1. */
  readonly threads?: number;
}

/** What is learnt and how: what a training program is made of. */
export interface Learning<
  Default extends Metric = Metric,
  Reported extends Metric = Default,
  Optimizing extends string = string,
> {
  /** What is made small. */
  readonly loss: Loss<Default>;
  /** How weights are updated. */
  readonly optimizer: Optimizer<Optimizing>;
  /** What to report; default what goes with the loss. */
  readonly metrics?: readonly Reported[];
}

/** What is learnt, how, and for how long. */
export interface TrainOptions<
  Default extends Metric = Metric,
  Reported extends Metric = Default,
  Names extends string = string,
  Optimizing extends string = string,
> extends Learning<Default, Reported, Optimizing> {
  /** How often all rows are visited. */
  readonly epochs: number;
  /** Rows per update: 1 (stochastic, the default), some (batch) or `"full"` (gradient descent on all rows at once). */
  readonly batch?: number | "full";
  /** Whether each epoch visits the rows in an order of its own; default false, in order. */
  readonly shuffle?: boolean;
  /** Examples to report on but not to learn from: given, or the last share of the rows, such as 0.2. */
  readonly validation?: number | Examples;
  /** Stops when no epoch has been better for a while, and goes back to the weights of the best. */
  readonly earlyStopping?: EarlyStopping;
  /**
   * Stops after the first batch in which an array meets a condition: `stopWhen("layer_1", (layer) => …)`. The epoch of that
   * batch is reported over the rows that it had so far, and counts as one; the weights stay those of that batch.
   */
  readonly stopWhen?: Stop<Known<Names>>;
  /**
   * Arrays whose statistics each epoch reports, over the rows of all its batches: `["layer_1"]`. An array that has no rows, such
   * as weights, is taken in as it is after every batch. `watch` and `stopWhen` run each batch by itself and copy what
   * they look at, which changes no bit but takes time.
   */
  readonly watch?: readonly Known<Names>[];
  /** Forgets what the optimizer carried over from a training before; default false: a second training goes on. */
  readonly fresh?: boolean;
  /** Stops between two epochs; the training then throws the signal's reason, and the network keeps what it has learnt. */
  readonly signal?: Signal;
}

/** The part of `AbortSignal` that a training reads. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
}

/** What a training reports after each epoch, and how that ended it early, if it did. */
export type Epoch<Reported extends Metric = Metric> = EpochReport<Reported> & Ending;

/** An epoch in numbers. */
export interface EpochReport<Reported extends Metric = Metric> {
  /** Counted from 1, on through trainings that go on. */
  readonly number: number;
  /** How many rows it learnt from. */
  readonly rows: number;
  /** Over the rows of the epoch, each row's numbers taken when its batch was predicted. */
  readonly metrics: MetricValues<Reported>;
  /** Over the validation's rows, with the weights of the epoch's end; undefined without validation. */
  readonly validation?: MetricValues<Reported>;
  /** Of the arrays that are watched; undefined where none is. */
  readonly statistics?: Readonly<Record<string, WatchedStatistics>>;
  /**
   * In the last report, what is wrong although no error was thrown: that the training diverged, or that units of relu are 0 for
   * all rows. Undefined where nothing is, and where the training was broken off.
   */
  readonly warnings?: readonly Warning[];
}

/** How an epoch ended the training: `stopped` tells. */
export type Ending =
  | { readonly stopped?: undefined; readonly stoppedBy?: undefined }
  /** No epoch had been better for as long as `earlyStopping` waits. */
  | { readonly stopped: "early"; readonly stoppedBy?: undefined }
  | {
      readonly stopped: "condition";
      /** The array that met the condition of `stopWhen`, and the batch of the epoch in which it did, counted from 0. */
      readonly stoppedBy: { readonly array: string; readonly batch: number };
    };

/** The numbers of metrics, by their keys. */
export type MetricValues<Reported extends Metric> = { readonly [Key in Reported["key"]]: number };
