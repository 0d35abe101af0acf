import { SessionError } from "../../engine.ts";
import { type HostWorker, startWorker, type WasmModule } from "../host.ts";
import type { Layout } from "../plan/layout.ts";
import { words } from "./barrier.ts";

/**
 * What a further thread runs, as text, so that no file has to be found. It joins the module to the shared memory and takes
 * part in every call until one ends it; a thread that fails says so in memory, since nobody else can hear it.
 */
const source = `
const node = globalThis.process?.getBuiltinModule?.("worker_threads");
const work = ({ module, memory, thread, failed }) => {
  try {
    const { exports } = new WebAssembly.Instance(module, { e: { memory, product() {} } });
    (node ? node.parentPort : globalThis).postMessage("ready");
    exports.work(thread);
  } catch (error) {
    Atomics.store(new Int32Array(memory.buffer), failed, 1);
    throw error;
  }
};
if (node) work(node.workerData);
else globalThis.onmessage = ({ data }) => work(data);
`;

/** The threads of a session beside the caller's own. */
export class Crew {
  /** When all have joined. Rejects with `SessionError` where one cannot start. */
  readonly ready: Promise<void>;
  readonly #workers: HostWorker[] = [];
  readonly #layout: Layout;
  readonly #control: number;
  #lost: string | undefined;
  #closed = false;

  constructor(threads: number, module: WasmModule, layout: Layout, control: number) {
    this.#layout = layout;
    this.#control = control;
    const started: Promise<void>[] = [];
    for (let thread = 1; thread < threads; thread++)
      started.push(
        new Promise((resolve, reject) => {
          const lost = (problem: string): void => {
            if (this.#closed) return;
            this.#lost ??= `thread ${thread} of ${threads} ${problem}`;
            reject(this.#error());
          };
          const failed = (control + words.failed) / 4;
          const data = { module, memory: layout.memory, thread, failed };
          try {
            this.#workers.push(startWorker(source, data, resolve, lost));
          } catch (error) {
            lost(`does not start: ${(error as Error).message}`);
          }
        }),
      );
    this.ready = Promise.all(started).then(() => undefined);
    // Whoever does not wait for it finds out with the first call.
    this.ready.catch(() => undefined);
  }

  /** Gives all threads a call, which the caller then takes part in. Throws `SessionError` where a thread is lost. */
  call(given: readonly number[]): void {
    if (this.#lost !== undefined) throw this.#error();
    const shared = new Int32Array(this.#layout.memory.buffer, this.#control, words.bytes / 4);
    shared.set(given, words.given / 4);
    Atomics.add(shared, words.call / 4, 1);
    Atomics.notify(shared, words.call / 4);
  }

  /** What a call's own error means: that a thread is lost, if one is. */
  explain(error: unknown): unknown {
    const shared = new Int32Array(this.#layout.memory.buffer, this.#control, words.bytes / 4);
    if (Atomics.load(shared, words.failed / 4) === 0) return error;
    this.#lost ??= "a thread did not come back";
    return this.#error();
  }

  close(): void {
    this.#closed = true;
    if (this.#lost === undefined) this.call([0]);
    for (const worker of this.#workers) worker.terminate();
  }

  #error(): SessionError {
    return new SessionError(
      `${this.#lost}: the numbers of this session are no longer sound; close it, open another and go on from what was saved`,
    );
  }
}
