import { Reading } from "../array/reading.ts";
import { type OpenOptions, openSession } from "../engines/open.ts";
import type { Layer } from "../layers/layer.ts";
import type { Loss, Metric } from "../losses/loss.ts";
import type { ArrayDeclaration } from "../program/data.ts";
import { recordOf } from "../program/given.ts";
import type { Known } from "../program/known.ts";
import { unknownName } from "../program/names.ts";
import type { Chance } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import { checkedSeed } from "../random/arguments.ts";
import { type Block, block } from "../shape/block.ts";
import { asBlock, flatten, type Numbers } from "../shape/numbers.ts";
import { reachable, remember } from "../shape/reachable.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { shown } from "../shape/shown.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import type { Trace, TraceOptions } from "../trace/trace.ts";
import { type Examples, rowsOf } from "../train/data.ts";
import { rowsBetween } from "../train/split.ts";
import { Architecture } from "./architecture.ts";
import { converted } from "./begun.ts";
import { checkedOptions } from "./checkedOptions.ts";
import { epochsOf } from "./epochs.ts";
import type { LearningNames, NamesOf, NetworkNames, PredictNames, TrainingNames } from "./names.ts";
import type { Epoch, Learning, NetworkOptions, TrainOptions } from "./options.ts";
import { type Best, Progress } from "./progress.ts";
import { Spare } from "./spare.ts";
import { Training } from "./training.ts";

export type { NetworkOptions };

/** Most rows that are predicted at once; more would take memory and change no bit. */
const predictedAtOnce = 256;

/** The longest list that there can be. */
const mostReports = 0xffffffff;

/**
 * A network of layers: `network(3, [dense(4, { activation: relu }), dense(1)], { seed: 1 })` reads rows of 3 numbers and
 * predicts rows of 1. The same seed (default 1) gives the same bits everywhere. Layers that are listed in the call give
 * their arrays' names to the type; of a variable `Layer[]` it cannot know how many there are, and then any name is taken.
 *
 * Throws `RangeError` unless there are a whole number of inputs and at least one layer, `ShapeError` where layers do not fit
 * together or the last one gives no rows, `NameError` where two arrays have one name.
 */
export function network<const Layers extends readonly Layer[], Target extends string = "goal">(
  inputs: number,
  layers: Layers,
  options: NetworkOptions<Target> = {},
): Network<NamesOf<Layers, Target>> {
  return new Network(inputs, layers, recordOf("network", options, "{ seed: 1 }"));
}

/**
 * A network of layers, its weights by name, and how far it has come. `network` makes one; `Names` are what its arrays are
 * called, so that an editor completes `net.read("…")`.
 */
export class Network<Names extends NetworkNames = NetworkNames> {
  /** The program that predicts: no target, no loss. */
  readonly predictor: Program<PredictNames<Names>>;
  /** Where the random weights started. */
  readonly seed: number | readonly number[];
  /** Whether dropout masks go on from there as the book's do. */
  readonly chance: Chance | undefined;
  /** How far the network has come: what checkpoints hold. */
  readonly progress: Progress;
  readonly #architecture: Architecture;
  readonly #opening: OpenOptions;
  #trained: Program | undefined;
  #learning: TrainOptions<Metric, Metric> | undefined;
  #plan: string | undefined;
  readonly #spare = new Spare();

  constructor(inputs: number, layers: readonly Layer[], options: NetworkOptions) {
    remember(this);
    if (typeof options !== "object" || options === null)
      throw new TypeError(`network: the options are ${shown(options)}; give { seed: 1 }, say, or nothing`);
    this.#architecture = new Architecture(inputs, layers, options);
    this.predictor = this.#architecture.predictor;
    const { seed: start = 1, chance, engine, fast, threads } = options;
    const seed = checkedSeed(start);
    this.seed = seed;
    this.chance = chance;
    this.#opening = { seed, chance, engine, fast, threads };
    this.progress = new Progress(this.predictor, seed, chance);
  }

  /** How many numbers a row of inputs has. */
  get inputs(): number {
    return this.#architecture.inputs;
  }

  /** How many numbers a row of predictions has. */
  get outputs(): number {
    return this.#architecture.outputs;
  }

