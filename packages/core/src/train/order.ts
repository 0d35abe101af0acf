import { RandomSource } from "../random/source.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import { reachable, remember } from "../shape/reachable.ts";

/**
 * The order of rows, epoch after epoch, from a stream of its own, `RandomState([seed, 1])`, so that it depends neither on
 * how many weights were drawn nor on dropout.
 */
export class Shuffler {
  readonly #seed: readonly number[];
  /** Seeded when it is first asked for: many trainings shuffle nothing. */
  #begun: RandomSource | undefined;

  constructor(seed: number | readonly number[]) {
    remember(this);
    this.#seed = [...(typeof seed === "number" ? [seed] : seed), 1];
  }

  get #chance(): RandomSource {
    this.#begun ??= new RandomSource(this.#seed);
    return this.#begun;
  }

  /** The next epoch's order of so many rows. */
  next(rows: number): Int32Array {
    return this.#chance.permutation(rows);
  }

  /** Where the stream stands; set, it goes on from there. */
  get state(): RandomStateSnapshot {
    return this.#chance.getState();
  }

  set state(snapshot: RandomStateSnapshot) {
    this.#chance.setState(snapshot);
  }

  /** Goes back to the first order. */
  begin(): void {
    this.#begun = undefined;
  }
}

reachable(Shuffler);
