import { example, input } from "./examples.ts";
import type { Example } from "./op.ts";

/** Matrices whose sums come out differently in any other order, and those that have nothing to add. */
export const orders: readonly Example[] = [
  example(input([2, 3], 0.5, -1.25, 2, 0.75, -3, 1.5)),
  example(input([4, 2], 1e16, 0.1, 1, 0.2, -1e16, 0.3, 1, 0.4)),
  example(input([2, 4], 1e16, 1, -1e16, 1, 0.1, 0.2, 0.3, 0.4)),
  // 2^24 takes in one 1 after the other in float32 and stays; a sum that is rounded only at its end grows.
  example(input([3, 3], 16777216, 1, 1, 1, 0.1, 0.2, 1, 0.3, 0.7)),
  example(input([1, 3], -0, NaN, 5e-324)),
  example(input([3, 1], -0, -0, -0)),
  example(input([2, 2], Infinity, 1, -Infinity, 1)),
  example(input([0, 3])),
  example(input([2, 0])),
];
