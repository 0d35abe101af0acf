import type { Optimizer } from "./optimizer.ts";

/** Gradient descent: `weights -= alpha * weight_delta`. `alpha` is a setting, which a loop may change per batch. */
export function sgd(alpha: number): Optimizer {
  if (!Number.isFinite(alpha)) throw new RangeError(`sgd(${alpha}): alpha must be a finite number`);
  return (b, gradients) => {
    const rate = b.setting("alpha", alpha);
    b.inUpdate(() => {
      for (const [weights, delta] of gradients)
        b.update(weights, b.ops.subtract(weights, b.ops.scale(rate, delta)));
    });
  };
}
