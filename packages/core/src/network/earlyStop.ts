import type { Metric } from "../losses/loss.ts";
import type { State } from "../trace/state.ts";
import { type EarlyStopping, Patience } from "../train/earlyStopping.ts";
import type { MetricValues } from "./options.ts";
import type { Progress } from "./progress.ts";

/** Watches a metric, and keeps the weights that it was best with. */
export class EarlyStop {
  readonly #watched: string;
  readonly #patience: Patience;
  /** Whether the metric is one of the weights after an epoch, as a validation's is. */
  readonly #after: boolean;
  #begun: State | undefined;

  /** Throws `RangeError` where there is no such metric. */
  constructor(options: EarlyStopping, metrics: readonly { readonly key: string }[], validates: boolean) {
    const keys = metrics.map(({ key }) => key);
    const watched = options.metric ?? keys[0];
    if (watched === undefined || !keys.includes(watched))
      throw new RangeError(
        `earlyStopping: there is no metric "${watched}" to watch; there are ${keys.join(", ")}`,
      );
    this.#watched = watched;
    this.#patience = new Patience(options);
    this.#after = validates;
  }

  /** Notes what an epoch begins with: a training's own metrics are taken before the weights are updated. */
  begin(progress: Progress): void {
    if (!this.#after) this.#begun = progress.learnt;
  }

  /** Notes an epoch's metrics; true when it is time to stop. */
  isEnough(values: MetricValues<Metric>, progress: Progress): boolean {
    const value = values[this.#watched]!;
    const verdict = this.#patience.note(value);
    if (verdict === "better")
      progress.best = {
        epoch: progress.epochs,
        metric: this.#watched,
        value,
        state: this.#after ? progress.learnt : this.#begun!,
      };
    return verdict === "stop";
  }
}
