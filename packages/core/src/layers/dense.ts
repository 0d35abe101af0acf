import type { Listed } from "../program/known.ts";
import { checkRecord, shown } from "../random/arguments.ts";
import { type Activation, checkActivation, type Layer } from "./layer.ts";
import { widthBefore } from "./width.ts";

/** What a dense layer has besides its weights. */
export interface DenseOptions<
  Bias extends boolean = boolean,
  Sum extends string = string,
  Dropout extends number = number,
> {
  /** Applied to the sum; default none, so the layer is linear. */
  readonly activation?: Activation<Sum>;
  /** Whether `bias_<k>`, which starts at zero, is added to the sum; default true. */
  readonly bias?: Bias;
  /** The share of units that is silenced in each batch of a training; the others grow to make up for it. Default 0. */
  readonly dropout?: Dropout;
}

/**
 * Every unit reads every number of the layer before: `layer_1 = relu(layer_0.dot(weights_0_1) + bias_1)`.
 *
 * `weights_<k-1>_<k>` is `width before × units`, `bias_<k>` one number for each unit, `layer_<k>` `batch × units`. Throws
 * `TypeError` or `RangeError` unless there is a whole number of units and dropout is a share below 1, and when the network is built `ShapeError`
 * where the layer before is no matrix.
 */
export function dense<Bias extends boolean = true, Sum extends string = never, Dropout extends number = 0>(
  units: number,
  options: DenseOptions<Bias, Sum, Dropout> = {},
): Layer<
  "weights_<j>_<k>" | ([NoInfer<Bias>] extends [true] ? "bias_<k>" : never),
  Listed<NoInfer<Sum>>,
  | "layer_<k>_delta"
  | (NoInfer<Dropout> extends 0 ? never : number extends Dropout ? never : "layer_<k>_mask"),
  never
> {
  checkRecord("dense", options, "{ activation: relu }");
  const { activation, bias = true, dropout = 0 }: DenseOptions = options;
  if (typeof units !== "number")
    throw new TypeError("dense: give a whole number of units, at least 1, as in dense(4)");
  if (!Number.isInteger(units) || units < 1)
    throw new RangeError(`dense: ${units} units; a layer has a whole number of units, at least 1`);
  checkActivation("dense", activation);
  if (!(typeof dropout === "number" && dropout >= 0 && dropout < 1))
    throw new RangeError(`dense: dropout is ${shown(dropout)}, but must be from 0 up to but not 1`);
  return (b, previous, { number, training, initialize }) => {
    const width = widthBefore(b, "dense", previous, number);
    const initial = initialize(width, units);
    const weights = b.weights(`weights_${number - 1}_${number}`, [width, units], initial);
    const product = b.ops.matmul(previous, weights);
    const sum = bias ? b.ops.add(product, b.weights(`bias_${number}`, [units])) : product;
    const output = activation ? activation(b, sum) : sum;
    const masked =
      dropout > 0 && training
        ? b.ops.multiply(output, b.noise(`layer_${number}_mask`, units, dropout))
        : output;
    return b.name(`layer_${number}`, masked);
  };
}
