import type { WorkDone } from "../harness/result.ts";

/**
 * What training a network of dense layers takes. Products: forward, the weights' derivatives, and the deltas of all layers but
 * the first, a multiplication and an addition a term. Bytes, at least, if nothing stays in a cache: weights are read going
 * forward and backward (the first layer's only forward), and read and written in the update; a layer's output is written and
 * then read by the next layer, by relu's derivative and in the update, its delta written and read twice; the inputs are read
 * twice.
 */
export function mlpWork(sizes: readonly number[], rows: number, batch: number): WorkDone {
  const pairs = sizes.slice(1).map((units, k) => sizes[k]! * units);
  const all = pairs.reduce((sum, each) => sum + each, 0);
  const first = pairs[0]!;
  const units = sizes.slice(1).reduce((sum, each) => sum + each, 0);
  const steps = Math.ceil(rows / batch);
  return {
    samples: rows,
    steps,
    flops: rows * (6 * all - 2 * first),
    bytes: 4 * (steps * (4 * all - first) + rows * (7 * units + 2 * sizes[0]!)),
  };
}
