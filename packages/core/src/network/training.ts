import { areFinite, firstNonFinite } from "../checks/nonFinite.ts";
import { NonFiniteError } from "../checks/nonFiniteError.ts";
import { Watch } from "../checks/watch.ts";
import type { EpochMetrics, Session } from "../engines/engine.ts";
import { openSession } from "../engines/open.ts";
import type { Metric } from "../losses/loss.ts";
import { type Course, type Loop, plotCourse } from "../program/loop.ts";
import type { Program } from "../program/program.ts";
import type { Block } from "../shape/block.ts";
import { type Examples, examplesOf } from "../train/data.ts";
import { Patience } from "../train/earlyStopping.ts";
import type { Shuffler } from "../train/order.ts";
import { asBlock, rowsBetween, type Side, split } from "../train/split.ts";
import type { Architecture } from "./architecture.ts";
import type { Epoch, MetricValues, TrainOptions } from "./options.ts";

/** How far a network has come: what a training reads when it begins and writes after each epoch. */
export interface Progress {
  readonly weights: Map<string, Block>;
  /** What the optimizer carries, by name. */
  readonly states: Map<string, Block>;
  /** Epochs trained so far; schedules and shuffling go on from here. */
  epochs: number;
  shuffler: Shuffler;
}

/** One epoch as it was run: the metrics' totals over its rows, and what was looked at. */
interface Ended extends Pick<Epoch, "rows" | "statistics" | "stopped" | "stoppedBy"> {
  readonly total: Readonly<Record<string, number>>;
}

/** Most rows that are evaluated at once; more would take memory and change no bit. */
const evaluatedAtOnce = 256;

/** One call of `train`: a session, its data, and the epochs one after another. */
export class Training {
  private readonly architecture: Architecture;
  private readonly progress: Progress;
  private readonly options: TrainOptions<Metric, Metric>;
  private readonly metrics: readonly Metric[];
  private readonly session: Session;
  private readonly training: Side;
  private readonly validation: Side | undefined;
  private readonly course: Course;
  private readonly settings: Record<string, Float64Array>;
  private readonly patience: Patience | undefined;
  private readonly seed: number | readonly number[];
  private best: ReadonlyMap<string, Block> | undefined;
  readonly program: Program;

  constructor(
    architecture: Architecture,
    progress: Progress,
    data: Examples,
    options: TrainOptions<Metric, Metric>,
    seed: number | readonly number[],
  ) {
    const { epochs, batch = 1, validation, earlyStopping, loss, optimizer } = options;
    this.architecture = architecture;
    this.progress = progress;
    this.options = options;
    this.seed = seed;
    this.metrics = options.metrics ?? loss.metrics;
    const { inputs, outputs, predictor } = architecture;
    const examples = (given: Examples) => examplesOf(given, inputs, outputs, predictor.data.precision);
    const all = examples(data);
    const parts = typeof validation === "number" ? split(all, validation) : undefined;
    this.training = parts?.training ?? all;
    this.validation =
      parts?.validation ?? (validation === undefined ? undefined : examples(validation as Examples));
    this.patience = earlyStopping && new Patience(earlyStopping);
    this.checkWatched();

    const rows = this.training.inputs.shape[0]!;
    const { batchesPerEpoch } = plotCourse({ epochs, batch }, rows);
    const from = progress.epochs * batchesPerEpoch;
    this.course = plotCourse({ batch, from, to: from + epochs * batchesPerEpoch }, rows);
    this.settings = Object.fromEntries(
      Object.entries(optimizer.schedules).map(([name, schedule]) => [
        name,
        Float64Array.from({ length: this.course.to }, (_, at) => schedule({ batch: at, batchesPerEpoch })),
      ]),
    );

    this.program = architecture.trainer(options);
    const evaluator = this.validation && architecture.evaluator(loss, this.metrics);
    const held = this.validation?.inputs.shape[0] ?? 0;
    this.session = openSession(evaluator ? [this.program, evaluator] : this.program, {
      capacity: Math.max(Math.min(this.course.batch, rows), Math.min(held, evaluatedAtOnce)),
      seed,
      keep: this.lookedAt(),
    });
    this.session.write(Object.fromEntries([...progress.states].filter(([name]) => this.program.has(name))));
    this.session.load(this.resident());
  }

  /** Runs the epochs, one at a time. What is learnt is in `progress` before each is reported. */
  *epochs(): Generator<Epoch, void, undefined> {
    const { batchesPerEpoch, from, to, rows } = this.course;
    for (let at = from; at < to; at += batchesPerEpoch) {
      this.checkSignal();
      // Between two epochs the weights may have been written by hand, or by another training of the network.
      this.session.write(Object.fromEntries(this.progress.weights));
      const order = this.options.shuffle ? this.progress.shuffler.next(rows) : undefined;
      const { total, ...ended } = this.fit({
        batch: this.course.batch,
        from: at,
        to: at + batchesPerEpoch,
        settings: this.settings,
        ...(order === undefined ? {} : { order }),
      });
      const metrics = this.reported((name) => total[name]!, ended.rows);
      const validation = this.validation && this.evaluate(this.validation);
      const early = ended.stoppedBy === undefined && this.note(validation ?? metrics) === "stop";
      if (early) this.goBackToBest();
      yield {
        number: this.progress.epochs,
        metrics,
        ...ended,
        ...(validation === undefined ? {} : { validation }),
        ...(early ? { stopped: "early" as const } : {}),
      };
      if (early || ended.stoppedBy) return;
    }
    this.goBackToBest();
  }