  /** The array that rows of inputs are written to: `layer_0`, or `pixels` where they are bytes. */
  get input(): ArrayDeclaration {
    return this.predictor.data.arrays.find(({ role }) => role === "input")!;
  }

  /** The array that holds the predictions: that of the last layer. */
  get prediction(): string {
    return this.#architecture.prediction;
  }

  /** The program of the last training, or before one the program that predicts. */
  get program(): Program<PredictNames<Names>> {
    return this.#trained ?? this.predictor;
  }

  /** What ran the last training, and why; undefined before one. */
  get plan(): string | undefined {
    return this.#plan;
  }

  /** The program that a training with these options runs. */
  trainer<Default extends Metric, Reported extends Metric = Default, Optimizing extends string = string>(
    options: Learning<Default, Reported, Optimizing>,
  ): Program<TrainingNames<Names, Reported, Optimizing>> {
    const example = "{ loss: halfSquaredError, optimizer: sgd(0.1) }";
    return this.#architecture.trainer(recordOf("trainer", options, example) as Learning<Metric, Metric>);
  }

  /** The program that gives the derivatives of a loss, and the array in which it has that loss. */
  differentiator(loss: Loss): { readonly program: Program; readonly loss: string } {
    return this.#architecture.differentiator(loss);
  }

  /**
   * Trains, giving the word back after each epoch; `break` stops. The weights are those after the last epoch
   * that ended; with early stopping, `goToBest` goes to better ones. A second training goes on: with the weights, and with what
   * the optimizer, its schedules and the shuffling carry, so that two trainings of 5 epochs end with the bits of one of 10.
   *
   * In the loop over the epochs the network may be changed: the next epoch goes on from what was written or restored. A network
   * has one training at a time. Another that begins there ends this one, which throws `TrainingError` when it is asked for the
   * next epoch; while an epoch is computed, another training, or a change, throws it instead.
   *
   * Throws `ShapeError` or `DataError` before the first update where the data do not fit.
   */
  train<Default extends Metric, Reported extends Metric = Default>(
    data: Examples,
    options: TrainOptions<Default, Reported, Known<LearningNames<Names, Reported>>>,
  ): AsyncGenerator<Epoch<Reported>, void, undefined> {
    return this.#train(data, options, false) as AsyncGenerator<Epoch<Reported>, void, undefined>;
  }

