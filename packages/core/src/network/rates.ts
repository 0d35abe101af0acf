import type { Schedule } from "../optimizers/optimizer.ts";

/**
 * What schedules set, an epoch at a time: an epoch then costs the same wherever it stands, and however many there are to come.
 */
export class Rates {
  /** The values for the batches of the epoch that was last begun. */
  readonly settings: Readonly<Record<string, Float64Array>>;
  readonly #schedules: Readonly<Record<string, Schedule>>;
  readonly #batchesPerEpoch: number;

  constructor(schedules: Readonly<Record<string, Schedule>> | undefined, batchesPerEpoch: number) {
    this.#schedules = { ...schedules };
    this.#batchesPerEpoch = batchesPerEpoch;
    this.settings = this.#room(batchesPerEpoch);
  }

  /** Sets `settings` to the values for the epoch that begins with a batch. */
  begin(from: number): void {
    this.#fill(this.settings, from);
  }

  /** The values for some batches. */
  between(from: number, to: number): Readonly<Record<string, Float64Array>> {
    const settings = this.#room(to - from);
    this.#fill(settings, from);
    return settings;
  }

  #room(batches: number): Record<string, Float64Array> {
    return Object.fromEntries(Object.keys(this.#schedules).map((name) => [name, new Float64Array(batches)]));
  }

  #fill(settings: Readonly<Record<string, Float64Array>>, from: number): void {
    for (const name in settings) {
      const [schedule, values] = [this.#schedules[name]!, settings[name]!];
      for (let k = 0; k < values.length; k++)
        values[k] = schedule({ batch: from + k, batchesPerEpoch: this.#batchesPerEpoch });
    }
  }
}
