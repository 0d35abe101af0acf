import { allFinite, firstNonFinite, type NonFinite } from "../checks/nonFinite.ts";
import type { Session } from "../engines/engine.ts";
import type { Score } from "../trace/player.ts";
import { readState } from "../trace/state.ts";

/**
 * The first number that is not finite, in an epoch that left one; `score.loop` is that epoch, and the session holds what it began
 * with. The session plays it again to the batch that fails, and the reference only that one, step by step. Undefined where the
 * reference has none.
 */
export function locate(session: Session, score: Score): NonFinite | undefined {
  const { loop, program } = score;
  for (const { name, role } of program.data.arrays) if (role === "metric") session.write({ [name]: 0 });
  let before = readState(session, program);
  for (let batch = loop.from!; batch < loop.to!; batch++) {
    session.fit({ ...loop, from: batch, to: batch + 1 });
    const after = readState(session, program);
    // An engine that rounds otherwise may leave the finite numbers some batches before the reference does.
    if (!allFinite(after)) return firstNonFinite(score, batch, loop.to!, before);
    before = after;
  }
  return undefined;
}
