import type { Reading } from "../array/reading.ts";
import type { Known } from "../program/known.ts";

/** A place to stop at: where an array's numbers meet a condition. */
export interface Stop<Names extends string = string> {
  readonly array: Known<Names>;
  readonly condition: (numbers: Reading) => boolean;
}

/**
 * Stops where an array is computed such that the condition holds:
 *
 *     trace.find(stopWhen("layer_2_delta", (delta) => Math.abs(delta.at(0, 0)) < 0.01))
 */
export function stopWhen<Wanted extends Stop = Stop>(
  array: Wanted["array"],
  condition: Wanted["condition"],
): Wanted {
  // A type of its own, so that an editor completes the name where a network's or a trace's stop is wanted.
  return { array, condition } as Wanted;
}
