import { dense, type EngineName, type Network, network, relu, uniform } from "@streetlight/core";

/** The chapter's deep network, 3 lamps – hidden units – 1 decision, with its weights drawn but untrained. */
export function crossing(hidden = 4, target = "walk_vs_stop", engine: EngineName = "auto"): Network {
  return network(3, [dense(hidden, { activation: relu, bias: false }), dense(1, { bias: false })], {
    seed: 1,
    initialize: uniform(-1, 1),
    target,
    engine,
  });
}
