import type { EpochMetrics, Session } from "../engines/engine.ts";
import { type OpenOptions, openSession } from "../engines/open.ts";
import type { Metric } from "../losses/loss.ts";
import { middleOf } from "../losses/middle.ts";
import type { Schedule } from "../optimizers/optimizer.ts";
import { type Course, type Loop, plotCourse } from "../program/loop.ts";
import type { Program } from "../program/program.ts";
import { count, type Shape } from "../shape/block.ts";
import { type State, writeState } from "../trace/state.ts";
import { type Examples, ownExamples } from "../train/data.ts";
import { named, type Side, split } from "../train/split.ts";
import type { Architecture } from "./architecture.ts";
import type { Ended, fitByBatch } from "./byBatch.ts";
import type { EarlyStop } from "./earlyStop.ts";
import type { HeldOut } from "./heldOut.ts";
import type { Anchor } from "./locate.ts";
import type { Epoch, EpochReport, MetricValues, TrainOptions } from "./options.ts";
import type { Learner, Progress } from "./progress.ts";
import type { Spare } from "./spare.ts";

/** Most rows that are evaluated at once; more would take memory and change no bit. */
const evaluatedAtOnce = 256;

/** After so many rows the numbers are fetched, so that there is never much to play again. */
const rowsToFetchAfter = 4096;

/** One call of `train`: a session, its data, and the epochs one after another. */
export class Training implements Learner {
  readonly program: Program;
  readonly #architecture: Architecture;
  readonly #progress: Progress;
  readonly #options: TrainOptions<Metric, Metric>;
  readonly #metrics: readonly ReportedMetric[];
  /** What parts the targets of two classes. */
  readonly #middle: number;
  readonly #training: Side;
  readonly #validation: Side | undefined;
  readonly #course: Course;
  readonly #settings: Record<string, Float64Array>;
  readonly #opening: OpenOptions;
  readonly #spare: Spare | undefined;
  /** How many rows the session has room for. */
  readonly #capacity: number;
  #session!: Session;
  /** Whether another training may go on with the session. */
  #reusable: boolean;
  #heldOut: HeldOut | undefined;
  #earlyStop: EarlyStop | undefined;
  #fitByBatch: typeof fitByBatch | undefined;
  #at: number;
  #anchor!: Anchor;
  #rowsSince = 0;

  /** Throws what `examplesOf` throws, and `RangeError` where options do not go together. */
  constructor(
    architecture: Architecture,
    progress: Progress,
    data: Examples,
    options: TrainOptions<Metric, Metric>,
    opening: OpenOptions,
    spare?: Spare,
  ) {
    const declared = architecture.trainer(options);
    const { epochs, batch = 1, validation, loss, optimizer, metrics = loss.metrics } = options;
    this.#architecture = architecture;
    this.#progress = progress;
    this.#options = options;
    this.#opening = opening;
    this.#spare = spare;
    const examples = (given: Examples, of?: string) =>
      ownExamples(given, declared.data, architecture.outputs, of);
    const all = examples(data);
    const asksMiddle = loss.goal === undefined && metrics.some((metric) => metric.asksMiddle);
    this.#middle = asksMiddle ? middleOf(all.targets.values) : 0.5;
    this.program = architecture.trainer(options, this.#middle);
    this.#metrics = metrics.map(({ key, reduce = "sum" }, position) => {
      const name = architecture.metricName(metrics, position);
      const isMean = (reduce === "as the loss" ? loss.reduce : reduce) === "mean";
      return { key, name, terms: isMean ? termsOfRow(this.program, name) : 0 };
    });
    const parts = typeof validation === "number" ? split(all, validation) : undefined;
    this.#training = parts?.training ?? all;
    this.#validation =
      parts?.validation ??
      (validation === undefined ? undefined : examples(validation as Examples, "validation "));

