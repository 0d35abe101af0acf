interface Host {
  readonly setImmediate?: (done: () => void) => void;
  readonly MessageChannel: new () => { readonly port1: Port; readonly port2: Port };
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

const host = globalThis as unknown as Host;

/**
 * How much a training does before others have their turn, in numbers that are multiplied: some milliseconds. It is counted
 * and not timed, so that there is no clock.
 */
const most = 1e7;
/** What a row costs beside its multiplications, in the same measure: what an epoch of few rows takes. */
const perRow = 1000;

/** Lets timers, events and messages of the host through, which wait as long as promises alone are awaited. */
export class Turns {
  #done = 0;

  /** After so many rows, each of so many multiplications; undefined as long as it is not the others' turn. */
  after(rows: number, multiplications: number): Promise<void> | undefined {
    this.#done += rows * (perRow + multiplications);
    if (this.#done < most) return undefined;
    this.#done = 0;
    return turn();
  }
}

function turn(): Promise<void> {
  return new Promise((done) => {
    if (host.setImmediate) {
      host.setImmediate(done);
      return;
    }
    const { port1, port2 } = new host.MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(undefined);
  });
}
