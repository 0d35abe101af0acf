import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { uniform } from "../../src/layers/initializers.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import type { Score } from "../../src/trace/player.ts";

/** The chapter's network on four streetlights, with a number of hidden units and a bias or none. */
export function lights(loop: Score["loop"], { hidden = 4, bias = false, seed = 1 } = {}): Score {
  const net = network(3, [dense(hidden, { activation: relu, bias }), dense(1, { bias })], {
    seed,
    initialize: uniform(-1, 1),
    target: "walk_vs_stop",
  });
  return {
    program: net.trainer({ loss: halfSquaredError, optimizer: sgd(0.2) }),
    data: {
      layer_0: [
        [1, 0, 1],
        [0, 1, 1],
        [0, 0, 1],
        [1, 1, 1],
      ],
      walk_vs_stop: [[1], [1], [0], [0]],
    },
    loop,
    seed,
  };
}
