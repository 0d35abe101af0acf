import type { EpochMetrics, Session, SessionOptions } from "../engines/engine.ts";
import { openSession } from "../engines/open.ts";
import type { Metric } from "../losses/loss.ts";
import { type Course, type Loop, plotCourse } from "../program/loop.ts";
import type { Program } from "../program/program.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Block } from "../shape/block.ts";
import { type State, writeState } from "../trace/state.ts";
import { type Examples, examplesOf } from "../train/data.ts";
import { Patience } from "../train/earlyStopping.ts";
import type { Shuffler } from "../train/order.ts";
import { asBlock, rowsBetween, type Side, split } from "../train/split.ts";
import type { Architecture } from "./architecture.ts";
import type { Ended } from "./byBatch.ts";
import type { Epoch, MetricValues, TrainOptions } from "./options.ts";

/** How far a network has come: what a training reads when it begins and writes after each epoch. */
export interface Progress {
  readonly weights: Map<string, Block>;
  /** What the optimizer carries and the running statistics of layers that normalise, by name. */
  readonly states: Map<string, Block>;
  /** Epochs trained so far; schedules and shuffling go on from here. */
  epochs: number;
  shuffler: Shuffler;
  /** Where the generator of `chance: "book"` stands; undefined without it. */
  generator?: RandomStateSnapshot | undefined;
}

/** The weights and states of a program. */
export function arraysOf({ weights, states }: Progress, program: Program): Map<string, Block> {
  return new Map([...weights, ...states].filter(([name]) => program.has(name)));
}

/** Most rows that are evaluated at once; more would take memory and change no bit. */
const evaluatedAtOnce = 256;

/** One call of `train`: a session, its data, and the epochs one after another. */
export class Training {
  readonly #architecture: Architecture;
  readonly #progress: Progress;
  readonly #options: TrainOptions<Metric, Metric>;
  readonly #metrics: readonly Metric[];
  #session!: Session;
  readonly #training: Side;
  readonly #validation: Side | undefined;
  readonly #course: Course;
  readonly #settings: Record<string, Float64Array>;
  readonly #patience: Patience | undefined;
  readonly #chance: Pick<SessionOptions, "seed" | "chance">;
  #best: State | undefined;
  readonly program: Program;

  constructor(
    architecture: Architecture,
    progress: Progress,
    data: Examples,
    options: TrainOptions<Metric, Metric>,
    chance: Pick<SessionOptions, "seed" | "chance">,
  ) {
    const { epochs, batch = 1, validation, earlyStopping, loss, optimizer } = options;
    this.#architecture = architecture;
    this.#progress = progress;
    this.#options = options;
    this.#chance = chance;
    this.#metrics = options.metrics ?? loss.metrics;
    this.program = architecture.trainer(options);
    const examples = (given: Examples) => examplesOf(given, this.program.data, architecture.outputs);
    const all = examples(data);
    const parts = typeof validation === "number" ? split(all, validation) : undefined;
    this.#training = parts?.training ?? all;
    this.#validation =
      parts?.validation ?? (validation === undefined ? undefined : examples(validation as Examples));
    this.#patience = earlyStopping && new Patience(earlyStopping);
    this.#checkWatched();

    const rows = this.#training.inputs.shape[0]!;
    const { batchesPerEpoch, batch: size } = plotCourse({ epochs, batch }, rows);
    architecture.checkBatches(rows, size);
    const from = progress.epochs * batchesPerEpoch;
    this.#course = plotCourse({ batch, from, to: from + epochs * batchesPerEpoch }, rows);
    this.#settings = Object.fromEntries(
      Object.entries(optimizer.schedules).map(([name, schedule]) => [
        name,
        Float64Array.from({ length: this.#course.to }, (_, at) => schedule({ batch: at, batchesPerEpoch })),
      ]),
    );
  }

  /** Opens the session. Throws what it throws where the data do not fit. */
  async #open(): Promise<void> {
    const architecture = this.#architecture;
    const evaluator = this.#validation && architecture.evaluator(this.#options.loss, this.#metrics);
    const rows = this.#training.inputs.shape[0]!;
    const held = this.#validation?.inputs.shape[0] ?? 0;
    this.#session = await openSession(evaluator ? [this.program, evaluator] : this.program, {
      capacity: Math.max(Math.min(this.#course.batch, rows), Math.min(held, evaluatedAtOnce)),
      ...this.#chance,
      keep: this.#lookedAt(),
    });
    this.#session.load(this.#named(this.#training));
  }

  /** Runs the epochs, one at a time. What is learnt is in `progress` before each is reported. */
  async *epochs(): AsyncGenerator<Epoch, void, undefined> {
    await this.#open();
    try {
      yield* this.#played();
    } finally {
      this.#session.close();
    }
  }

