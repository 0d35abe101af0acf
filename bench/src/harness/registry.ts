import { existsSync } from "node:fs";
import type { Contender } from "../tasks/contenders.ts";
import { bench, type Found, findNode, findPython, type Invocation, invocation } from "./runtimes.ts";

/** What is installed here, looked up once. */
export class Registry {
  readonly node: Found;
  readonly numpy: Found;
  readonly torch: Found;
  /** Why the peers from npm are missing, if they are. */
  readonly #noPeers: string | undefined;

  constructor(options: { readonly node?: string; readonly noPeers?: string }) {
    this.node = findNode(options.node);
    this.numpy = findPython("numpy");
    this.torch = findPython("torch");
    this.#noPeers = options.noPeers;
  }

  /** How a contender is started, or why it cannot be. */
  invocation({ runtime, program, options, peer }: Contender): Invocation | { readonly missing: string } {
    const found = this[runtime];
    if ("missing" in found) return found;
    const folder = folders[peer];
    if (folder !== undefined && !existsSync(`${bench}node_modules/${folder}`))
      return { missing: this.#noPeers ?? `bench/node_modules has no ${folder}: npm ci --prefix bench` };
    return invocation(found.path, runtime, program, options);
  }
}

/** Where npm puts a peer. */
const folders: Partial<Record<Contender["peer"], string>> = {
  "jax-js": "@jax-js/jax",
  "TensorFlow.js": "@tensorflow/tfjs",
};
