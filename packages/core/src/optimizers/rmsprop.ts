import { madeOf } from "../program/alike.ts";
import { recordOf } from "../program/given.ts";
import {
  carried,
  checkRate,
  decayInto,
  type Optimizer,
  positive,
  type Rate,
  rateSetting,
  schedulesOf,
  share,
} from "./optimizer.ts";

/** What a mean square keeps. */
export interface RmspropOptions {
  /** The share of the mean square that is kept from batch to batch; default 0.99. */
  readonly decay?: number;
  /** Added to the root, so that nothing is divided by 0; default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Divides each weight's step by the size that its derivatives have had lately:
 * `mean_square = decay * mean_square + (1 - decay) * weight_delta ** 2`, from 0, and
 * `weights -= alpha * (weight_delta / (sqrt(mean_square) + epsilon))`. Tieleman and Hinton 2012; form and defaults as
 * PyTorch's `RMSprop`, whose usual rate is 0.01. Throws `RangeError` for a step size, share or epsilon out of range.
 */
export function rmsprop(
  alpha: Rate,
  options: RmspropOptions = {},
): Optimizer<"alpha" | "decay" | "one_minus_decay" | "epsilon" | "<weights>_mean_square"> {
  checkRate("rmsprop", alpha);
  recordOf("rmsprop", options, "{ decay: 0.99 }");
  const { decay = 0.99, epsilon = 1e-8 } = options;
  share("rmsprop", "decay", decay);
  positive("rmsprop", "epsilon", epsilon);
  return {
    schedules: schedulesOf("alpha", alpha),
    append: madeOf(
      (b, gradients) => {
        const rate = rateSetting(b, "alpha", alpha);
        const kept = b.setting("decay", decay);
        const rest = b.setting("one_minus_decay", 1 - decay);
        const small = b.setting("epsilon", epsilon);
        b.inUpdate(() => {
          for (const [weights, delta] of gradients) {
            const meanSquare = carried(b, weights, "mean_square");
            decayInto(b, meanSquare, kept, b.ops.scale(rest, b.ops.square(delta)));
            const size = b.ops.add(b.ops.sqrt(meanSquare), small);
            b.update(weights, b.ops.subtract(weights, b.ops.scale(rate, b.ops.divide(delta, size))));
          }
        });
      },
      "rmsprop",
      alpha,
      decay,
      epsilon,
    ),
  };
}
