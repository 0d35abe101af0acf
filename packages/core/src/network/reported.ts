import type { Loss, Metric } from "../losses/loss.ts";
import type { Program } from "../program/program.ts";
import type { Architecture } from "./architecture.ts";
import type { MetricValues } from "./options.ts";

export interface ReportedMetric {
  readonly key: string;
  /** Its array. */
  readonly name: string;
  /** Over how many numbers of a row a mean is taken; 0 where the sum is reported. */
  readonly terms: number;
}

/** What reports make of the totals of a training's metrics. */
export class Reported {
  readonly metrics: readonly ReportedMetric[];

  constructor(architecture: Architecture, program: Program, loss: Loss, metrics: readonly Metric[]) {
    this.metrics = metrics.map(({ key, reduce = "sum" }, position) => {
      const name = architecture.metricName(metrics, position);
      const isMean = (reduce === "as the loss" ? loss.reduce : reduce) === "mean";
      return { key, name, terms: isMean ? termsOfRow(program, name) : 0 };
    });
  }

  /** The metrics of so many rows, by their keys, from the totals by the arrays' names. */
  of(total: Readonly<Record<string, number>>, rows: number): MetricValues<Metric> {
    const values: Record<string, number> = {};
    for (const { key, name, terms } of this.metrics)
      values[key] = terms > 0 ? total[name]! / (rows * terms) : total[name]!;
    return values;
  }
}

/** A row is one, but for `rightSides`, which counts each of its numbers. */
function termsOfRow({ data: { steps, arrays } }: Program, metric: string): number {
  const { op, reads } = steps.find(({ writes }) => writes === metric)!;
  if (op !== "rightSides") return 1;
  return arrays.find(({ name }) => name === reads[0])!.shape[1] as number;
}
