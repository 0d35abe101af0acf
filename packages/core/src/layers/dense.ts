import type { Ref } from "../ops/op.ts";
import { ops } from "../ops/table.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import type { Initial } from "../program/data.ts";
import { recordOf } from "../program/given.ts";
import type { Listed } from "../program/known.ts";
import { shown } from "../shape/shown.ts";
import type { Initializer } from "./initializers.ts";
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
  /** How the weights start; default as the network says. */
  readonly initialize?: Initial | Initializer;
  /** How the bias starts, which an initialiser is told the sizes of the weights for; default zeros. */
  readonly initializeBias?: Initial | Initializer;
  /** The share of units that is silenced in each batch of a training; the others grow to make up for it. Default 0. */
  readonly dropout?: Dropout;
}

/**
 * Every unit reads every number of the layer before: `layer_1 = relu(layer_0.dot(weights_0_1) + bias_1)`.
 *
 * `weights_<k-1>_<k>` is `width before × units`, `bias_<k>` one number for each unit, `layer_<k>` `batch × units`. Throws
 * `RangeError` unless there is a whole number of units and dropout is a share below 1, and when the network is built `ShapeError`
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
  const {
    activation,
    bias = true,
    dropout = 0,
    initialize,
    initializeBias,
  }: DenseOptions = recordOf("dense", options, "{ activation: relu }");
  if (!Number.isInteger(units) || units < 1)
    throw new RangeError(`dense: ${shown(units)} units; a layer has a whole number of units, at least 1`);
  if (typeof dropout !== "number" || !(dropout >= 0 && dropout < 1))
    throw new RangeError(`dense: dropout is ${shown(dropout)}, but must be from 0 up to but not 1`);
  checkActivation("dense", activation);
  if (initializeBias !== undefined && !bias)
    throw new TypeError("dense: initializeBias is given, but the layer has no bias");
  return (b, previous, { number, training, chance, initialize: usual }) => {
    const width = widthBefore(b, "dense", previous, number);
    const start = (given: Initial | Initializer): Initial =>
      typeof given === "function" ? given(width, units) : given;
    const initial = start(initialize ?? usual);
    const weights = b.weights(`weights_${number - 1}_${number}`, [width, units], initial);
    const product = b.ops.matmul(previous, weights);
    const sum = bias
      ? b.ops.add(product, b.weights(`bias_${number}`, [units], start(initializeBias ?? { value: 0 })))
      : product;
    const output = activation ? activation(b, sum) : sum;
    const masked = (): Ref => {
      const mask = `layer_${number}_mask`;
      if (chance === "book") return bookDropout(b, sum, output, b.noiseBits(mask, units, dropout));
      return b.ops.multiply(output, b.noise(mask, units, dropout));
    };
    return b.name(`layer_${number}`, dropout > 0 && training ? masked() : output);
  };
}

/**
 * Dropout as the book's listings have it: `layer_1 *= mask * 2` on the way there and `layer_1_delta *= mask`, without the 2, on
 * the way back. By then `layer_1` is masked and doubled, and a slope that is taken from the output is taken from that.
 */
function bookDropout(b: ProgramBuilder, sum: Ref, output: Ref, mask: Ref): Ref {
  const layer = b.ops.multiply(output, b.ops.multiplyByNumber(mask, { factor: 2 }));
  if (!isSlopeOf(b, output, sum))
    return b.derivative(layer, output, ({ delta }) => b.ops.multiply(delta, mask));
  return b.derivative(layer, sum, ({ delta }) =>
    b.ops.multiply(b.passBack(delta, { from: output, to: sum, output: layer }), mask),
  );
}

/** Whether an activation goes from the sum to its output element by element, by one rule. */
function isSlopeOf(b: ProgramBuilder, output: Ref, sum: Ref): boolean {
  if (output === sum) return false;
  const [source, ...others] = b.sources(output);
  return source === sum && others.length === 0 && ops[b.opOf(output)!].kind === "elementwise";
}
