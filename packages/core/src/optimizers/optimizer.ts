import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { shown } from "../shape/shown.ts";

/** Where a training stands when a setting is asked for. */
export interface Progress {
  /** Counted from 0 over the whole training. */
  readonly batch: number;
  readonly batchesPerEpoch: number;
}

/** A setting's value for each batch. A pure function: it is asked again when a training is replayed. */
export type Schedule = (at: Progress) => number;

/**
 * How weights are updated, given the derivative of the loss by each array of them. The type may say which arrays that brings,
 * so that a program knows them by name: `Names` are patterns, in which `<weights>` stands for each array of weights and
 * `<gradient>` for the derivative by it: `"alpha" | "<weights>_velocity"`.
 */
export interface Optimizer<Names extends string = string> {
  /** Appends the steps of update. */
  readonly append: (b: ProgramBuilder, gradients: ReadonlyMap<Ref, Ref>) => void;
  /** The settings that change from batch to batch, by name; default none. */
  readonly schedules?: Readonly<Record<string, Schedule>> | undefined;
  /** What shrinks the weights, so that nothing else does too; undefined where nothing does. */
  readonly decayedBy?: "adamw" | "weightDecay";
  /** Only a type. */
  readonly names?: Names;
}

/**
 * Throws `TypeError` unless an optimizer is one: there is none, the function that makes it was not called, or in one that was
 * written by hand something is no function.
 */
export function checkOptimizer(where: string, optimizer: unknown): asserts optimizer is Optimizer {
  const isObject = typeof optimizer === "object" && optimizer !== null;
  const isOther = isObject && ("metrics" in optimizer || "key" in optimizer); // a loss or a metric
  if (!isObject || isOther || (!("append" in optimizer) && !("schedules" in optimizer))) {
    const uncalled = typeof optimizer === "function" ? `: call ${optimizer.name || "the function"}(…)` : "";
    throw new TypeError(`${where}: give an optimizer, such as sgd(0.1)${uncalled}`);
  }
  const { append, schedules } = optimizer as Partial<Optimizer>;
  if (typeof append !== "function")
    throw new TypeError(
      `${where}: the optimizer's append must be a function of a builder and the derivatives`,
    );
  if (schedules === undefined) return;
  const named = typeof schedules === "object" && schedules !== null ? Object.entries(schedules) : undefined;
  const wrong = named?.find(([, schedule]) => typeof schedule !== "function");
  if (named === undefined || wrong)
    throw new TypeError(
      `${where}: the optimizer's schedules${wrong ? `.${wrong[0]}` : ""} must be ` +
        `${wrong ? "a function" : "an object, a function for each setting"}: (at) => …`,
    );
}

/** A step size: one number, or one for each batch. */
export type Rate = number | Schedule;

/**
 * Declares a step size as a setting that starts at its first value. Throws `TypeError` unless that is a number, `RangeError` unless
 * it is finite.
 */
export function rateSetting(b: ProgramBuilder, name: string, rate: Rate): Ref {
  const first: unknown = typeof rate === "number" ? rate : rate({ batch: 0, batchesPerEpoch: 1 });
  if (typeof first === "number") return b.setting(name, first);
  const mend = typeof first === "function" ? ": call it first, as in warmUp(0.1, { epochs: 2 })" : "";
  throw new TypeError(
    `the schedule of ${name} gives ${shown(first)} for batch 0, but must give a number${mend}`,
  );
}

export function schedulesOf(name: string, rate: Rate): Readonly<Record<string, Schedule>> {
  return typeof rate === "number" ? {} : { [name]: rate };
}

/** Throws `TypeError` unless a step size is a number or a schedule, `RangeError` unless a fixed one is finite. */
export function checkRate(optimizer: string, rate: Rate): void {
  if (typeof rate !== "number" && typeof rate !== "function")
    throw new TypeError(
      `${optimizer}: the rate is ${shown(rate)}; give a number or a schedule, such as 0.1 or stepDecay(0.1, { factor: 0.5, every: 10 })`,
    );
  if (typeof rate === "number" && !Number.isFinite(rate))
    throw new RangeError(`${optimizer}(${rate}): the step size must be a finite number`);
}

/** A share from 0 up to but not 1. Throws `RangeError` where it is none. */
export function share(optimizer: string, name: string, value: number): number {
  if (typeof value === "number" && value >= 0 && value < 1) return value + 0;
  throw new RangeError(`${optimizer}: ${name} is ${shown(value)}, but must be from 0 up to but not 1`);
}

/** A finite number above 0. Throws `RangeError` where it is none. */
export function positive(optimizer: string, name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`${optimizer}: ${name} is ${shown(value)}, but must be a finite number above 0`);
}

/** Declares what an optimizer carries for an array of weights: `weights_0_1_velocity`, of the same shape, from zeros. */
export function carried(b: ProgramBuilder, weights: Ref, what: string): Ref {
  return b.state(`${b.nameOf(weights)}_${what}`, b.shape(weights));
}

/** Replaces a state by `factor · state + addition`; steps after it read the new numbers. */
export function decayInto(b: ProgramBuilder, state: Ref, factor: Ref, addition: Ref): void {
  b.update(state, b.ops.add(b.ops.scale(factor, state), addition));
}
