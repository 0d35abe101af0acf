import { wrap } from "../array/create.ts";
import type { NumericArray } from "../array/numericArray.ts";
import { openSession } from "../engines/open.ts";
import { uniform } from "../layers/initializers.ts";
import type { Layer } from "../layers/layer.ts";
import type { Loss, Metric } from "../losses/loss.ts";
import type { Ref } from "../ops/op.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { ProgramBuilder } from "../program/builder.ts";
import type { Initial, Precision } from "../program/data.ts";
import { initialNumbers } from "../program/initial.ts";
import { plotCourse } from "../program/loop.ts";
import { NameError, snakeCase } from "../program/names.ts";
import type { Program } from "../program/program.ts";
import { type Block, block } from "../shape/block.ts";
import { type Flat, flatten, type Numbers } from "../shape/numbers.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import { type Examples, examplesOf, rowsOf } from "../train/data.ts";

export interface NetworkOptions {
  /** Where the random weights start; the same seed gives the same bits everywhere. Default 1. */
  readonly seed?: number | readonly number[];
  /** How the weights of layers start, unless a layer says otherwise; default `uniform(-1, 1)`, as in the book. */
  readonly initialize?: Initial;
  /** The precision of all numbers but metrics; default `"float64"`. */
  readonly precision?: Precision;
  /** What the targets are called in programs; default `"goal"`. */
  readonly target?: string;
}

export interface TrainOptions<Default extends Metric = Metric, Reported extends Metric = Default> {
  readonly loss: Loss<Default>;
  readonly optimizer: Optimizer;
  /** How often all rows are visited. */
  readonly epochs: number;
  /** Rows per update: 1 (stochastic, the default), some (batch) or `"full"` (gradient descent on all rows at once). */
  readonly batch?: number | "full";
  /** What to report; default what goes with the loss. */
  readonly metrics?: readonly Reported[];
}

/** What a training reports after each epoch. */
export interface Epoch<Reported extends Metric = Metric> {
  /** Counted from 1 in each training. */
  readonly number: number;
  readonly rows: number;
  /** Sums over the rows of the epoch, each row's numbers taken when its batch was predicted. */
  readonly metrics: { readonly [Key in Reported["key"]]: number };
}

/**
 * A network of layers: `network(3, [dense(4, { activation: relu }), dense(1)], { seed: 1 })` reads rows of 3
 * numbers. Throws where the layers do not fit together.
 */
export function network(inputs: number, layers: readonly Layer[], options: NetworkOptions = {}): Network {
  return new Network(inputs, layers, options);
}

export class Network {
  /** How many numbers a row of inputs has. */
  readonly inputs: number;
  /** How many numbers a row of predictions has. */
  readonly outputs: number;
  private readonly layers: readonly Layer[];
  private readonly options: NetworkOptions;
  /** The program that predicts: no target, no loss. */
  readonly predictor: Program;
  private readonly weights = new Map<string, Block>();
  private trained: Program | undefined;

  constructor(inputs: number, layers: readonly Layer[], options: NetworkOptions) {
    if (!Number.isInteger(inputs) || inputs < 1)
      throw new RangeError(`network: ${inputs} inputs; a row has a whole number of inputs, at least 1`);
    if (layers.length === 0) throw new RangeError("network: give at least one layer, such as dense(1)");
    this.inputs = inputs;
    this.layers = layers;
    this.options = options;
    const b = new ProgramBuilder("predict", options.precision);
    const prediction = this.predictIn(b);
    this.predictor = b.build();
    if (!this.predictor.has(this.predictionName))
      throw new NameError(
        `network: the last layer must name its result ${this.predictionName}, as in b.name("${this.predictionName}", …)`,
      );
    this.outputs = b.shape(prediction)[1] as number;
    for (const [name, numbers] of initialNumbers([this.predictor.data], options.seed ?? 1)) {
      const { dtype, shape } = this.predictor.array(name);
      const start = block(dtype, shape as readonly number[]);
      start.data.set(numbers);
      this.weights.set(name, start);
    }
  }

  /** The program of the last training, or before one the program that predicts. */
  get program(): Program {
    return this.trained ?? this.predictor;
  }

  /** The program that a training with these options runs. */
  trainer(options: Pick<TrainOptions<Metric, Metric>, "loss" | "optimizer" | "metrics">): Program {
    const { loss, optimizer } = options;
    const metrics: readonly Metric[] = options.metrics ?? loss.metrics;
    const b = new ProgramBuilder("train", this.options.precision);
    const prediction = this.predictIn(b);
    const target = b.target(this.options.target ?? "goal", ["batch", this.outputs]);
    for (const [position, metric] of metrics.entries())
      b.metric(this.metricName(metrics, position), metric.append(b, prediction, target), metric.label);
    const gradients = b.gradient(loss.append(b, prediction, target), { reduce: loss.reduce });
    optimizer(b, gradients);
    return b.build();
  }

