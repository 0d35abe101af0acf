import type { Keyframes } from "./keyframes.ts";
import type { Player, TraceEvent } from "./player.ts";
import { hashOf, partsOf } from "./state.ts";

/** Is told of each batch that is recorded, counted from the first, and the hash of what it begins with; last of the end. */
export type Hashed = (batch: number, hash: readonly [number, number]) => void;

/** How a recording is watched. */
interface Watch {
  readonly progress?: ((batches: number, total: number) => void) | undefined;
  readonly hashed?: Hashed | undefined;
}

/** Room for hashes to begin with, in words. It grows with what is played, for a file may ask for more than there is memory. */
const firstRoom = 1 << 16;

/** What is kept of a training. */
interface Recording {
  readonly keyframes: Keyframes;
  readonly hashes: Uint32Array;
}

/**
 * Takes over from another recording what came before a batch, counted from the first: its keyframes, at the last of which the
 * player then stands, and the hashes up to there.
 */
export function takenOver(from: Recording, batch: number, keyframes: Keyframes, player: Player): Uint32Array {
  for (const [start, state] of from.keyframes.entries())
    if (start <= batch) keyframes.offer(start, () => state);
  const last = keyframes.before(batch);
  player.state = last.state;
  return from.hashes.subarray(0, 2 * last.batch);
}

/**
 * Plays a training to its end from where the player stands, which is after the batches whose hashes are `known`, and offers
 * each state as a keyframe. Gives two words for each batch: the hash of what it begins with, and last of the end.
 */
export function recorded(
  player: Player,
  events: readonly TraceEvent[],
  keyframes: Keyframes,
  known: Uint32Array,
  { progress, hashed }: Watch,
): Uint32Array {
  const { from, to } = player.course;
  const total = to - from;
  const words = 2 * (total + 1);
  let hashes = new Uint32Array(Math.min(words, known.length + firstRoom));
  hashes.set(known);
  const keep: Hashed = (batch, hash) => {
    if (2 * batch === hashes.length) {
      const longer = new Uint32Array(Math.min(words, 2 * hashes.length));
      longer.set(hashes);
      hashes = longer;
    }
    hashes.set(hash, 2 * batch);
    hashed?.(batch, hash);
  };
  for (let batch = known.length / 2; batch < total; batch++) {
    const state = player.state;
    keep(batch, hashOf([...partsOf(state), ...Object.values(player.given(from + batch))]));
    keyframes.offer(batch, () => state);
    player.playBatches(from + batch, from + batch + 1, events);
    progress?.(batch + 1, total);
  }
  if (total === 0) keyframes.offer(0, () => player.state);
  keep(total, hashOf(partsOf(player.state)));
  return hashes;
}
