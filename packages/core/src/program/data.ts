import type { OpName, Parameters } from "../ops/op.ts";
import type { Dtype } from "../shape/block.ts";
import type { SizeShape } from "../shape/size.ts";

/** The order in which a batch passes through a program. */
export const phases = ["predict", "compare", "backpropagate", "update"] as const;
/** A part of a batch's way through a program. */
export type Phase = (typeof phases)[number];

/** What an array is for. Only weights and states are rewritten, in update; only metrics go on from batch to batch. */
export const roles = [
  "input",
  "target",
  "weights",
  "activation",
  "delta",
  "gradient",
  "state",
  "setting",
  "metric",
  "noise",
] as const;
/** What an array is for. */
export type Role = (typeof roles)[number];

/**
 * The precision of every array of a program but its metrics, which are float64 always, and inputs and targets that are
 * declared as whole numbers, int32 or uint8.
 */
export type Precision = "float64" | "float32";

/**
 * How an array's numbers start. `uniform: [a, b]` draws `(b − a) · random + a` and `normal: [mean, deviation]` draws
 * `deviation · randn + mean`, both from the one `RandomState(seed)`, in the order of declaration. `mask: rate` is
 * noise, drawn anew for every batch (`random/mask.ts`): 0 with probability `rate`, else `1 / (1 − rate)`; `bits: rate` is
 * the same noise with 1 for what is kept.
 */
export type Initial =
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly normal: readonly [mean: number, deviation: number] }
  | { readonly value: number }
  | { readonly values: readonly number[] }
  | { readonly mask: number }
  | { readonly bits: number };

/** An array of a program: what it is called, what it is for, its shape, and how it starts. */
export interface ArrayDeclaration {
  readonly name: string;
  readonly role: Role;
  readonly shape: SizeShape;
  readonly dtype: Dtype;
  /** Weights, states, settings and noise have one. */
  readonly initial?: Initial;
  /** May be folded into the line that reads it, if only one step does. */
  readonly inline?: true;
  /** Its name was made up, not given: other programs of a session may have made up the same for something else. */
  readonly invented?: true;
  /** What a report calls a metric. */
  readonly label?: string;
}

/** One op, the arrays that it reads, and the one that it writes. */
export interface Step {
  readonly phase: Phase;
  readonly op: OpName;
  readonly reads: readonly string[];
  readonly writes: string;
  readonly parameters?: Parameters;
  /** Going backwards: the array whose step this one answers. */
  readonly answers?: string;
}

/** A network as data: plain JSON. */
export interface ProgramData {
  readonly format: "streetlight-program";
  readonly version: 1;
  readonly name: string;
  readonly precision: Precision;
  readonly arrays: readonly ArrayDeclaration[];
  readonly steps: readonly Step[];
}

/** The number of rows of a run, as an array that steps may read: the engine writes it. */
export const rowCount = "batch";
