import { example, input } from "./examples.ts";
import type { Example } from "./op.ts";

/** Predictions and targets: one row, several, awkward numbers, and sums that only ascending order gives. */
export const predictions: readonly Example[] = [
  example(input([3, 2], 0.5, -1, 2, 0.1, -0.3, 0.7), input([3, 2], 0.25, 1, 0, 0.3, 0.1, -0.2)),
  example(input([4, 1], 1e8, 1, -1e8, 1.5), input([4, 1], 0, 0, 0, 0.25)),
  example(input([1, 4], 1e8, 1, -1e8, 1.5), input([1, 4], 0, 0, 0, 0.25)),
  example(input([1, 1], 0.39194327), input([1, 1], 1)),
  example(input([2, 2], NaN, 1, Infinity, -0), input([2, 2], 0, 1, 1, 0)),
  // A row whose only difference is -0, which a sum that starts from 0 loses.
  example(input([1, 1], -0), input([1, 1], 0)),
  example(input([0, 2]), input([0, 2])),
  example(input([2, 0]), input([2, 0])),
];

/** Sums before the last activation, and goals that add up to 1 in each row. */
export const logits: readonly Example[] = [
  example(input([2, 3], 0.5, -1.25, 2, 0.75, -3, 1.5), input([2, 3], 0.25, 0.65, 0.1, 0.2, 0.3, 0.5)),
  example(input([4, 2], 1000, -1000, 1000, -1000, 3, 3, -40, 1), input([4, 2], 1, 0, 0, 1, 1, 0, 0, 1)),
  example(
    input([3, 4], 0.1, 0.7, 1e-8, 3, 1e8, 1, 1e8, 1, 0.3, -0.1, 0.2, 37),
    input([3, 4], 0.1, 0.2, 0.3, 0.4, 0, 0, 1, 0, 0.25, 0.25, 0.25, 0.25),
  ),
  example(input([1, 1], 0.39194327), input([1, 1], 1)),
  example(input([3, 2], NaN, 1, Infinity, -0, -Infinity, 2), input([3, 2], 0, 1, 1, 0, 0, 1)),
  example(input([2, 2], -0, 0, 0.5, 0.25), input([2, 2], 0, 1, 1, -0)),
  // A row whose only term is -0.
  example(input([1, 1], 3), input([1, 1], -0)),
  example(input([0, 2]), input([0, 2])),
  example(input([2, 0]), input([2, 0])),
];