  async *#played(): AsyncGenerator<Epoch, void, undefined> {
    const { batchesPerEpoch, from, to, rows } = this.#course;
    for (let at = from; at < to; at += batchesPerEpoch) {
      this.#checkSignal();
      // Between two epochs they may have been written by hand, or by another training of the network.
      writeState(this.#session, this.#start());
      const order = this.#options.shuffle ? this.#progress.shuffler.next(rows) : undefined;
      const { total, ...ended } = await this.#fit({
        batch: this.#course.batch,
        from: at,
        to: at + batchesPerEpoch,
        settings: this.#settings,
        ...(order === undefined ? {} : { order }),
      });
      const metrics = this.#reported((name) => total[name]!, ended.rows);
      const validation = this.#validation && this.#evaluate(this.#validation);
      const early = ended.stoppedBy === undefined && this.#note(validation ?? metrics) === "stop";
      if (early) this.#goBackToBest();
      yield {
        number: this.#progress.epochs,
        metrics,
        ...ended,
        ...(validation === undefined ? {} : { validation }),
        ...(early ? { stopped: "early" as const } : {}),
      };
      if (early || ended.stoppedBy) return;
    }
    this.#goBackToBest();
  }

  /** Rows of the data as the program calls them. */
  #named({ inputs, targets }: Side, from = 0, to = inputs.shape[0]!): Record<string, Block> {
    return Object.fromEntries(
      this.program.data.arrays.flatMap(({ name, role }) =>
        role === "input" || role === "target"
          ? [[name, asBlock(rowsBetween(role === "input" ? inputs : targets, from, to))]]
          : [],
      ),
    );
  }

  /** Runs one epoch and keeps what it has learnt. Throws `NonFiniteError`, and keeps what was learnt before that batch. */
  async #fit(loop: Loop): Promise<Ended> {
    const ended = this.#lookedAt().length > 0 ? await this.#fitByBatch(loop) : this.#fitAtOnce(loop);
    const learnt = this.#learnt();
    const finite =
      Object.values(ended.total).every(Number.isFinite) &&
      [...learnt.values()].every(({ data }) => data.every(Number.isFinite));
    if (!finite) await this.#locate(loop);
    this.#keep(learnt);
    this.#progress.epochs++;
    return ended;
  }

  #fitAtOnce(loop: Loop): Ended {
    const [{ metrics, rows }] = this.#session.fit(loop) as [EpochMetrics];
    return { total: metrics, rows };
  }

  /** The arrays that are read after each batch. */
  #lookedAt(): readonly string[] {
    const { watch = [], stopWhen } = this.#options;
    return [...watch, ...(stopWhen === undefined ? [] : [stopWhen.array])];
  }

  /** Looking at batches is not what most trainings do, so its code is loaded when it is asked for. */
  async #fitByBatch(loop: Loop): Promise<Ended> {
    const { fitByBatch } = await import("./byBatch.ts");
    return fitByBatch(this.#session, this.program, loop, this.#course, this.#options);
  }

  async #locate(loop: Loop): Promise<void> {
    const { firstNonFinite } = await import("../checks/nonFinite.ts");
    const { NonFiniteError } = await import("../checks/nonFiniteError.ts");
    const found = firstNonFinite(
      { program: this.program, data: this.#named(this.#training), loop, ...this.#chance },
      loop.from!,
      loop.to!,
      this.#start(),
    );
    if (found === undefined) return;
    this.#keep(found.before);
    throw new NonFiniteError(found);
  }

  /** The weights and states of the program, and its generator, as they were after the last epoch. */
  #start(): State {
    const { generator } = this.#progress;
    return Object.assign(arraysOf(this.#progress, this.program), { generator });
  }

  /** The same as they are in the session. */
  #learnt(): State {
    const names = this.program.data.arrays.filter(({ role }) => role === "weights" || role === "state");
    const arrays = names.map(({ name }) => [name, this.#session.read(name)] as const);
    return Object.assign(new Map(arrays), { generator: this.#session.generator });
  }

  #keep(learnt: State): void {
    this.#progress.generator = learnt.generator;
    for (const [name, numbers] of learnt) {
      const { role } = this.program.array(name);
      if (role === "weights") this.#progress.weights.set(name, numbers);
      if (role === "state") this.#progress.states.set(name, numbers);
    }
  }

  /** Metrics over rows that are not learnt from, a part of them at a time. */
  #evaluate(side: Side): MetricValues<Metric> {
    const names = this.#metrics.map((_, position) => this.#architecture.metricName(this.#metrics, position));
    this.#session.write(Object.fromEntries(names.map((name) => [name, 0])));
    const rows = side.inputs.shape[0]!;
    for (let from = 0; from < rows; from += evaluatedAtOnce) {
      this.#session.write(this.#named(side, from, Math.min(rows, from + evaluatedAtOnce)));
      this.#session.run({ program: "evaluate" });
    }
    return this.#reported((name) => this.#session.read(name).at(), rows);
  }

  #reported(totalOf: (name: string) => number, rows: number): MetricValues<Metric> {
    return Object.fromEntries(
      this.#metrics.map((metric, position) => {
        const total = totalOf(this.#architecture.metricName(this.#metrics, position));
        const reduce = metric.reduce === "as the loss" ? this.#options.loss.reduce : (metric.reduce ?? "sum");
        return [metric.key, reduce === "mean" ? total / rows : total];
      }),
    );
  }

  #note(values: MetricValues<Metric>): "better" | "patient" | "stop" {
    if (this.#patience === undefined) return "patient";
    const verdict = this.#patience.note(values[this.#watched()]!);
    if (verdict === "better") this.#best = arraysOf(this.#progress, this.#architecture.predictor);
    return verdict;
  }

  /** To its weights and running statistics; the generator goes on. */
  #goBackToBest(): void {
    const { generator } = this.#progress;
    if (this.#best) this.#keep(Object.assign(this.#best, { generator }));
  }

  #watched(): string {
    return this.#options.earlyStopping?.metric ?? this.#metrics[0]!.key;
  }

  #checkWatched(): void {
    if (this.#options.earlyStopping === undefined) return;
    const keys = this.#metrics.map((metric) => metric.key);
    if (keys.length === 0 || !keys.includes(this.#watched()))
      throw new RangeError(
        `earlyStopping: there is no metric "${this.#watched()}" to watch; there are ${keys.join(", ")}`,
      );
  }

  #checkSignal(): void {
    const { signal } = this.#options;
    if (signal?.aborted) throw signal.reason;
  }
}
