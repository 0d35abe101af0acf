import { type Initializer, uniform } from "../layers/initializers.ts";
import type { Layer } from "../layers/layer.ts";
import { checkLoss, checkMetrics, type Loss, type Metric } from "../losses/loss.ts";
import type { Ref } from "../ops/op.ts";
import { ops } from "../ops/table.ts";
import { checkOptimizer } from "../optimizers/optimizer.ts";
import { isAlike } from "../program/alike.ts";
import { ProgramBuilder } from "../program/builder.ts";
import { recordOf } from "../program/given.ts";
import { checkName, NameError, snakeCase } from "../program/names.ts";
import type { Program } from "../program/program.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { shown } from "../shape/shown.ts";
import { formatShape, type SizeShape } from "../shape/size.ts";
import type { Learning, NetworkOptions } from "./options.ts";

interface Learnt {
  readonly learning: Learning<Metric, Metric>;
  /** What parts the targets. */
  readonly middle: number;
  readonly program: Program;
}

/** Makes the programs of a network out of its layers. */
export class Architecture {
  readonly inputs: number;
  readonly outputs: number;
  readonly target: string;
  readonly predictor: Program;
  readonly #layers: readonly Layer[];
  readonly #options: NetworkOptions;
  /** What was last learnt by: a network is often trained again in the same way. */
  #last: Learnt | undefined;

  constructor(inputs: number, layers: readonly Layer[], options: NetworkOptions) {
    if (!Number.isInteger(inputs) || inputs < 1)
      throw new RangeError(
        `network: ${shown(inputs)} inputs; a row has a whole number of inputs, at least 1`,
      );
    if (!Array.isArray(layers) || layers.length === 0)
      throw new RangeError("network: give at least one layer, such as dense(1)");
    const wrong = layers.findIndex((layer) => typeof layer !== "function");
    if (wrong >= 0)
      throw new TypeError(
        `network: layer ${wrong + 1} is ${shown(layers[wrong])}, not a layer such as dense(1)`,
      );
    const { initialize } = options;
    if (initialize !== undefined && typeof initialize !== "function")
      recordOf("network: initialize", initialize, "uniform(-1, 1)");
    this.inputs = inputs;
    this.#layers = [...layers];
    this.#options = { ...options };
    const { bytes = 1 } = options;
    if (typeof bytes !== "number" || !(bytes > 0 && bytes < Infinity))
      throw new RangeError(
        `network: bytes is ${shown(bytes)}, but must be a finite number above 0, such as 255`,
      );
    this.target = options.target ?? "goal";
    checkName(this.target);
    const b = new ProgramBuilder("predict", options.precision);
    const prediction = this.#append(b);
    this.predictor = b.build();
    this.outputs = this.#widthOf(b.shape(prediction));
  }

  /** The array that the last layer gives. */
  get prediction(): string {
    return `layer_${this.#layers.length}`;
  }