  #train(data: Examples, given: TrainOptions<Metric, Metric>, throughout: boolean) {
    const begin = () => {
      const options = checkedOptions("train", given);
      const training = new Training(
        this.#architecture,
        this.progress,
        data,
        options,
        this.#opening,
        this.#spare,
      );
      this.progress.begin(training);
      training.begin(throughout);
      if (options.fresh) this.progress.forget();
      this.#trained = training.program;
      const { validation, ...learning } = options;
      // Examples are not held on to.
      this.#learning = typeof validation === "number" ? { ...learning, validation } : learning;
      return training;
    };
    return epochsOf(begin, (plan) => {
      this.#plan = plan;
    });
  }

  /**
   * Trains to the end and returns the report of every epoch. Throws what `train` throws; the network cannot be changed until it
   * has ended.
   */
  async fit<Default extends Metric, Reported extends Metric = Default>(
    data: Examples,
    options: TrainOptions<Default, Reported, Known<LearningNames<Names, Reported>>>,
  ): Promise<Epoch<Reported>[]> {
    if (options?.epochs > mostReports && !options.earlyStopping && !options.stopWhen && !options.signal)
      throw new RangeError(
        `fit: ${options.epochs} epochs have more reports than a list can hold; go through them with train`,
      );
    const epochs: Epoch[] = [];
    for await (const epoch of this.#train(data, options, true)) epochs.push(epoch);
    return epochs as Epoch<Reported>[];
  }

  /**
   * Records a prediction, on a copy, and stands at its end, where every array can be read: `(await net.trace([1, 0,
   * 1])).read("layer_1")`. One row may be a plain list. Throws `ShapeError` or `DataError` naming the row that does not fit.
   */
  trace(inputs: Numbers, options?: TraceOptions): Promise<Trace<PredictNames<Names>>>;
  /**
   * Records a training, on a copy, and stands at its end; walk back from there. It goes on from where the network is, as `train` would,
   * and has the bits of `fit`: with the weights, the optimizer's state, the epochs counted so far and the shuffling.
   *
   *     const trace = await net.trace({ inputs: [1, 0, 1], targets: [1] }, { loss: halfSquaredError, optimizer: sgd(0.2) });
   *     trace.read("layer_1_delta");
   *
   * The options are those of `train`; `epochs` is 1 by default, and loss, optimizer and metrics are those of the last training. A
   * training that leaves the finite numbers is recorded as well. Throws `ShapeError` or `DataError` where the data do not fit,
   * `TraceError` where there is nothing to trace or nothing says what to learn.
   */
  trace<Default extends Metric, Reported extends Metric = Default, Optimizing extends string = string>(
    examples: Examples,
    options?: Partial<TrainOptions<Default, Reported, Known<LearningNames<Names, Reported>>, Optimizing>> &
      TraceOptions,
  ): Promise<Trace<TrainingNames<Names, Reported, Optimizing>>>;
  async trace(data: Numbers | Examples, options: Partial<TrainOptions> & TraceOptions = {}): Promise<Trace> {
    const { seed, chance, input, inputs, predictor } = this;
    const from = { progress: this.progress.copy(), seed, chance, input, inputs, predictor };
    const last = this.#learning;
    const { record } = await import("./trace.ts");
    return record(from, this.#architecture, last, data, options);
  }

  /** Predictions for rows of inputs, a row each. Throws `ShapeError` or `DataError` naming the row that does not fit. */
  async predict(inputs: Numbers): Promise<Reading> {
    const flat = flatten("inputs", inputs);
    const single = flat.shape.length === 1 && flat.shape[0] === this.inputs && this.inputs > 1;
    const array = this.input;
    const rows = rowsOf("inputs", single ? asBlock({ ...flat, shape: [1, this.inputs] }) : inputs, array);
    const total = rows.shape[0]!;
    // Of now: by the time that a session is open, the network may have gone on.
    const { learnt } = this.progress;
    const session = await openSession(this.predictor as Program, {
      ...this.#opening,
      threads: 1,
      // Of two sizes only, since engines compile for each.
      capacity: total === 1 ? 1 : predictedAtOnce,
      keep: [this.prediction],
    });
    session.write(Object.fromEntries(learnt));
    const predicted = block(this.predictor.array(this.prediction).dtype, [total, this.outputs]);
    for (let from = 0; from < total; from += predictedAtOnce) {
      const to = Math.min(total, from + predictedAtOnce);
      session.write({ [array.name]: asBlock(rowsBetween(rows, from, to)) });
      session.run();
      predicted.data.set(session.read(this.prediction).data, from * this.outputs);
    }
    session.close();
    return new Reading(predicted);
  }

  /** The names of the weights, in order of declaration. */
  get weightNames(): readonly string[] {
    return [...this.progress.weights.keys()];
  }

  /** A copy of an array of weights or of a state, such as a running mean, by name. */
  read(name: Known<Names["weights"] | Names["states"]>): Reading {
    return new Reading(this.#find(name)).copy();
  }

  /** Replaces an array of weights or a state. Throws `ShapeError` where the shape is another. */
  write(name: Known<Names["weights"] | Names["states"]>, numbers: Numbers): void {
    const found = this.#find(name);
    const given = flatten(name, numbers);
    if (!sameShape(given.shape, found.shape))
      throw new ShapeError(
        `${name} is ${formatShape(found.shape)}, but the numbers given are ${formatShape(given.shape)}`,
      );
    this.progress.set(name, converted(found, given.values));
  }

  /**
   * The best epoch of the last training that had early stopping: its number, the metric and its value, and the weights that had
   * it. Undefined without, and once another training has begun or a checkpoint was loaded.
   */
  get best(): Best | undefined {
    return this.progress.best;
  }

  /**
   * Goes to the weights and running statistics of `best`, as a training with early stopping does by itself at its end, but not
   * when it is broken off. Throws `TrainingError` where there is none, or while a training is at work.
   */
  goToBest(): void {
    this.progress.goToBest();
  }

  #find(name: string): Block {
    const found = this.progress.find(name);
    if (found === undefined)
      throw unknownName("array of weights", name, "this network", this.progress.learnt.keys());
    return found;
  }
}

reachable(Network);
