import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { type Network, network } from "../../src/network/network.ts";
import type { NetworkOptions } from "../../src/network/options.ts";
import { sgd } from "../../src/optimizers/sgd.ts";

/** Seven rows of three numbers, so that batches of 2, 3 and 4 end in a partial one. */
export const data = {
  inputs: [
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 1],
    [1, 1, 1],
    [0.5, 0, 1],
    [0, 0.25, 1],
    [0.75, 0.5, 1],
  ],
  targets: [[1], [1], [0], [0], [0.5], [0.25], [1]],
};

export function small(options: NetworkOptions = {}): Network {
  return network(3, [dense(4, { activation: relu }), dense(1)], { seed: 1, ...options });
}

export const learning = { loss: halfSquaredError, optimizer: sgd(0.1) };

export function weightsOf(net: Network): Record<string, unknown> {
  return Object.fromEntries(net.weightNames.map((name) => [name, net.read(name).toArray()]));
}
