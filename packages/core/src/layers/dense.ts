import { ShapeError } from "../shape/shapeError.ts";
import { formatShape } from "../shape/size.ts";
import type { Activation, Layer } from "./layer.ts";

export interface DenseOptions {
  /** Applied to the sum; default none, so the layer is linear. */
  readonly activation?: Activation;
  /** Whether `bias_<k>`, which starts at zero, is added to the sum; default true. */
  readonly bias?: boolean;
}

/**
 * Every unit reads every number of the layer before: `layer_1 = relu(layer_0.dot(weights_0_1) + bias_1)`.
 *
 * `weights_<k-1>_<k>` is `width before × units`. Throws `ShapeError` where the layer before is no matrix.
 */
export function dense(units: number, { activation, bias = true }: DenseOptions = {}): Layer {
  if (!Number.isInteger(units) || units < 1)
    throw new RangeError(`dense: ${units} units; a layer has a whole number of units, at least 1`);
  return (b, previous, { number, initialize }) => {
    const shape = b.shape(previous);
    const [, width] = shape;
    if (shape.length !== 2 || typeof width !== "number")
      throw new ShapeError(`dense: layer_${number - 1} is ${formatShape(shape)}, but a matrix is needed`);
    const weights = b.weights(`weights_${number - 1}_${number}`, [width, units], initialize);
    const product = b.ops.matmul(previous, weights);
    const sum = bias ? b.ops.add(product, b.weights(`bias_${number}`, [units])) : product;
    return b.name(`layer_${number}`, activation ? activation(b, sum) : sum);
  };
}
