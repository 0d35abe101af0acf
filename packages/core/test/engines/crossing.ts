import type { Session, SessionOptions } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { type Network, network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";

/** The chapter's four streetlights, and whether one may walk. */
export const lights = [
  [1, 0, 1],
  [0, 1, 1],
  [0, 0, 1],
  [1, 1, 1],
];
export const walk = [[1], [1], [0], [0]];
export const examples = { layer_0: lights, goal: walk };

export function chapter(): Network {
  return network(3, [dense(4, { activation: relu, bias: false }), dense(1, { bias: false })], { seed: 1 });
}

export const train = chapter().trainer({ loss: halfSquaredError, optimizer: sgd(0.2) });
export const predict = chapter().predictor;

/** A session of the chapter's training program. */
export function opened(options: SessionOptions = {}): Session {
  return reference.open(train, { capacity: 4, seed: 1, ...options });
}

export function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