    const rows = this.#training.inputs.shape[0]!;
    const { batchesPerEpoch, batch: size } = plotCourse({ epochs, batch }, rows);
    architecture.checkBatches(rows, size);
    this.#at = progress.epochs * batchesPerEpoch;
    this.#course = plotCourse({ batch, from: this.#at, to: this.#at + epochs * batchesPerEpoch }, rows);
    const held = this.#validation?.inputs.shape[0] ?? 0;
    this.#capacity = Math.max(Math.min(size, rows), Math.min(held, evaluatedAtOnce));
    const alone = (opening.threads ?? 1) === 1 && this.#validation === undefined;
    this.#reusable = alone && this.#lookedAt().length === 0;
    this.#settings = Object.fromEntries(
      Object.entries(optimizer.schedules ?? {}).map(([name, schedule]) => [
        name,
        this.#rates(schedule, batchesPerEpoch),
      ]),
    );
  }

  /** A schedule's values, by the batch; those before this training are not asked for. */
  #rates(schedule: Schedule, batchesPerEpoch: number): Float64Array {
    const { from, to } = this.#course;
    const rates = new Float64Array(to);
    for (let batch = from; batch < to; batch++) rates[batch] = schedule({ batch, batchesPerEpoch });
    return rates;
  }

  /** What is trained, from what the network is now: all epochs as one loop, but for the order of the rows. */
  get score() {
    return this.#scoreFrom(this.#progress.of(this.program));
  }

  #scoreFrom(start: State) {
    const { seed, chance } = this.#opening;
    const { batch, rows, to } = this.#course;
    return {
      program: this.program,
      data: named(this.program, this.#training),
      loop: { batch, rows, from: this.#at, to, settings: this.#settings },
      seed,
      chance,
      start: Object.fromEntries(start),
      generator: start.generator,
    };
  }

  /** Opens the session. Throws what it throws where the data do not fit. */
  async open(): Promise<Session> {
    const { loss, earlyStopping, metrics = loss.metrics } = this.#options;
    const evaluator = this.#validation && this.#architecture.evaluator(loss, metrics, this.#middle);
    const keep = this.#lookedAt();
    // What few trainings do is loaded when it is asked for.
    if (keep.length > 0) this.#fitByBatch = (await import("./byBatch.ts")).fitByBatch;
    if (earlyStopping)
      this.#earlyStop = new (await import("./earlyStop.ts")).EarlyStop(earlyStopping, this.#metrics);
    // What the network does not say begins anew, as it does in a new session only.
    const says = this.#progress.of(this.program).size === this.#learns().length;
    const left = this.#reusable && says ? this.#spare?.take(this.program, this.#capacity) : undefined;
    this.#session =
      left ??
      (await openSession(evaluator ? [this.program, evaluator] : this.program, {
        ...this.#opening,
        capacity: this.#capacity,
        keep,
      }));
    this.#session.load(named(this.program, this.#training));
    if (evaluator)
      this.#heldOut = new (await import("./heldOut.ts")).HeldOut(
        this.#session,
        evaluator,
        this.#validation!,
        evaluatedAtOnce,
      );
    return this.#session;
  }

  /** Rows of an epoch, and how many weights there are. */
  get size(): { readonly rows: number; readonly weights: number } {
    const weights = this.program.data.arrays.filter(({ role }) => role === "weights");
    return {
      rows: this.#course.rows,
      weights: weights.reduce((sum, { shape }) => sum + count(shape as Shape), 0),
    };
  }

  get goesOn(): boolean {
    return this.#at < this.#course.to;
  }

  /** Runs an epoch. Throws `NonFiniteError`, and keeps what was learnt before that batch, or the reason of a signal. */
  next(): Epoch | Promise<Epoch> {
    const { shuffle, signal } = this.#options;
    if (signal?.aborted) throw signal.reason;
    // Between two epochs they may have been written by hand, or by another training of the network.
    if (!this.#progress.isOf(this)) {
      const state = this.#progress.of(this.program);
      writeState(this.#session, state);
      // What the network does not say yet begins as the session has it.
      this.#drop(state.size === this.#learns().length ? state : this.#inSession());
    }
    const loop = this.#epoch(shuffle ? this.#progress.shuffler.next(this.#course.rows) : undefined);
    const ended = this.#fitByBatch
      ? this.#fitByBatch(this.#session, this.program, loop, this.#course, this.#options)
      : this.#fitAtOnce(loop);
    for (const name in ended.total) if (!Number.isFinite(ended.total[name])) return this.#failed(ended);
    return ended.finite ? this.#report(ended) : this.#failed(ended);
  }

  get learnt(): State {
    return this.#drop(this.#inSession());
  }

  #inSession(): State {
    const state = new Map(this.#learns().map((name) => [name, this.#session.read(name)]));
    return Object.assign(state, { generator: this.#session.generator });
  }

  /** Ends it; the network keeps what it has learnt. */
  close(): void {
    this.#progress.leave(this);
    const { inputs, targets } = this.#training;
    if (this.#reusable && this.#spare)
      this.#spare.leave(
        this.#session,
        this.program,
        this.#capacity,
        inputs.values.length + targets.values.length,
      );
    else this.#session.close();
  }

  #learns(): string[] {
    const learnt = this.program.data.arrays.filter(({ role }) => role === "weights" || role === "state");
    return learnt.map(({ name }) => name);
  }

  #epoch(order: Int32Array | undefined): Loop {
    const { batch, batchesPerEpoch } = this.#course;
    const loop = { batch, from: this.#at, to: this.#at + batchesPerEpoch, settings: this.#settings };
    return order === undefined ? loop : { ...loop, order };
  }

  #fitAtOnce(loop: Loop): Ended {
    const [{ metrics, rows, finite }] = this.#session.fit(loop) as [EpochMetrics];
    return { total: metrics, rows, finite };
  }

  /** The arrays that are read after each batch. */
  #lookedAt(): readonly string[] {
    const { watch = [], stopWhen } = this.#options;
    return [...watch, ...(stopWhen === undefined ? [] : [stopWhen.array])];
  }

  /** Anchors at a state that the session has now. */
  #drop(state: State): State {
    const shuffler = this.#options.shuffle ? this.#progress.shuffler.state : undefined;
    this.#anchor = { state, batch: this.#at, shuffler };
    this.#rowsSince = 0;
    return state;
  }

  async #failed(ended: Ended): Promise<Epoch> {
    this.#reusable = false;
    const { locate } = await import("./locate.ts");
    const { state } = this.#anchor;
    const found = locate(this.#session, this.#scoreFrom(state), this.#anchor, this.#course);
    if (found === undefined) return this.#report(ended);
    const before = [...found.before].filter(([name]) => state.has(name));
    this.#progress.goTo(Object.assign(new Map(before), { generator: found.before.generator }));
    const { NonFiniteError } = await import("../checks/nonFiniteError.ts");
    throw new NonFiniteError(found);
  }

  #report({ total, rows, statistics, ending }: Ended): Epoch {
    const progress = this.#progress;
    this.#at += this.#course.batchesPerEpoch;
    progress.epochs++;
    progress.follow(this);
    this.#rowsSince += rows;
    if (this.#rowsSince >= rowsToFetchAfter) progress.fetch();
    const metrics = this.#reported(total, rows);
    const validation = this.#heldOut && this.#reported(this.#heldOut.evaluate(), this.#heldOut.rows);
    const early = !ending && this.#earlyStop?.isEnough(validation ?? metrics, progress);
    if (early || ending) this.#at = this.#course.to;
    if (!ending && !this.goesOn) this.#earlyStop?.goBack(progress);
    // Most have no more than this; spreading what is not there would take longer than a small epoch.
    const report: EpochReport = { number: progress.epochs, rows, metrics };
    if (!validation && !statistics && !early && !ending) return report;
    return {
      ...report,
      ...(validation === undefined ? {} : { validation }),
      ...(statistics === undefined ? {} : { statistics }),
      ...(early ? { stopped: "early" } : ending),
    };
  }

  #reported(total: Readonly<Record<string, number>>, rows: number): MetricValues<Metric> {
    const values: Record<string, number> = {};
    for (const { key, name, terms } of this.#metrics)
      values[key] = terms > 0 ? total[name]! / (rows * terms) : total[name]!;
    return values;
  }
}

interface ReportedMetric {
  readonly key: string;
  /** Its array. */
  readonly name: string;
  /** Over how many numbers of a row a mean is taken; 0 where the sum is reported. */
  readonly terms: number;
}

/** A row is one, but for `rightSides`, which counts each of its numbers. */
function termsOfRow({ data: { steps, arrays } }: Program, metric: string): number {
  const { op, reads } = steps.find(({ writes }) => writes === metric)!;
  if (op !== "rightSides") return 1;
  return arrays.find(({ name }) => name === reads[0])!.shape[1] as number;
}