  /** Throws where a layer cannot learn from so many rows in batches of so many. */
  checkBatches(rows: number, batch: number): void {
    for (const layer of this.#layers) layer.checkBatches?.(rows, batch);
  }

  /** Predict, compare, backpropagate, update. `middle` parts the targets; default what it was in the program before. */
  trainer(learning: Learning<Metric, Metric>, middle = this.#last?.middle ?? 0.5): Program {
    checkLoss("train", learning.loss);
    checkOptimizer("train", learning.optimizer);
    if (learning.metrics !== undefined) checkMetrics("train", learning.metrics);
    const last = this.#last;
    if (last?.middle === middle && isAlike(last.learning, copyOf(learning))) return last.program;
    const built = { learning: copyOf(learning), middle, program: this.#trainer(learning, middle) };
    // An optimizer made anew in each call gives an equal program: with the same one, what was compiled and opened serves again.
    this.#last = last && isEqual(last, built) ? { ...built, program: last.program } : built;
    return this.#last.program;
  }

  #trainer(
    { loss, optimizer, metrics = loss.metrics as never }: Learning<Metric, Metric>,
    middle: number,
  ): Program {
    const b = new ProgramBuilder("train", this.#options.precision);
    const value = this.#compare(b, loss, metrics, middle, true);
    optimizer.append(b, b.gradient(value, { reduce: loss.reduce }));
    return b.build();
  }

  /** Predict and compare. */
  evaluator(loss: Loss, metrics: readonly Metric[], middle: number): Program {
    const b = new ProgramBuilder("evaluate", this.#options.precision);
    this.#compare(b, loss, metrics, middle, false);
    return b.build();
  }

  /** Predict, compare and backpropagate, with the loss as a metric or a number: what a check of gradients needs. */
  differentiator(loss: Loss): { readonly program: Program; readonly loss: string } {
    checkLoss("differentiate", loss);
    const b = new ProgramBuilder("differentiate", this.#options.precision);
    const prediction = this.#append(b, false, true);
    const value = loss.append(b, prediction, this.#goal(b, loss));
    const name = `layer_${this.#layers.length}_loss`;
    if (ops[b.opOf(value)!].kind === "metric") b.metric(name, value);
    else b.name(name, value);
    b.gradient(value, { reduce: loss.reduce });
    return { program: b.build(), loss: name };
  }

  /** The array of a metric: `layer_2_error`; a second one of that suffix is told apart by its key. */
  metricName(metrics: readonly Metric[], position: number): string {
    const { suffix, key } = metrics[position]!;
    const first = metrics.findIndex((metric) => metric.suffix === suffix) === position;
    return `layer_${this.#layers.length}_${first ? suffix : snakeCase(key)}`;
  }

  #compare(
    b: ProgramBuilder,
    loss: Loss,
    metrics: readonly Metric[],
    middle: number,
    training: boolean,
  ): Ref {
    const prediction = this.#append(b, training);
    const target = this.#goal(b, loss);
    const value = loss.append(b, prediction, target);
    for (const [position, metric] of metrics.entries()) {
      const total = metric.append(b, prediction, target, value, middle);
      const name = this.metricName(metrics, position);
      b.metric(name, asMetric(b, total, name), metric.label);
    }
    return value;
  }

  #goal(b: ProgramBuilder, { goal }: Loss): Ref {
    return goal?.(b, this.target, this.outputs) ?? b.target(this.target, ["batch", this.outputs]);
  }

  #widthOf(shape: SizeShape): number {
    const name = this.prediction;
    if (!this.predictor.has(name))
      throw new NameError(`network: the last layer must name its result ${name}, as in b.name("${name}", …)`);
    const [, width] = shape;
    if (shape.length !== 2 || typeof width !== "number")
      throw new ShapeError(
        `network: ${name} is ${formatShape(shape)}, but a matrix is needed: a row of predictions for each row of inputs`,
      );
    return width;
  }

  #append(b: ProgramBuilder, training = false, batchStatistics = training): Ref {
    const given = this.#options.initialize ?? uniform(-1, 1);
    const initialize: Initializer = typeof given === "function" ? given : () => given;
    const { bytes: divisor, chance } = this.#options;
    const input =
      divisor === undefined
        ? b.input("layer_0", ["batch", this.inputs])
        : b.name("layer_0", b.ops.fromBytes(b.input("pixels", ["batch", this.inputs], "uint8"), { divisor }));
    return this.#layers.reduce<Ref>((previous, layer, k) => {
      const place = { number: k + 1, initialize, training, batchStatistics, chance };
      const result: unknown = layer(b, previous, place);
      if (typeof result === "object" && result !== null) return result as Ref;
      throw new TypeError(
        `network: layer ${k + 1} gives ${shown(result)} instead of an array: call ${layer.name || "it"}(…)`,
      );
    }, input);
  }
}

/** A number that other ops have computed is added up over the batches, as a metric op's total is. */
function asMetric(b: ProgramBuilder, total: Ref, name: string): Ref {
  const op = b.opOf(total);
  if ((op !== undefined && ops[op].kind === "metric") || b.shape(total).length > 0) return total;
  if (op !== undefined && b.nameOf(total) === undefined) b.inline(`${name}_of_batch`, total);
  return b.ops.runningTotal(b.ops.spreadRows(b.ops.spreadRows(total, { n: 1 }), { n: 1 }));
}

function copyOf({ loss, optimizer, metrics }: Learning<Metric, Metric>): Learning<Metric, Metric> {
  return { loss, optimizer, ...(metrics === undefined ? {} : { metrics: [...metrics] }) };
}

/** Whether two trainings have one program, and the same of its settings changing from batch to batch. */
function isEqual(left: Learnt, right: Learnt): boolean {
  const changing = ({ learning }: Learnt) => Object.keys(learning.optimizer.schedules ?? {}).join();
  return changing(left) === changing(right) && isAlike(left.program.data, right.program.data);
}
