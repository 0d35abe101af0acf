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

/** How long a training runs on, in milliseconds, before others have their turn: a picture of a screen. */
const most = 16;

/** Lets timers, events and messages of the host through, which wait as long as promises alone are awaited. */
export class Turns {
  #last = Date.now();

  /** Undefined as long as it is not their turn. */
  next(): Promise<void> | undefined {
    if (Date.now() - this.#last < most) return undefined;
    return this.#give();
  }

  async #give(): Promise<void> {
    await new Promise<void>((done) => {
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
    this.#last = Date.now();
  }
}
