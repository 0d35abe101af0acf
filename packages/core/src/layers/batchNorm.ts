import type { Ref } from "../ops/op.ts";
import { recordOf } from "../program/given.ts";
import { shown } from "../shape/shown.ts";
import { checkActivation, type Layer } from "./layer.ts";
import { checkEpsilon, type NormLayer, type NormOptions, scaledAndShifted } from "./normal.ts";
import { widthBefore } from "./width.ts";

/** What a batch normalisation has besides its scale and shift. */
export interface BatchNormOptions<Sum extends string = string> extends NormOptions<Sum> {
  /** The share of a batch's mean and variance in the running ones, which predict; default 0.1. */
  readonly momentum?: number;
}

/**
 * Gives each column the mean 0 and the variance 1 over the rows of a batch, then scales and shifts it by what is learnt:
 * `layer_2 = (layer_1 - layer_2_mean) / sqrt(layer_2_variance + epsilon_2) * scale_2 + shift_2`. What predicts and evaluates
 * takes the running statistics instead, which are states that update rewrites after every batch:
 *
 *     running_mean_2 = (1 - momentum) * running_mean_2 + momentum * layer_2_mean
 *     running_variance_2 = (1 - momentum) * running_variance_2 + momentum * variance
 *
 * from 0 and 1. The variance that normalises is the mean of the squared distances; that of the running one is divided by the
 * rows less one, without bias. Ioffe and Szegedy 2015, in the form and with the defaults of PyTorch's `BatchNorm1d`.
 *
 * One row has no variance, so a training whose batches, or whose last batch, have one is refused with `RangeError`; a
 * program that is run on one row by hand gets NaN for the running variance. Throws `ShapeError` where the layer before is no
 * matrix, `RangeError` for options that make no sense.
 */
export function batchNorm<Sum extends string = never>(
  given: BatchNormOptions<Sum> = {},
): NormLayer<
  Sum,
  never,
  "one" | `${"" | "one_minus_"}momentum_<k>` | "layer_<k>_mean" | "layer_<k>_variance",
  "running_mean_<k>" | "running_variance_<k>"
> {
  const options = { ...recordOf("batchNorm", given, "{ activation: relu }") };
  checkActivation("batchNorm", options.activation);
  const { momentum = 0.1, epsilon = 1e-5 } = options;
  checkEpsilon("batchNorm", epsilon);
  if (typeof momentum !== "number" || !(momentum >= 0 && momentum <= 1))
    throw new RangeError(`batchNorm: momentum is ${shown(momentum)}, but must be from 0 to 1`);

  const append: (...given: Parameters<Layer>) => Ref = (
    b,
    previous,
    { number, training, batchStatistics },
  ) => {
    const width = widthBefore(b, "batchNorm", previous, number);
    const layer = `layer_${number}`;
    const running = () =>
      [
        b.state(`running_mean_${number}`, [width]),
        b.state(`running_variance_${number}`, [width], { value: 1 }),
      ] as const;
    if (!batchStatistics) {
      const [mean, variance] = running();
      const centred = b.name(`${layer}_centred`, b.ops.subtract(previous, mean));
      return scaledAndShifted(b, number, { centred, variance, width }, options);
    }
    const rows = b.rowCount();
    const mean = b.name(`${layer}_mean`, b.ops.divideByScalar(b.ops.sumRows(previous), rows));
    const centred = b.name(`${layer}_centred`, b.ops.subtract(previous, mean));
    const squares = b.inline(`${layer}_squares`, b.ops.sumRows(b.ops.square(centred)));
    const variance = b.name(`${layer}_variance`, b.ops.divideByScalar(squares, rows));
    if (training) {
      const kept = b.setting(`one_minus_momentum_${number}`, 1 - momentum);
      const share = b.setting(`momentum_${number}`, momentum + 0);
      const [runningMean, runningVariance] = running();
      b.inUpdate(() => {
        const mix = (state: Ref, now: Ref) =>
          b.update(state, b.ops.add(b.ops.scale(kept, state), b.ops.scale(share, now)));
        const oneLess = b.inline(`${layer}_rows_less_one`, b.ops.subtract(rows, b.constantOne()));
        const unbiased = b.inline(`${layer}_unbiased_variance`, b.ops.divideByScalar(squares, oneLess));
        mix(runningMean, mean);
        mix(runningVariance, unbiased);
      });
    }
    return scaledAndShifted(b, number, { centred, variance, width }, options);
  };
  return Object.assign(append, { checkBatches });
}

function checkBatches(rows: number, batch: number): void {
  const endsInOne = (size: number) => size === 1 || rows % size === 1;
  if (!endsInOne(batch)) return;
  if (rows === 1) throw new RangeError("batchNorm: one row has no variance: give more rows than one");
  let other = batch + 1;
  while (endsInOne(other)) other++;
  throw new RangeError(
    `batchNorm: one row has no variance, but ${rows} rows ` +
      `${batch === 1 ? "are taken one by one" : `in batches of ${batch} leave a last batch of one`}: ` +
      `choose another batch, such as ${other}`,
  );
}
