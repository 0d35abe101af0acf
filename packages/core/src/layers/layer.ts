import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import type { Chance } from "../program/noise.ts";
import { shown } from "../shape/shown.ts";
import type { Initializer } from "./initializers.ts";

/**
 * A function of a layer's sum: appends the steps that compute it. `Names` are patterns of the arrays that a layer has
 * because of it, `<k>` being the layer's number: `"layer_<k>_sum"`.
 */
export interface Activation<Names extends string = string> {
  (b: ProgramBuilder, sum: Ref): Ref;
  /** Only a type. */
  readonly names?: Names;
}

/** Throws `TypeError` unless an activation is a function, or none. */
export function checkActivation(layer: string, activation: unknown): void {
  if (activation !== undefined && typeof activation !== "function")
    throw new TypeError(`${layer}: activation is ${shown(activation)}; give a function, such as relu`);
}

/** Where a layer stands and how its weights start. */
export interface Place {
  /** Counted from 1; the input is layer 0. */
  readonly number: number;
  /** How an array of weights starts, given how many numbers each unit reads and how many units there are. */
  readonly initialize: Initializer;
  /** Whether the program is one that trains: only then is there dropout, and only then do running statistics go on. */
  readonly training: boolean;
  /** Whether dropout is the book's. */
  readonly chance?: Chance | undefined;
  /** Whether a layer that normalises takes the statistics of the batch, as learning does, or running ones, to predict. */
  readonly batchStatistics: boolean;
}

/**
 * Appends a layer's steps to a program and returns its result, named `layer_<number>`.
 *
 * The type may say what the layer's arrays are called, so that a network knows them by name: patterns, in which `<k>` is
 * the layer's number and `<j>` that of the one before. `Weights` are what is learnt, `"weights_<j>_<k>"`; `Arrays` what is
 * computed besides `layer_<k>`; `Training` what only programs that train have, `"layer_<k>_delta"`; `States` what batches move
 * without a derivative, `"running_mean_<k>"`.
 */
export interface Layer<
  Weights extends string = string,
  Arrays extends string = string,
  Training extends string = string,
  States extends string = string,
> {
  (b: ProgramBuilder, previous: Ref, place: Place): Ref;
  /** Throws where the layer cannot learn from so many rows in batches of so many. */
  readonly checkBatches?: (rows: number, batch: number) => void;
  /** Only a type. */
  readonly names?: {
    readonly weights: Weights;
    readonly arrays: Arrays;
    readonly training: Training;
    readonly states: States;
  };
}
