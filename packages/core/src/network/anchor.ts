import type { Session } from "../engines/engine.ts";
import type { Loop } from "../program/loop.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import { type State, writeState } from "../trace/state.ts";
import { Shuffler } from "../train/order.ts";

/** Where a training that fails is played again from: what the network was before an epoch. */
export interface Anchor {
  readonly state: State;
  /** The first batch of that epoch. */
  readonly batch: number;
  readonly shuffler: RandomStateSnapshot | undefined;
}

/** Has a session go from an anchor to the epoch that begins with batch `to`, whose loop it gives. */
export function playBack(
  session: Session,
  { state, batch, shuffler }: Anchor,
  to: number,
  epoch: (from: number) => Loop,
  rows: number,
): Loop {
  const again = new Shuffler(0);
  if (shuffler) again.state = shuffler;
  writeState(session, state);
  const next = (from: number) => (shuffler ? { ...epoch(from), order: again.next(rows) } : epoch(from));
  let loop = next(batch);
  while (loop.from! < to) {
    session.fit(loop);
    loop = next(loop.to!);
  }
  return loop;
}
