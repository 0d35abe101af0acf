import { madeOf } from "../program/alike.ts";
import { recordOf } from "../program/given.ts";
import {
  carried,
  checkRate,
  decayInto,
  type Optimizer,
  type Rate,
  rateSetting,
  schedulesOf,
  share,
} from "./optimizer.ts";

/** What a velocity keeps. */
export interface MomentumOptions {
  /** The share of its velocity that a weight keeps from batch to batch; default 0.9. */
  readonly momentum?: number;
}

type WithVelocity = Optimizer<"alpha" | "momentum" | "<weights>_velocity">;

/**
 * Gradient descent with a velocity: `velocity = momentum * velocity + weight_delta`, `weights -= alpha * velocity`, from
 * a velocity of 0. Polyak 1964 in the form of PyTorch's `SGD(momentum)`, where alpha is no part of the velocity. Throws
 * `RangeError` unless a fixed step size is finite and the share from 0 up to but not 1.
 */
export function momentum(alpha: Rate, options: MomentumOptions = {}): WithVelocity {
  return withVelocity("momentum", alpha, options, false);
}

/**
 * Momentum that looks ahead: `weights -= alpha * (weight_delta + momentum * velocity)`, with the velocity after this
 * batch. Nesterov 1983 in the form of PyTorch's `SGD(nesterov=True)` (Sutskever and others 2013). Throws as `momentum` does.
 */
export function nesterov(alpha: Rate, options: MomentumOptions = {}): WithVelocity {
  return withVelocity("nesterov", alpha, options, true);
}

function withVelocity(name: string, alpha: Rate, options: MomentumOptions, ahead: boolean): WithVelocity {
  checkRate(name, alpha);
  recordOf(name, options, "{ momentum: 0.9 }");
  const { momentum: kept = 0.9 } = options;
  share(name, "momentum", kept);
  return {
    schedules: schedulesOf("alpha", alpha),
    append: madeOf(
      (b, gradients) => {
        const rate = rateSetting(b, "alpha", alpha);
        const factor = b.setting("momentum", kept);
        b.inUpdate(() => {
          for (const [weights, delta] of gradients) {
            const velocity = carried(b, weights, "velocity");
            decayInto(b, velocity, factor, delta);
            const direction = ahead ? b.ops.add(delta, b.ops.scale(factor, velocity)) : velocity;
            b.update(weights, b.ops.subtract(weights, b.ops.scale(rate, direction)));
          }
        });
      },
      name,
      alpha,
      kept,
    ),
  };
}
