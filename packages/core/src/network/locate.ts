import { allFinite, firstNonFinite, type NonFinite } from "../checks/nonFinite.ts";
import type { Session } from "../engines/engine.ts";
import type { Course, Loop } from "../program/loop.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Score } from "../trace/player.ts";
import { readState, type State, writeState } from "../trace/state.ts";
import { Shuffler } from "../train/order.ts";

/** Where a training that fails is played again from: what the network was before an epoch. */
export interface Anchor {
  readonly state: State;
  /** The first batch of that epoch. */
  readonly batch: number;
  readonly shuffler: RandomStateSnapshot | undefined;
}

/**
 * The first number that is not finite, in an epoch that left one; `score.loop.from` is its first batch. The session plays again
 * from the anchor to the batch that fails, and the reference only that one, step by step. Undefined where the reference has none.
 */
export function locate(
  session: Session,
  score: Score,
  anchor: Anchor,
  { rows, batchesPerEpoch }: Course,
): NonFinite | undefined {
  const { loop, program } = score;
  const shuffler = new Shuffler(0);
  if (anchor.shuffler) shuffler.state = anchor.shuffler;
  const epoch = (from: number): Loop => {
    const part = { ...loop, from, to: from + batchesPerEpoch };
    return anchor.shuffler ? { ...part, order: shuffler.next(rows) } : part;
  };
  const [first, end] = [loop.from!, loop.from! + batchesPerEpoch];
  writeState(session, anchor.state);
  for (let batch = anchor.batch; batch < first; batch += batchesPerEpoch) session.fit(epoch(batch));
  const failing = epoch(first);
  for (const { name, role } of program.data.arrays) if (role === "metric") session.write({ [name]: 0 });
  let before = readState(session, program);
  for (let batch = first; batch < end; batch++) {
    session.fit({ ...failing, from: batch, to: batch + 1 });
    const after = readState(session, program);
    // An engine that rounds otherwise may leave the finite numbers some batches before the reference does.
    if (!allFinite(after)) return firstNonFinite({ ...score, loop: failing }, batch, end, before);
    before = after;
  }
  return undefined;
}
