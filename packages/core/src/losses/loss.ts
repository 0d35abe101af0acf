import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";

/** A number that a report gives for each epoch, under the key `Key` of `epoch.metrics`. */
export interface Metric<Key extends string = string> {
  readonly key: Key;
  /** What printed programs call it. */
  readonly label: string;
  /** What follows the prediction's name in the array's: `error` makes `layer_2_error`. */
  readonly suffix: string;
  readonly append: (b: ProgramBuilder, prediction: Ref, target: Ref) => Ref;
}

/** What a training makes small. */
export interface Loss<Default extends Metric = Metric> {
  readonly name: string;
  /** Appends the steps that give the loss of a batch, one number. */
  readonly append: (b: ProgramBuilder, prediction: Ref, target: Ref) => Ref;
  /** Over the rows of a batch: their sum, as in the book, or their mean. */
  readonly reduce: "sum" | "mean";
  /** What is reported unless other metrics are asked for. */
  readonly metrics: readonly Default[];
}

/** The same loss, averaged over the rows of a batch, so that the step does not grow with the batch. */
export function meanOf<Default extends Metric>(loss: Loss<Default>): Loss<Default> {
  return { ...loss, reduce: "mean" };
}
