import { reachable, remember } from "../shape/reachable.ts";
import type { State } from "./state.ts";

/**
 * States at the starts of batches, thinned to a budget: whenever there are too many, every second one is dropped and
 * the distance between them doubles. So a training of any length has between `most / 2` and `most` of them, and
 * a seek replays at most one distance. A branch is offered the keyframes that it takes over first: those may lie further apart
 * than its own.
 */
export class Keyframes {
  readonly #frames = new Map<number, State>();
  readonly #most: number;
  /** A power of two, which divides the spacing of keyframes taken over. */
  #spacing = 1;
  #end = 0;

  /** `most` is how many the budget allows; at least 2. */
  constructor(most: number) {
    remember(this);
    this.#most = Math.max(2, Math.floor(most));
  }

  /** From one to the next, or to the end of the recording, in batches: the longest. */
  get distance(): number {
    const starts = [...this.#frames.keys(), this.#end];
    return starts.reduce((longest, start, k) => Math.max(longest, start - (starts[k - 1] ?? 0)), 1);
  }

  /** How many there are. */
  get count(): number {
    return this.#frames.size;
  }

  /** Keeps the state before `batch`, if a keyframe belongs there. Batches come in ascending order. */
  offer(batch: number, state: () => State): void {
    this.#end = batch + 1;
    if (batch % this.#spacing !== 0) return;
    this.#frames.set(batch, state());
    while (this.#frames.size > this.#most) {
      this.#spacing *= 2;
      for (const kept of [...this.#frames.keys()]) if (kept % this.#spacing !== 0) this.#frames.delete(kept);
    }
  }

  /** The last keyframe at or before a batch. Batch 0 always has one. */
  before(batch: number): { readonly batch: number; readonly state: State } {
    const found = Math.floor(batch / this.#spacing) * this.#spacing;
    for (let at = found; at >= 0; at -= this.#spacing) {
      const state = this.#frames.get(at);
      if (state) return { batch: at, state };
    }
    throw new RangeError("there is no keyframe: the recording has not begun");
  }

  /** Each with its batch, in ascending order. */
  entries(): IterableIterator<[number, State]> {
    return this.#frames.entries();
  }
}

reachable(Keyframes);
