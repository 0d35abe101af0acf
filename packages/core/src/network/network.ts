import { Reading } from "../array/reading.ts";
import { openSession } from "../engines/open.ts";
import type { Layer } from "../layers/layer.ts";
import type { Loss, Metric } from "../losses/loss.ts";
import type { ArrayDeclaration } from "../program/data.ts";
import { initialNumbers } from "../program/initial.ts";
import { unknownName } from "../program/names.ts";
import type { Chance } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import { RandomSource } from "../random/source.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import { type Block, block, type Shape } from "../shape/block.ts";
import { flatten, type Numbers } from "../shape/numbers.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import { type Examples, rowsOf } from "../train/data.ts";
import { Shuffler } from "../train/order.ts";
import { asBlock } from "../train/split.ts";
import { Architecture } from "./architecture.ts";
import type { Epoch, Learning, NetworkOptions, TrainOptions } from "./options.ts";
import { arraysOf, type Progress, Training } from "./training.ts";

export type { NetworkOptions };

/**
 * A network of layers: `network(3, [dense(4, { activation: relu }), dense(1)], { seed: 1 })` reads rows of 3
 * numbers. Throws where the layers do not fit together.
 */
export function network(inputs: number, layers: readonly Layer[], options: NetworkOptions = {}): Network {
  return new Network(inputs, layers, options);
}

export class Network {
  /** The program that predicts: no target, no loss. */
  readonly predictor: Program;
  /** Where the random weights started. */
  readonly seed: number | readonly number[];
  /** How far the network has come: what checkpoints hold. */
  progress: Progress;
  readonly #architecture: Architecture;
  readonly #chance: Chance | undefined;
  /** Where the generator of `chance: "book"` stood when it had drawn the weights. */
  readonly #start: RandomStateSnapshot | undefined;
  #trained: Program | undefined;

  constructor(inputs: number, layers: readonly Layer[], options: NetworkOptions) {
    this.#architecture = new Architecture(inputs, layers, options);
    this.predictor = this.#architecture.predictor;
    this.seed = options.seed ?? 1;
    const weights = new Map<string, Block>();
    const states = new Map<string, Block>();
    const source = new RandomSource(this.seed);
    for (const [name, numbers] of initialNumbers([this.predictor.data], source)) {
      const { dtype, shape, role } = this.predictor.array(name);
      if (role === "setting") continue;
      (role === "state" ? states : weights).set(name, filled({ dtype, shape: shape as Shape }, numbers));
    }
    this.#chance = options.chance;
    this.#start = this.#chance && source.getState();
    this.progress = {
      weights,
      states,
      epochs: 0,
      shuffler: new Shuffler(this.seed),
      generator: this.#start,
    };
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
  get program(): Program {
    return this.#trained ?? this.predictor;
  }

  /** The program that a training with these options runs. */
  trainer(options: Learning<Metric, Metric>): Program {
    return this.#architecture.trainer(options);
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
    options: TrainOptions<Default, Reported>,
  ): AsyncGenerator<Epoch<Reported>, void, undefined> {
    if (options.fresh) this.#forget();
    const chance = { seed: this.seed, chance: this.#chance };
    const training = new Training(this.#architecture, this.progress, data, options, chance);
    this.#trained = training.program;
    yield* training.epochs() as AsyncGenerator<Epoch<Reported>, void, undefined>;
  }

  /** Trains to the end and returns the report of every epoch. */
  async fit<Default extends Metric, Reported extends Metric = Default>(
    data: Examples,
    options: TrainOptions<Default, Reported>,
  ): Promise<Epoch<Reported>[]> {
    const epochs: Epoch<Reported>[] = [];
    for await (const epoch of this.train(data, options)) epochs.push(epoch);
    return epochs;
  }

  /** Predictions for rows of inputs, a row each. Throws `ShapeError` or `DataError` naming the row that does not fit. */
  async predict(inputs: Numbers): Promise<Reading> {
    const flat = flatten("inputs", inputs);
    const single = flat.shape.length === 1 && flat.shape[0] === this.inputs && this.inputs > 1;
    const array = this.input;
    const rows = rowsOf("inputs", single ? asBlock({ ...flat, shape: [1, this.inputs] }) : inputs, array);
    const { prediction: name } = this.#architecture;
    const session = await openSession(this.predictor, {
      capacity: rows.shape[0]!,
      seed: this.seed,
      chance: this.#chance,
      keep: [name],
    });
    session.write({ ...Object.fromEntries(this.learnt), [array.name]: asBlock(rows) });
    session.run();
    const prediction = session.read(name);
    session.close();
    return prediction;
  }

  /** What predictions are computed from: weights, and then the running statistics of layers that normalise. */
  get learnt(): ReadonlyMap<string, Block> {
    return arraysOf(this.progress, this.predictor);
  }

  /** The names of the weights, in order of declaration. */
  get weightNames(): readonly string[] {
    return [...this.progress.weights.keys()];
  }

  /** A copy of an array of weights or of a state, such as a running mean, by name. */
  read(name: string): Reading {
    return new Reading(this.#find(name)).copy();
  }

  /** Replaces an array of weights or a state. Throws `ShapeError` where the shape is another. */
  write(name: string, numbers: Numbers): void {
    const { shape } = this.#find(name);
    const given = flatten(name, numbers);
    if (!sameShape(given.shape, shape))
      throw new ShapeError(
        `${name} is ${formatShape(shape)}, but the numbers given are ${formatShape(given.shape)}`,
      );
    const { weights, states } = this.progress;
    (weights.has(name) ? weights : states).set(name, filled(this.#find(name), given.values));
  }

  #find(name: string): Block {
    const { weights, states } = this.progress;
    const found = weights.get(name) ?? states.get(name);
    if (found === undefined) throw unknownName("array of weights", name, "this network", this.learnt.keys());
    return found;
  }

  /** Begins a new training with the weights and running statistics as they are. */
  #forget(): void {
    const { states } = this.progress;
    for (const name of states.keys()) if (!this.predictor.has(name)) states.delete(name);
    this.progress.epochs = 0;
    this.progress.shuffler = new Shuffler(this.seed);
    this.progress.generator = this.#start;
  }
}

function filled({ dtype, shape }: Pick<Block, "dtype" | "shape">, values: ArrayLike<number>): Block {
  const fresh = block(dtype, shape);
  fresh.data.set(values);
  return fresh;
}
