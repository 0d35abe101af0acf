import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";

/** A number that a report gives for each epoch, under the key `Key` of `epoch.metrics`; its array is `layer_2_<Suffix>`. */
export interface Metric<Key extends string = string, Suffix extends string = string> {
  readonly key: Key;
  /** What printed programs call it. */
  readonly label: string;
  /** What follows the prediction's name in the array's: `error` makes `layer_2_error`. */
  readonly suffix: Suffix;
  /**
   * Whether a report gives the sum over the rows (default), their mean, or what the loss does. The mean of `rightSides`, which
   * counts the numbers of a row one by one, is over the numbers of all rows.
   */
  readonly reduce?: "sum" | "mean" | "as the loss";
  /** Whether `append` asks for the middle of the targets, which takes a look at all of them; default false. */
  readonly asksMiddle?: boolean;
  /**
   * Appends the steps that give the total of a batch. `middle` parts the targets of two classes: 0.5, unless `asksMiddle`
   * and they are others than from 0 to 1.
   */
  readonly append: (b: ProgramBuilder, prediction: Ref, target: Ref, loss: Ref, middle: number) => Ref;
}

/** What a training makes small. */
export interface Loss<Default extends Metric = Metric> {
  readonly name: string;
  /** Appends the steps that give the loss of a batch, one number. */
  readonly append: (b: ProgramBuilder, prediction: Ref, target: Ref) => Ref;
  /** Declares what targets are and gives the goals; default a number for each output, as it is. */
  readonly goal?: (b: ProgramBuilder, name: string, outputs: number) => Ref;
  /** Over the rows of a batch: their sum, as in the book, or their mean. */
  readonly reduce: "sum" | "mean";
  /** What is reported unless other metrics are asked for. */
  readonly metrics: readonly Default[];
}

/** Throws `TypeError` unless a loss is one: there is none, or the function that makes it was not called. */
export function checkLoss(where: string, loss: unknown): asserts loss is Loss {
  const { append, metrics } = (loss ?? {}) as Partial<Loss>;
  if (typeof append === "function" && Array.isArray(metrics)) return;
  const uncalled = typeof loss === "function" ? `: call ${loss.name || "the function"}(…)` : "";
  throw new TypeError(`${where}: give a loss, such as halfSquaredError${uncalled}`);
}

/**
 * The same loss, averaged over the rows of a batch, so that the step does not grow with the batch: its delta is divided by the
 * number of rows, once, and what is reported as the loss is the mean over the rows of an epoch. Throws
 * `TypeError` for what is no loss.
 */
export function meanOf<Default extends Metric>(loss: Loss<Default>): Loss<Default> {
  checkLoss("meanOf", loss);
  return { ...loss, reduce: "mean" };
}

/** The loss itself: its sum or its mean over the epoch's rows, as the loss has it. */
export const lossValue: Metric<"loss", "loss"> = {
  key: "loss",
  label: "Loss",
  suffix: "loss",
  reduce: "as the loss",
  append: (_b, _prediction, _target, loss) => loss,
};
