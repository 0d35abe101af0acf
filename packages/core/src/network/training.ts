import type { EpochMetrics, Session } from "../engines/engine.ts";
import { type OpenOptions, openSession } from "../engines/open.ts";
import type { Metric } from "../losses/loss.ts";
import { middleOf } from "../losses/middle.ts";
import { type Course, type Loop, plotCourse } from "../program/loop.ts";
import type { Program } from "../program/program.ts";
import { count, type Shape } from "../shape/block.ts";
import type { Score } from "../trace/player.ts";
import { type State, writeState } from "../trace/state.ts";
import type { Examples } from "../train/data.ts";
import { named, type Side } from "../train/split.ts";
import { type Anchor, playBack } from "./anchor.ts";
import type { Architecture } from "./architecture.ts";
import { begun, learntIn } from "./begun.ts";
import type { Ended, fitByBatch } from "./byBatch.ts";
import type { EarlyStop } from "./earlyStop.ts";
import type { HeldOut } from "./heldOut.ts";
import type { Epoch, TrainOptions } from "./options.ts";
import type { Learner, Progress } from "./progress.ts";
import { Rates } from "./rates.ts";
import { Reported } from "./reported.ts";
import { sidesOf } from "./sides.ts";
import type { Spare } from "./spare.ts";
import { TrainingError } from "./trainingError.ts";
import type { Look } from "./warnings.ts";

/** Most rows that are evaluated at once; more would take memory and change no bit. */
const evaluatedAtOnce = 256;

/** What looks at a training that has ended; loaded with the first. */
let looking: typeof import("./warnings.ts") | undefined;

/** After so many rows the numbers are fetched, so that there is never much to play again. */
const rowsToFetchAfter = 4096;

/**
 * One call of `train`: a session, its data, and the epochs one after another. Each goes on from where the network is when it
 * begins, so that what was written or restored between two epochs is what the next one finds.
 */
export class Training implements Learner {
  readonly program: Program;
  /** Whether it is at work, rather than waiting between two epochs to be asked for the next. */
  busy = false;
  readonly #architecture: Architecture;
  readonly #progress: Progress;
  readonly #options: TrainOptions<Metric, Metric>;
  readonly #reported: Reported;
  /** What parts the targets of two classes. */
  readonly #middle: number;
  readonly #training: Side;
  readonly #validation: Side | undefined;
  /** Of the first epoch; all have as many rows and batches. */
  readonly #course: Course;
  readonly #rates: Rates;
  readonly #opening: OpenOptions;
  readonly #spare: Spare | undefined;
  /** How many rows the session has room for. */
  readonly #capacity: number;
  #session: Session | undefined;
  /** Whether another training may go on with the session. */
  #reusable: boolean;
  #heldOut: HeldOut | undefined;
  #earlyStop: EarlyStop | undefined;
  #fitByBatch: typeof fitByBatch | undefined;
  /** How many epochs are still to come. */
  #left: number;
  #anchor!: Anchor;
  #rowsSince = 0;
  #look!: Look;
  #closed = false;
  #throughout = false;

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
    const sides = sidesOf(declared, architecture.outputs, data, validation);
    this.#training = sides.training;
    this.#validation = sides.validation;
    const asksMiddle = loss.goal === undefined && metrics.some((metric) => metric.asksMiddle);
    this.#middle = asksMiddle ? middleOf(sides.all.targets.values) : 0.5;
    this.program = architecture.trainer(options, this.#middle);
    this.#reported = new Reported(architecture, this.program, loss, metrics);

    const rows = this.#training.inputs.shape[0]!;
    plotCourse({ epochs, batch }, rows);
    this.#left = epochs;
    this.#course = plotCourse({ epochs: 1, batch }, rows);
    const { batchesPerEpoch, batch: size } = this.#course;
    architecture.checkBatches(rows, size);
    const held = this.#validation?.inputs.shape[0] ?? 0;
    this.#capacity = Math.max(Math.min(size, rows), Math.min(held, evaluatedAtOnce));
    const alone = (opening.threads ?? 1) === 1 && this.#validation === undefined;
    this.#reusable = alone && this.#lookedAt().length === 0;
    this.#rates = new Rates(optimizer.schedules, batchesPerEpoch);
  }