  close(): void {
    this.session.close();
  }

  /** The data as the program calls them. */
  private resident(): Record<string, Block> {
    return {
      layer_0: asBlock(this.training.inputs),
      [this.architecture.target]: asBlock(this.training.targets),
    };
  }

  /** Runs one epoch and keeps what it has learnt. Throws `NonFiniteError`, and keeps what was learnt before that batch. */
  private fit(loop: Loop): Ended {
    const ended = this.lookedAt().length > 0 ? this.fitByBatch(loop) : this.fitAtOnce(loop);
    const learnt = this.learnt();
    if (!areFinite(learnt) || !Object.values(ended.total).every(Number.isFinite)) this.locate(loop);
    this.keep(learnt);
    this.progress.epochs++;
    return ended;
  }

  private fitAtOnce(loop: Loop): Ended {
    const [{ metrics, rows }] = this.session.fit(loop) as [EpochMetrics];
    return { total: metrics, rows };
  }

  /** The same bits, with a look at each batch. */
  private fitByBatch(loop: Loop): Ended {
    const { watch = [], stopWhen } = this.options;
    const { rows, batch: size } = this.course;
    const watched = new Watch(watch, this.program);
    let seen = 0;
    let stoppedBy: Ended["stoppedBy"];
    for (let batch = loop.from!; batch < loop.to! && stoppedBy === undefined; batch++) {
      this.session.fit({ ...loop, from: batch, to: batch + 1 });
      seen = Math.min(rows, seen + size);
      watched.note((name) => this.session.read(name));
      if (stopWhen?.condition(this.session.read(stopWhen.array)))
        stoppedBy = { array: stopWhen.array, batch: batch - loop.from! };
    }
    const metrics = this.program.data.arrays.filter(({ role }) => role === "metric");
    return {
      total: Object.fromEntries(metrics.map(({ name }) => [name, this.session.read(name).at()])),
      rows: seen,
      ...(watch.length > 0 ? { statistics: watched.statistics } : {}),
      ...(stoppedBy === undefined ? {} : { stopped: "condition" as const, stoppedBy }),
    };
  }

  /** The arrays that are read after each batch. */
  private lookedAt(): readonly string[] {
    const { watch = [], stopWhen } = this.options;
    return [...watch, ...(stopWhen === undefined ? [] : [stopWhen.array])];
  }

  private locate(loop: Loop): void {
    const { weights, states } = this.progress;
    const start = new Map([...weights, ...[...states].filter(([name]) => this.program.has(name))]);
    const found = firstNonFinite(
      { program: this.program, data: this.resident(), loop, seed: this.seed },
      loop.from!,
      loop.to!,
      start,
    );
    if (found === undefined) return;
    this.keep(found.before);
    throw new NonFiniteError(found);
  }

  /** Weights and states as they are in the session. */
  private learnt(): Map<string, Block> {
    const names = this.program.data.arrays.filter(({ role }) => role === "weights" || role === "state");
    return new Map(names.map(({ name }) => [name, this.session.read(name)]));
  }

  private keep(learnt: ReadonlyMap<string, Block>): void {
    for (const [name, numbers] of learnt) {
      const { role } = this.program.array(name);
      if (role === "weights") this.progress.weights.set(name, numbers);
      if (role === "state") this.progress.states.set(name, numbers);
    }
  }

  /** Metrics over rows that are not learnt from, a part of them at a time. */
  private evaluate({ inputs, targets }: Side): MetricValues<Metric> {
    const names = this.metrics.map((_, position) => this.architecture.metricName(this.metrics, position));
    this.session.write(Object.fromEntries(names.map((name) => [name, 0])));
    const rows = inputs.shape[0]!;
    for (let from = 0; from < rows; from += evaluatedAtOnce) {
      const to = Math.min(rows, from + evaluatedAtOnce);
      this.session.write({
        layer_0: asBlock(rowsBetween(inputs, from, to)),
        [this.architecture.target]: asBlock(rowsBetween(targets, from, to)),
      });
      this.session.run({ program: "evaluate" });
    }
    return this.reported((name) => this.session.read(name).at(), rows);
  }

  private reported(totalOf: (name: string) => number, rows: number): MetricValues<Metric> {
    return Object.fromEntries(
      this.metrics.map((metric, position) => {
        const total = totalOf(this.architecture.metricName(this.metrics, position));
        const reduce = metric.reduce === "as the loss" ? this.options.loss.reduce : (metric.reduce ?? "sum");
        return [metric.key, reduce === "mean" ? total / rows : total];
      }),
    );
  }

  private note(values: MetricValues<Metric>): "better" | "patient" | "stop" {
    if (this.patience === undefined) return "patient";
    const verdict = this.patience.note(values[this.watched()]!);
    if (verdict === "better") this.best = new Map(this.progress.weights);
    return verdict;
  }

  private goBackToBest(): void {
    for (const [name, numbers] of this.best ?? []) this.progress.weights.set(name, numbers);
  }

  private watched(): string {
    return this.options.earlyStopping?.metric ?? this.metrics[0]!.key;
  }

  private checkWatched(): void {
    if (this.options.earlyStopping === undefined) return;
    const keys = this.metrics.map((metric) => metric.key);
    if (keys.length === 0 || !keys.includes(this.watched()))
      throw new RangeError(
        `earlyStopping: there is no metric "${this.watched()}" to watch; there are ${keys.join(", ")}`,
      );
  }

  private checkSignal(): void {
    const { signal } = this.options;
    if (signal?.aborted) throw signal.reason;
  }
}
