import type { Loss, Metric } from "../losses/loss.ts";
import type { Architecture } from "./architecture.ts";
import type { MetricValues } from "./options.ts";

/** What reports make of the totals of a training's metrics. */
export class Reported {
  readonly metrics: readonly { readonly key: string; readonly name: string; readonly isMean: boolean }[];

  constructor(architecture: Architecture, loss: Loss, metrics: readonly Metric[]) {
    this.metrics = metrics.map(({ key, reduce = "sum" }, position) => ({
      key,
      name: architecture.metricName(metrics, position),
      isMean: (reduce === "as the loss" ? loss.reduce : reduce) === "mean",
    }));
  }

  /** The metrics of so many rows, by their keys, from the totals by the arrays' names. */
  of(total: Readonly<Record<string, number>>, rows: number): MetricValues<Metric> {
    const values: Record<string, number> = {};
    for (const { key, name, isMean } of this.metrics)
      values[key] = isMean ? total[name]! / rows : total[name]!;
    return values;
  }
}
