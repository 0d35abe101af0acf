import type { Ref } from "../ops/op.ts";
import { madeOf } from "../program/alike.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { gradientName } from "../program/names.ts";
import {
  checkOptimizer,
  checkRate,
  type Optimizer,
  positive,
  type Rate,
  rateSetting,
  schedulesOf,
} from "./optimizer.ts";

type Gradients = ReadonlyMap<Ref, Ref>;

/** An optimizer that gets other derivatives than the program's; the steps between belong to update. */
function changing<Names extends string>(
  wrapper: string,
  optimizer: Optimizer<Names>,
  by: Rate,
  change: (b: ProgramBuilder, gradients: Gradients) => Gradients,
): Optimizer<Names> {
  checkOptimizer(wrapper, optimizer);
  return {
    ...optimizer,
    append: madeOf(
      (b, gradients) =>
        optimizer.append(
          b,
          b.inUpdate(() => change(b, gradients)),
        ),
      wrapper,
      optimizer,
      by,
    ),
  };
}

/** Every derivative replaced by what `change` makes of it, which is called `weight_delta_0_1_<suffix>`. */
function each(
  b: ProgramBuilder,
  gradients: Gradients,
  suffix: string,
  change: (weights: Ref, delta: Ref) => Ref,
): Gradients {
  return new Map(
    [...gradients].map(([weights, delta]) => [
      weights,
      b.inline(`${gradientName(b.nameOf(weights)!)}_${suffix}`, change(weights, delta)),
    ]),
  );
}

/** Keeps each number of a derivative between −limit and limit. Throws `RangeError` unless the limit is above 0. */
export function clipByValue<Names extends string>(
  optimizer: Optimizer<Names>,
  limit: number,
): Optimizer<Names | "<gradient>_clipped"> {
  positive("clipByValue", "limit", limit);
  return changing("clipByValue", optimizer, limit, (b, gradients) =>
    each(b, gradients, "clipped", (_, delta) => b.ops.clip(delta, { limit })),
  );
}

/**
 * Shortens all derivatives alike where together they are longer than `norm`: each is multiplied by
 * `norm / max(length, norm)`, where the length is the root of the sum of all their squares. Pascanu, Mikolov and Bengio
 * 2013, in the form of TensorFlow's `clip_by_global_norm`, whose factor is exactly 1 where nothing is to be clipped
 * (PyTorch's adds 1e-6 to the length). Throws `RangeError` unless the norm is above 0.
 */
export function clipByNorm<Names extends string>(
  optimizer: Optimizer<Names>,
  norm: number,
): Optimizer<Names | "norm_limit" | "gradient_norm" | "clip_factor" | "<gradient>_shortened"> {
  positive("clipByNorm", "norm", norm);
  return changing("clipByNorm", optimizer, norm, (b, gradients) => {
    const most = b.setting("norm_limit", norm);
    const squares = [...gradients.values()].map((delta) => b.ops.total(b.ops.square(delta)));
    const length = b.name("gradient_norm", b.ops.sqrt(squares.reduce((sum, one) => b.ops.add(sum, one))));
    const factor = b.name("clip_factor", b.ops.divide(most, b.ops.maximum(length, most)));
    return each(b, gradients, "shortened", (_, delta) => b.ops.scale(factor, delta));
  });
}

/** How weights are to shrink where an optimizer shrinks them already. */
const decaysAlready = {
  adamw: "adamw shrinks weights by itself: give it the share, adamw(alpha, { weightDecay: 0.01 })",
  weightDecay: "the optimizer has a weightDecay already: give one rate, their sum",
} as const;

/**
 * Adds `rate · weights` to each derivative, as the loss ½ rate Σ weights² would: PyTorch's `weight_decay` of all optimizers
 * but AdamW. Biases decay too, as they do there. Throws `RangeError` unless a fixed rate is finite, and where the optimizer
 * shrinks weights already.
 */
export function weightDecay<Names extends string>(
  optimizer: Optimizer<Names>,
  rate: Rate,
): Optimizer<Names | "weight_decay" | "<gradient>_decayed"> {
  checkRate("weightDecay", rate);
  const decaying = changing("weightDecay", optimizer, rate, (b, gradients) => {
    const decay = rateSetting(b, "weight_decay", rate);
    return each(b, gradients, "decayed", (weights, delta) => b.ops.add(delta, b.ops.scale(decay, weights)));
  });
  const { schedules, decayedBy } = optimizer;
  if (decayedBy) throw new RangeError(`weightDecay: ${decaysAlready[decayedBy]}`);
  return {
    ...decaying,
    schedules: { ...schedules, ...schedulesOf("weight_decay", rate) },
    decayedBy: "weightDecay",
  };
}
