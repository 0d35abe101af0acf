import { recordOf } from "../program/given.ts";
import { checkActivation } from "./layer.ts";
import { checkEpsilon, type NormLayer, type NormOptions, scaledAndShifted } from "./normal.ts";
import { widthBefore } from "./width.ts";

/**
 * Gives each row the mean 0 and the variance 1, then scales and shifts each column by what is learnt:
 * `layer_2 = (layer_1 - layer_2_mean) / sqrt(layer_2_variance + epsilon_2) * scale_2 + shift_2`. The variance is the mean of
 * the squared distances. A row is normalised by itself, so training and predicting do the same. Ba, Kiros and Hinton 2016, in
 * the form and with the defaults of PyTorch's `LayerNorm` over the columns. Throws `ShapeError` where the layer before is
 * no matrix, `RangeError` for an epsilon that is not above 0.
 */
export function layerNorm<Sum extends string = never>(
  given: NormOptions<Sum> = {},
): NormLayer<Sum, "width_<k>" | "layer_<k>_mean" | "layer_<k>_variance", never, never> {
  const options = { ...recordOf("layerNorm", given, "{ activation: relu }") };
  checkActivation("layerNorm", options.activation);
  const { epsilon = 1e-5 } = options;
  checkEpsilon("layerNorm", epsilon);
  return (b, previous, { number }) => {
    const width = widthBefore(b, "layerNorm", previous, number);
    const layer = `layer_${number}`;
    const columns = b.setting(`width_${number}`, width);
    const mean = b.name(`${layer}_mean`, b.ops.divideByScalar(b.ops.sumColumns(previous), columns));
    const centred = b.name(`${layer}_centred`, b.ops.subtract(previous, mean));
    const squares = b.ops.sumColumns(b.ops.square(centred));
    const variance = b.name(`${layer}_variance`, b.ops.divideByScalar(squares, columns));
    return scaledAndShifted(b, number, { centred, variance, width }, options);
  };
}
