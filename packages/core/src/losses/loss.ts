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

/**
 * Throws `TypeError` unless a loss is one: there is none, the function that makes it was not called, or one that was written by
 * hand lacks something.
 */
export function checkLoss(where: string, loss: unknown): asserts loss is Loss {
  const { append, metrics, reduce } = (loss ?? {}) as Partial<Loss>;
  if (typeof append !== "function" || isMetric(loss)) {
    const uncalled = typeof loss === "function" ? `: call ${loss.name || "the function"}(…)` : "";
    throw new TypeError(`${where}: give a loss, such as halfSquaredError${uncalled}`);
  }
  if (reduce !== "sum" && reduce !== "mean")
    throw new TypeError(
      `${where}: the loss's reduce is ${JSON.stringify(reduce)}, but must be "sum" or "mean"`,
    );
  if (!Array.isArray(metrics))
    throw new TypeError(
      `${where}: the loss has no metrics: give it a list of what to report, such as [lossValue]`,
    );
}

/** Whether something is a metric and no loss. */
function isMetric(given: unknown): boolean {
  const { key, metrics } = given as Partial<Metric & Loss>;
  return key !== undefined && metrics === undefined;
}

/** Throws `TypeError` unless metrics are a list of such: the text names the first that is none. */
export function checkMetrics(where: string, metrics: readonly Metric[]): void {
  if (!Array.isArray(metrics)) throw new TypeError(`${where}: metrics must be a list, such as [accuracy]`);
  for (const [position, metric] of metrics.entries()) {
    const { key, suffix, append } = (metric ?? {}) as Partial<Metric>;
    if (typeof key === "string" && typeof suffix === "string" && typeof append === "function") continue;
    const uncalled =
      typeof metric === "function" ? `: call ${(metric as { name: string }).name || "the function"}(…)` : "";
    throw new TypeError(`${where}: metrics[${position}] is not a metric, such as accuracy${uncalled}`);
  }
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

/**
 * The loss itself: its sum or its mean over the epoch's rows, as the loss has it. A loss that gives one number for a batch, put
 * together of any ops, is added up over the batches.
 */
export const lossValue: Metric<"loss", "loss"> = {
  key: "loss",
  label: "Loss",
  suffix: "loss",
  reduce: "as the loss",
  append: (_b, _prediction, _target, loss) => loss,
};
