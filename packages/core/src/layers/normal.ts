import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import type { Listed } from "../program/known.ts";
import { shown } from "../shape/shown.ts";
import type { Activation, Layer } from "./layer.ts";

/** What batch and layer normalisation have in common. */
export interface NormOptions<Sum extends string = string> {
  /** Applied to the normalised numbers after they were scaled and shifted; default none. */
  readonly activation?: Activation<Sum>;
  /** Added to the variance, so that nothing is divided by 0; default 1e-5. */
  readonly epsilon?: number;
}

/** What a layer that normalises has, where `Arrays`, `Training` and `States` are what the one kind has besides the other. */
export type NormLayer<
  Sum extends string,
  Arrays extends string,
  Training extends string,
  States extends string,
> = Layer<
  "scale_<k>" | "shift_<k>",
  `epsilon_<k>` | `layer_<k>_${"centred" | "deviation" | "normal"}` | Arrays | Listed<NoInfer<Sum>>,
  `layer_<k>_${"" | "mean_" | "centred_" | "deviation_" | "normal_"}delta` | Training,
  States
>;

/** Throws `RangeError` unless epsilon is a finite number above 0. */
export function checkEpsilon(layer: string, epsilon: number): void {
  if (!Number.isFinite(epsilon) || epsilon <= 0)
    throw new RangeError(`${layer}: epsilon is ${shown(epsilon)}, but must be a finite number above 0`);
}

/**
 * What follows when mean and variance are known: `(x - mean) / sqrt(variance + epsilon)`, times `scale_<k>`, which starts at
 * 1, plus `shift_<k>`, which starts at 0; a number of each for every column.
 */
export function scaledAndShifted(
  b: ProgramBuilder,
  number: number,
  { centred, variance, width }: { readonly centred: Ref; readonly variance: Ref; readonly width: number },
  options: NormOptions,
): Ref {
  const layer = `layer_${number}`;
  const { activation, epsilon = 1e-5 } = options ?? {};
  const small = b.setting(`epsilon_${number}`, epsilon);
  const deviation = b.name(`${layer}_deviation`, b.ops.sqrt(b.ops.add(variance, small)));
  const scale = b.weights(`scale_${number}`, [width], { value: 1 });
  const shift = b.weights(`shift_${number}`, [width]);
  // Backpropagation reads what is spread, so these would be lines with invented names.
  const overRows = (ref: Ref) => b.inline(`${b.nameOf(ref)}_spread`, b.ops.spreadRows(ref, { n: "batch" }));
  const overColumns = (ref: Ref) =>
    b.inline(`${b.nameOf(ref)}_spread`, b.ops.spreadColumns(ref, { m: width }));
  const spread = b.shape(deviation)[0] === "batch" ? overColumns(deviation) : overRows(deviation);
  const normal = b.name(`${layer}_normal`, b.ops.divide(centred, spread));
  const sum = b.ops.add(b.ops.multiply(normal, overRows(scale)), shift);
  return b.name(layer, activation ? activation(b, sum) : sum);
}
