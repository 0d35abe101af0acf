import type { Ref } from "../ops/op.ts";
import { madeOf } from "../program/alike.ts";
import type { ProgramBuilder } from "../program/builder.ts";
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

/** What the two means keep. */
export interface AdamOptions {
  /** The share of the mean derivative that is kept from batch to batch; default 0.9. */
  readonly beta1?: number;
  /** The share of the mean square that is kept; default 0.999. */
  readonly beta2?: number;
  /** Added to the root, so that nothing is divided by 0; default 1e-8. */
  readonly epsilon?: number;
}

/** The same, and how weights shrink. */
export interface AdamWOptions extends AdamOptions {
  /** By what share of themselves, times alpha, weights shrink in each batch; default 0.01. */
  readonly weightDecay?: number;
}

type AdamArrays =
  | "alpha"
  | "one"
  | "epsilon"
  | `${"" | "one_minus_"}beta${1 | 2}`
  | `beta${1 | 2}_power`
  | "beta2_correction_root"
  | "step_size"
  | `<weights>_mean${"" | "_square"}`;

/**
 * The mean of the derivatives over the root of their mean square, both corrected for having begun at 0: Kingma and Ba
 * 2015, algorithm 1, in the order of operations and with the defaults of PyTorch's `Adam`, whose usual rate is 0.001.
 *
 *     mean = beta1 * mean + (1 - beta1) * weight_delta
 *     mean_square = beta2 * mean_square + (1 - beta2) * weight_delta ** 2
 *     weights -= alpha / (1 - beta1 ** t) * (mean / (sqrt(mean_square) / sqrt(1 - beta2 ** t) + epsilon))
 *
 * The powers are states, `beta1_power = beta1_power * beta1`, so no engine counts. Throws `RangeError` for a step size, share or
 * epsilon out of range.
 */
export function adam(alpha: Rate, options: AdamOptions = {}): Optimizer<AdamArrays> {
  return adaptive("adam", alpha, options, undefined);
}

/**
 * Adam whose weights also shrink, beside the step and not through the derivatives:
 * `weights = (1 - alpha * weight_decay) * weights - …`. Loshchilov and Hutter 2019, as PyTorch's `AdamW`. Biases shrink
 * too, as they do there. Throws as `adam` does, and `RangeError` unless the weights' share is finite and from 0 up.
 */
export function adamw(
  alpha: Rate,
  given: AdamWOptions = {},
): Optimizer<AdamArrays | "weight_decay" | "weights_kept"> {
  recordOf("adamw", given, "{ weightDecay: 0.01 }");
  const { weightDecay = 0.01, ...options } = given;
  if (!Number.isFinite(weightDecay) || weightDecay < 0)
    throw new RangeError(`adamw: weightDecay is ${weightDecay}, but must be a finite number of at least 0`);
  return { ...adaptive("adamw", alpha, options, weightDecay + 0), decayedBy: "adamw" };
}

function adaptive(
  name: string,
  alpha: Rate,
  options: AdamOptions,
  weightDecay: number | undefined,
): Optimizer<never> {
  checkRate(name, alpha);
  recordOf(name, options, "{ beta1: 0.9 }");
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  share(name, "beta1", beta1);
  share(name, "beta2", beta2);
  positive(name, "epsilon", epsilon);
  return {
    schedules: schedulesOf("alpha", alpha),
    append: madeOf(
      (b, gradients) => {
        const rate = rateSetting(b, "alpha", alpha);
        const first = moment(b, "beta1", beta1);
        const second = moment(b, "beta2", beta2);
        const small = b.setting("epsilon", epsilon);
        const decay = weightDecay === undefined ? undefined : b.setting("weight_decay", weightDecay);
        b.inUpdate(() => {
          const stepSize = b.name("step_size", b.ops.divide(rate, correction(b, first)));
          const root = b.name("beta2_correction_root", b.ops.sqrt(correction(b, second)));
          const kept =
            decay && b.name("weights_kept", b.ops.subtract(b.constantOne(), b.ops.multiply(rate, decay)));
          for (const [weights, delta] of gradients) {
            const mean = carried(b, weights, "mean");
            const meanSquare = carried(b, weights, "mean_square");
            decayInto(b, mean, first.beta, b.ops.scale(first.rest, delta));
            decayInto(b, meanSquare, second.beta, b.ops.scale(second.rest, b.ops.square(delta)));
            const size = b.ops.add(b.ops.divideByScalar(b.ops.sqrt(meanSquare), root), small);
            const step = b.ops.scale(stepSize, b.ops.divide(mean, size));
            b.update(weights, b.ops.subtract(kept ? b.ops.scale(kept, weights) : weights, step));
          }
        });
      },
      name,
      alpha,
      beta1,
      beta2,
      epsilon,
      weightDecay,
    ),
  };
}

interface Moment {
  readonly name: string;
  readonly beta: Ref;
  readonly rest: Ref;
  readonly power: Ref;
}

function moment(b: ProgramBuilder, name: string, beta: number): Moment {
  return {
    name,
    beta: b.setting(name, beta),
    rest: b.setting(`one_minus_${name}`, 1 - beta),
    power: b.state(`${name}_power`, [], { value: 1 }),
  };
}

/** `1 - beta ** t`, t being the number of batches with this one. */
function correction(b: ProgramBuilder, { beta, power }: Moment): Ref {
  b.update(power, b.ops.multiply(power, beta));
  return b.ops.subtract(b.constantOne(), power);
}
