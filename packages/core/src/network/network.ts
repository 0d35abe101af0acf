import { Reading } from "../array/reading.ts";
import { openSession } from "../engines/open.ts";
import type { Layer } from "../layers/layer.ts";
import type { Loss, Metric } from "../losses/loss.ts";
import { initialNumbers } from "../program/initial.ts";
import type { Known } from "../program/known.ts";
import { unknownName } from "../program/names.ts";
import type { Program } from "../program/program.ts";
import { type Block, block, type Shape } from "../shape/block.ts";
import { flatten, type Numbers } from "../shape/numbers.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import type { Trace, TraceOptions } from "../trace/trace.ts";
import { type Examples, rowsOf } from "../train/data.ts";
import { Shuffler } from "../train/order.ts";
import { asBlock } from "../train/split.ts";
import { Architecture } from "./architecture.ts";
import type { LearningNames, NamesOf, NetworkNames, PredictNames, TrainingNames } from "./names.ts";
import type { Epoch, Learning, NetworkOptions, TrainOptions } from "./options.ts";
import { type Progress, Training } from "./training.ts";

export type { NetworkOptions };

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
  return new Network(inputs, layers, options);
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
  /** How far the network has come: what checkpoints hold. */
  progress: Progress;
  readonly #architecture: Architecture;
  #trained: Program | undefined;
  #learning: Learning | undefined;

  constructor(inputs: number, layers: readonly Layer[], options: NetworkOptions) {
    this.#architecture = new Architecture(inputs, layers, options);
    this.predictor = this.#architecture.predictor;
    this.seed = options.seed ?? 1;
    const weights = new Map<string, Block>();
    for (const [name, numbers] of initialNumbers([this.predictor.data], this.seed)) {
      const { dtype, shape } = this.predictor.array(name);
      weights.set(name, filled({ dtype, shape: shape as Shape }, numbers));
    }
    this.progress = { weights, states: new Map(), epochs: 0, shuffler: new Shuffler(this.seed) };
  }

  /** How many numbers a row of inputs has. */
  get inputs(): number {
    return this.#architecture.inputs;
  }

  /** How many numbers a row of predictions has. */
  get outputs(): number {
    return this.#architecture.outputs;
  }

  /** The array that holds the predictions: that of the last layer. */
  get prediction(): string {
    return this.#architecture.prediction;
  }

  /** The program of the last training, or before one the program that predicts. */
  get program(): Program<PredictNames<Names>> {
    return this.#trained ?? this.predictor;
  }

  /** The program that a training with these options runs. */
  trainer<Default extends Metric, Reported extends Metric = Default, Optimizing extends string = string>(
    options: Learning<Default, Reported, Optimizing>,
  ): Program<TrainingNames<Names, Reported, Optimizing>> {
    return this.#architecture.trainer(options as Learning<Metric, Metric>);
  }

  /** The program that gives the derivatives of a loss, and the array in which it has that loss. */
  differentiator(loss: Loss): { readonly program: Program; readonly loss: string } {
    return this.#architecture.differentiator(loss);
  }

  /**
   * Trains, giving the word back after each epoch; `break` stops. The weights are those after the last epoch
   * that ended. A second training goes on: with the weights, and with what the optimizer, its schedules and the
   * shuffling carry, so that two trainings of 5 epochs end with the bits of one of 10.
   *
   * Throws `ShapeError` or `DataError` before the first update where the data do not fit.
   */
  async *train<Default extends Metric, Reported extends Metric = Default>(
    data: Examples,
    options: TrainOptions<Default, Reported, Known<LearningNames<Names, Reported>>>,
  ): AsyncGenerator<Epoch<Reported>, void, undefined> {
    if (options.fresh) this.#forget();
    const training = new Training(this.#architecture, this.progress, data, options, this.seed);
    this.#trained = training.program;
    this.#learning = options as unknown as Learning;
    yield* training.epochs() as AsyncGenerator<Epoch<Reported>, void, undefined>;
  }

  /** Trains to the end and returns the report of every epoch. */
  async fit<Default extends Metric, Reported extends Metric = Default>(
    data: Examples,
    options: TrainOptions<Default, Reported, Known<LearningNames<Names, Reported>>>,
  ): Promise<Epoch<Reported>[]> {
    const epochs: Epoch<Reported>[] = [];
    for await (const epoch of this.train(data, options)) epochs.push(epoch);
    return epochs;
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
    const { record } = await import("./trace.ts");
    return record(this, this.#architecture, this.#learning, data, options);
  }

  /** Predictions for rows of inputs, a row each. Throws `ShapeError` or `DataError` naming the row that does not fit. */
  async predict(inputs: Numbers): Promise<Reading> {
    const flat = flatten("inputs", inputs);
    const single = flat.shape.length === 1 && flat.shape[0] === this.inputs && this.inputs > 1;
    const rows = rowsOf(
      "inputs",
      single ? asBlock({ ...flat, shape: [1, this.inputs] }) : inputs,
      this.inputs,
      this.predictor.data.precision,
    );
    const { prediction: name } = this.#architecture;
    const session = await openSession(this.predictor, {
      capacity: rows.shape[0]!,
      seed: this.seed,
      keep: [name],
    });
    session.write({ ...Object.fromEntries(this.progress.weights), layer_0: asBlock(rows) });
    session.run();
    const prediction = session.read(name);
    session.close();
    return prediction;
  }

  /** The names of the weights, in order of declaration. */
  get weightNames(): readonly string[] {
    return [...this.progress.weights.keys()];
  }

  /** A copy of an array of weights, by name. */
  read(name: Known<Names["weights"]>): Reading {
    return new Reading(this.#find(name)).copy();
  }

  /** Replaces an array of weights. Throws `ShapeError` where the shape is another. */
  write(name: Known<Names["weights"]>, numbers: Numbers): void {
    const { shape } = this.#find(name);
    const given = flatten(name, numbers);
    if (!sameShape(given.shape, shape))
      throw new ShapeError(
        `${name} is ${formatShape(shape)}, but the numbers given are ${formatShape(given.shape)}`,
      );
    this.progress.weights.set(name, filled(this.#find(name), given.values));
  }

  #find(name: string): Block {
    const found = this.progress.weights.get(name);
    if (found === undefined) throw unknownName("array of weights", name, "this network", this.weightNames);
    return found;
  }

  /** Begins a new training with the weights as they are. */
  #forget(): void {
    this.progress.states.clear();
    this.progress.epochs = 0;
    this.progress.shuffler = new Shuffler(this.seed);
  }
}

function filled({ dtype, shape }: Pick<Block, "dtype" | "shape">, values: ArrayLike<number>): Block {
  const fresh = block(dtype, shape);
  fresh.data.set(values);
  return fresh;
}