  /** The batches still to come, counted from the start of the training. */
  get range(): { readonly from: number; readonly to: number; readonly batchesPerEpoch: number } {
    const { batchesPerEpoch } = this.#course;
    return { from: this.#at, to: this.#at + this.#left * batchesPerEpoch, batchesPerEpoch };
  }

  /** What is trained up to a batch, from what the network is now: all epochs as one loop, but for the order of the rows. */
  scoreTo(to: number): Score {
    const from = this.#at;
    const state = this.#progress.of(this.program);
    const settings = this.#rates.between(from, to);
    const isRated = from > 0 && Object.keys(settings).length > 0;
    return {
      ...this.#scoreOf({
        batch: this.#course.batch,
        rows: this.#course.rows,
        from,
        to,
        settings,
        ...(isRated ? { settingsFrom: from } : {}),
      }),
      start: Object.fromEntries(state),
      generator: state.generator,
    };
  }

  #scoreOf(loop: Loop): Score {
    const { seed, chance } = this.#opening;
    return { program: this.program, data: named(this.program, this.#training), loop, seed, chance };
  }

  /** Opens the session. Throws what it throws where the data do not fit. */
  async open(): Promise<Session> {
    const { loss, earlyStopping, metrics = loss.metrics } = this.#options;
    const validation = this.#validation;
    const evaluator = validation && this.#architecture.evaluator(loss, metrics, this.#middle);
    const keep = this.#lookedAt();
    const loading = looking ? undefined : import("./warnings.ts");
    // What few trainings do is loaded when it is asked for.
    if (keep.length > 0) this.#fitByBatch = (await import("./byBatch.ts")).fitByBatch;
    if (earlyStopping) {
      const { EarlyStop } = await import("./earlyStop.ts");
      this.#earlyStop = new EarlyStop(earlyStopping, this.#reported.metrics, validation !== undefined);
    }
    const left = this.#reusable ? this.#spare?.take(this.program, this.#capacity) : undefined;
    const session =
      left ??
      (await openSession(evaluator ? [this.program, evaluator] : this.program, {
        ...this.#opening,
        capacity: this.#capacity,
        keep,
      }));
    this.#session = session;
    session.load(named(this.program, this.#training));
    looking ??= await loading!;
    this.#look = new looking.Look(this.#architecture, this.program, this.#training, this.#reported.metrics);
    if (evaluator) {
      const { HeldOut } = await import("./heldOut.ts");
      this.#heldOut = new HeldOut(session, evaluator, validation, evaluatedAtOnce);
    }
    return session;
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
    return this.#left > 0;
  }

  /** The first batch of the next epoch. */
  get #at(): number {
    return this.#progress.epochs * this.#course.batchesPerEpoch;
  }

  /** Runs an epoch. Throws `NonFiniteError`, and keeps what was learnt before that batch, or the reason of a signal. */
  next(): Epoch | Promise<Epoch> {
    const { shuffle, signal } = this.#options;
    if (signal?.aborted) throw signal.reason;
    const progress = this.#progress;
    // Between two epochs they may have been written by hand, or restored.
    if (!progress.isOf(this)) {
      const state = begun(this.program, progress.of(this.program), this.#opening.seed!);
      writeState(this.#session!, state);
      this.#drop(state);
    }
    this.#earlyStop?.begin(progress);
    const rated = this.#epoch(this.#at);
    const loop = shuffle ? { ...rated, order: progress.shuffler.next(this.#course.rows) } : rated;
    const ended = this.#fitByBatch
      ? this.#fitByBatch(this.#session!, this.program, loop, this.#course, this.#options)
      : this.#fitAtOnce(loop);
    for (const name in ended.total) if (!Number.isFinite(ended.total[name])) return this.#failed(ended);
    return ended.finite ? this.#report(ended) : this.#failed(ended);
  }

  /** Says that it is the network's, and at work: also between two epochs, if `throughout`. */
  begin(throughout: boolean): void {
    this.busy = true;
    this.#throughout = throughout;
  }

  /** Says that the next epoch is asked for. Throws `TrainingError` where another training has begun since the last one. */
  resume(): void {
    if (this.#closed)
      throw new TrainingError(
        "this training was ended, since another of the same network began between two of its epochs",
      );
    this.busy = true;
  }

  get learnt(): State {
    const session = this.#session!;
    const state = new Map(learntIn(this.program).map(({ name }) => [name, session.read(name)]));
    return this.#drop(Object.assign(state, { generator: session.generator }));
  }

  /** Ends it; the network keeps what it has learnt. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.busy = false;
    this.#progress.leave(this);
    if (this.#session === undefined) return;
    const { inputs, targets } = this.#training;
    const numbers = inputs.values.length + targets.values.length;
    if (this.#reusable && this.#spare)
      this.#spare.leave(this.#session, this.program, this.#capacity, numbers);
    else this.#session.close();
  }

  /** The epoch that begins with a batch. */
  readonly #epoch = (from: number): Loop => {
    const { batch, batchesPerEpoch } = this.#course;
    const { settings } = this.#rates;
    this.#rates.begin(from);
    return { batch, from, to: from + batchesPerEpoch, settings, settingsFrom: from };
  };

  #fitAtOnce(loop: Loop): Ended {
    const [{ metrics, rows, finite }] = this.#session!.fit(loop) as [EpochMetrics];
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
    // Before anyone else has a turn, so that the network is what it was when the epoch began.
    const loop = playBack(this.#session!, this.#anchor, this.#at, this.#epoch, this.#course.rows);
    const [{ locate }, { NonFiniteError }] = await Promise.all([
      import("./locate.ts"),
      import("../checks/nonFiniteError.ts"),
    ]);
    const found = locate(this.#session!, this.#scoreOf(loop));
    if (found === undefined) {
      const epoch = this.#report(ended);
      this.#progress.fetch();
      return epoch;
    }
    const before = learntIn(this.program).map(({ name }) => [name, found.before.get(name)!] as const);
    this.#progress.goTo(Object.assign(new Map(before), { generator: found.before.generator }));
    throw new NonFiniteError(found);
  }

  #report({ total, rows, statistics, ending }: Ended): Epoch {
    const progress = this.#progress;
    this.#left--;
    progress.epochs++;
    progress.follow(this);
    this.#rowsSince += rows;
    if (this.#rowsSince >= rowsToFetchAfter) progress.fetch();
    const metrics = this.#reported.of(total, rows);
    const validation = this.#heldOut && this.#reported.of(this.#heldOut.evaluate(), this.#heldOut.rows);
    const early = !ending && this.#earlyStop?.isEnough(validation ?? metrics, progress);
    if (early || ending) this.#left = 0;
    this.#look.note(metrics, rows);
    const goesBack = !ending && !this.goesOn && this.#earlyStop !== undefined;
    if (goesBack) progress.goToBest(this);
    this.busy = this.#throughout;
    // Most have no more than this; spreading what is not there would take longer than a small epoch.
    let report: Epoch = { number: progress.epochs, rows, metrics };
    if (validation || statistics || early || ending)
      report = {
        ...report,
        ...(validation === undefined ? {} : { validation }),
        ...(statistics === undefined ? {} : { statistics }),
        ...(early ? { stopped: "early" } : ending),
      };
    return this.goesOn ? report : this.#look.told(report, progress.learnt, goesBack);
  }
}
