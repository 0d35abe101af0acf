import type { Reading } from "../array/reading.ts";

/** A place to stop at: where an array's numbers fulfil a condition. */
export interface Stop {
  readonly array: string;
  readonly condition: (numbers: Reading) => boolean;
}

/**
 * Stops where an array is computed such that the condition holds:
 *
 *     trace.find(stopWhen("layer_2_delta", (delta) => Math.abs(delta.at(0, 0)) < 0.01))
 */
export function stopWhen(array: string, condition: (numbers: Reading) => boolean): Stop {
  return { array, condition };
}
