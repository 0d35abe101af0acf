import type { Metric } from "../losses/loss.ts";
import type { State } from "../trace/state.ts";
import { type EarlyStopping, Patience } from "../train/earlyStopping.ts";
import type { MetricValues } from "./options.ts";
import type { Progress } from "./progress.ts";

/** Watches a metric, and keeps what was learnt when it was best. */
export class EarlyStop {
  readonly #watched: string;
  readonly #patience: Patience;
  #best: State | undefined;

  /** Throws `RangeError` where there is no such metric. */
  constructor(options: EarlyStopping, metrics: readonly { readonly key: string }[]) {
    const keys = metrics.map(({ key }) => key);
    const watched = options.metric ?? keys[0];
    if (watched === undefined || !keys.includes(watched))
      throw new RangeError(
        `earlyStopping: there is no metric "${watched}" to watch; there are ${keys.join(", ")}`,
      );
    this.#watched = watched;
    this.#patience = new Patience(options);
  }

  /** Notes an epoch's metrics; true when it is time to stop. */
  isEnough(values: MetricValues<Metric>, progress: Progress): boolean {
    const verdict = this.#patience.note(values[this.#watched]!);
    if (verdict === "better") this.#best = progress.learnt;
    return verdict === "stop";
  }

  /** To the best weights and running statistics; the generator goes on. */
  goBack(progress: Progress): void {
    const { generator } = progress;
    if (this.#best) progress.goTo(Object.assign(new Map(this.#best), { generator }));
  }
}
