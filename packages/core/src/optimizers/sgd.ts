import { madeOf } from "../program/alike.ts";
import { checkRate, type Optimizer, type Rate, rateSetting, schedulesOf } from "./optimizer.ts";

/** Gradient descent: `weights -= alpha * weight_delta`. Throws `RangeError` unless a fixed step size is finite. */
export function sgd(alpha: Rate): Optimizer<"alpha"> {
  checkRate("sgd", alpha);
  return {
    schedules: schedulesOf("alpha", alpha),
    append: madeOf(
      (b, gradients) => {
        const rate = rateSetting(b, "alpha", alpha);
        b.inUpdate(() => {
          for (const [weights, delta] of gradients)
            b.update(weights, b.ops.subtract(weights, b.ops.scale(rate, delta)));
        });
      },
      "sgd",
      alpha,
    ),
  };
}
