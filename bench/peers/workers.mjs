import { resolveObjectURL } from "node:buffer";
import { Worker as NodeWorker } from "node:worker_threads";

/**
 * Browsers' `Worker`, as far as jax-js uses it, on Node's threads. Without it jax-js has one thread in Node; with it the threads
 * of a page that is cross-origin isolated.
 */
export class Worker {
  #thread;
  #waiting = [];
  onmessage;
  onerror;

  constructor(url) {
    resolveObjectURL(url)
      .text()
      .then((source) => {
        this.#thread = new NodeWorker(`${surroundings}\n${source}`, { eval: true });
        this.#thread.unref();
        this.#thread.on("message", (data) => this.onmessage?.({ data }));
        this.#thread.on("error", (error) => this.onerror?.(error));
        for (const message of this.#waiting) this.#thread.postMessage(message);
      });
  }

  postMessage(message) {
    if (this.#thread) this.#thread.postMessage(message);
    else this.#waiting.push(message);
  }
}

const surroundings = `
const { parentPort } = require("node:worker_threads");
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on("message", (data) => self.onmessage({ data }));
`;