  /**
   * Trains, giving the word back after each epoch; `break` stops. The weights are those after the last epoch
   * that ended, and a second training goes on from them.
   *
   * Throws `ShapeError` or `DataError` before the first update where the data do not fit.
   */
  async *train<Default extends Metric, Reported extends Metric = Default>(
    data: Examples,
    options: TrainOptions<Default, Reported>,
  ): AsyncGenerator<Epoch<Reported>, void, undefined> {
    const { inputs, targets } = examplesOf(data, this.inputs, this.outputs, this.options.precision);
    const { epochs, batch = 1 } = options;
    const metrics: readonly Metric[] = options.metrics ?? options.loss.metrics;
    const rows = inputs.shape[0]!;
    const course = plotCourse({ epochs, batch }, rows);
    const program = this.trainer(options);
    const session = openSession(program, {
      capacity: Math.min(course.batch, rows),
      seed: this.options.seed ?? 1,
    });
    try {
      session.write(Object.fromEntries(this.weights));
      session.load({ layer_0: asBlock(inputs), [this.options.target ?? "goal"]: asBlock(targets) });
      this.trained = program;
      for (let from = 0; from < course.to; from += course.batchesPerEpoch) {
        const [epoch] = session.fit({ batch, from, to: from + course.batchesPerEpoch });
        for (const name of this.weights.keys()) this.weights.set(name, session.read(name));
        const reported = metrics.map((metric, position) => [
          metric.key,
          epoch!.metrics[this.metricName(metrics, position)]!,
        ]);
        yield {
          number: epoch!.epoch + 1,
          rows,
          metrics: Object.fromEntries(reported) as Epoch<Reported>["metrics"],
        };
      }
    } finally {
      session.close();
    }
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
  async predict(inputs: Numbers): Promise<NumericArray> {
    const flat = flatten("inputs", inputs);
    const single = flat.shape.length === 1 && flat.shape[0] === this.inputs && this.inputs > 1;
    const rows = rowsOf(
      "inputs",
      single ? asBlock({ ...flat, shape: [1, this.inputs] }) : inputs,
      this.inputs,
      this.options.precision,
    );
    const session = openSession(this.predictor, {
      capacity: rows.shape[0]!,
      seed: this.options.seed ?? 1,
      keep: [this.predictionName],
    });
    session.write({ ...Object.fromEntries(this.weights), layer_0: asBlock(rows) });
    session.run();
    const prediction = session.read(this.predictionName);
    session.close();
    return prediction;
  }

  /** The names of the weights, in order of declaration. */
  get weightNames(): readonly string[] {
    return [...this.weights.keys()];
  }

  /** A copy of an array of weights, by name. */
  read(name: string): NumericArray {
    const { dtype, shape, data } = this.find(name);
    return wrap(block(dtype, shape, data.slice()));
  }

  /** Replaces an array of weights. Throws `ShapeError` where the shape is another. */
  write(name: string, numbers: Numbers): void {
    const { dtype, shape } = this.find(name);
    const given = flatten(name, numbers);
    if (!sameShape(given.shape, shape))
      throw new ShapeError(
        `${name} is ${formatShape(shape)}, but the numbers given are ${formatShape(given.shape)}`,
      );
    const written = block(dtype, shape);
    written.data.set(given.values);
    this.weights.set(name, written);
  }

  private get predictionName(): string {
    return `layer_${this.layers.length}`;
  }

  private find(name: string): Block {
    const found = this.weights.get(name);
    if (found === undefined)
      throw new NameError(`there are no weights "${name}"; there are ${this.weightNames.join(", ")}`);
    return found;
  }

  private predictIn(b: ProgramBuilder): Ref {
    const initialize = this.options.initialize ?? uniform(-1, 1);
    const input = b.input("layer_0", ["batch", this.inputs]);
    return this.layers.reduce<Ref>(
      (previous, layer, k) => layer(b, previous, { number: k + 1, initialize }),
      input,
    );
  }

  /** `layer_2_error`; a second metric of that suffix is told apart by its key. */
  private metricName(metrics: readonly Metric[], position: number): string {
    const { suffix, key } = metrics[position]!;
    const first = metrics.findIndex((metric) => metric.suffix === suffix) === position;
    return `layer_${this.layers.length}_${first ? suffix : snakeCase(key)}`;
  }
}

function asBlock({ shape, values }: Flat): Block {
  return block("float64", shape, Float64Array.from(values));
}
