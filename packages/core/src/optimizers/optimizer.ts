import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";

/** Appends the update of every array of weights, given the derivative of the loss by it. */
export type Optimizer = (b: ProgramBuilder, gradients: ReadonlyMap<Ref, Ref>) => void;
