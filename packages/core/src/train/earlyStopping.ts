/** When a training stops because it no longer gets better. */
export interface EarlyStopping {
  /** How many epochs in a row may pass without an improvement. */
  readonly patience: number;
  /** What counts as an improvement of the watched number; default any. */
  readonly least?: number;
  /** The key of the metric to watch: of the validation, if there is one, else of the training. Default the first. */
  readonly metric?: string;
  /** Whether the larger number is the better one; default false. */
  readonly maximize?: boolean;
}

/** Watches one number a epoch and says when to stop. */
export class Patience {
  #best = Number.NaN;
  #waited = 0;
  readonly #options: EarlyStopping;

  constructor(options: EarlyStopping) {
    const { patience, least = 0 } = options;
    if (!Number.isInteger(patience) || patience < 1)
      throw new RangeError(
        `earlyStopping: patience is ${patience}, but must be a whole number of epochs, at least 1`,
      );
    if (!(least >= 0)) throw new RangeError(`earlyStopping: least is ${least}, but must be at least 0`);
    this.#options = options;
  }

  /** Notes an epoch's number; `"better"` than all before, worse but `"patient"`, or `"stop"`. */
  note(value: number): "better" | "patient" | "stop" {
    const { patience, least = 0, maximize = false } = this.#options;
    const gain = maximize ? value - this.#best : this.#best - value;
    if (Number.isNaN(this.#best) || gain > least) {
      this.#best = value;
      this.#waited = 0;
      return "better";
    }
    return ++this.#waited >= patience ? "stop" : "patient";
  }
}
