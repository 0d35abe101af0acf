import type { Session } from "../engines/engine.ts";
import type { Program } from "../program/program.ts";
import { mayKeep } from "../shape/room.ts";

/** Most numbers of examples that a spare session keeps in memory. */
const few = 4096;
/** Most networks with a spare session: a host has room for so many memories only. */
const most = 64;

/** Those that have one, the latest at the end. */
let spares: WeakRef<Spare>[] = [];

/**
 * The session of a network's last training, left open for the next one of the same program: opening one takes longer than
 * a small training. It holds memory only, which goes when the network does.
 */
export class Spare {
  #left: { readonly session: Session; readonly program: Program; readonly capacity: number } | undefined;

  /** The session, if it is one of this program with room for so many rows; from then on the taker's. */
  take(program: Program, capacity: number): Session | undefined {
    const left = this.#left;
    if (left?.program !== program || left.capacity !== capacity) return undefined;
    this.#left = undefined;
    return left.session;
  }

  /** Leaves a session open, but for one that holds many examples, and unless memory is short. */
  leave(session: Session, program: Program, capacity: number, numbers: number): void {
    if (numbers > few || !mayKeep(closeAll)) {
      session.close();
      return;
    }
    this.close();
    this.#left = { session, program, capacity };
    spares = [...spares.filter((each) => each.deref() !== this), new WeakRef(this)];
    while (spares.length > most) spares.shift()!.deref()?.close();
  }

  /** Closes the session that is left. */
  close(): void {
    this.#left?.session.close();
    this.#left = undefined;
  }
}

function closeAll(): void {
  for (const each of spares) each.deref()?.close();
  spares = [];
}
