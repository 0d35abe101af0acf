import type { StoredArray } from "../files/stored.ts";
import type { Definition } from "../math/definition.ts";
import type { Precision } from "../program/data.ts";
import type { SizeShape } from "../shape/size.ts";

/**
 * A trained network that only predicts, as JSON:
 *
 *     { "format": "streetlight-predictor", "version": 1, "precision": "float64",
 *       "input": { "name": "layer_0", "shape": ["batch", 3] },  "output": "layer_2",
 *       "functions": { "exp": { "operand": "x", "steps": [["bounded", "…"], …], "result": "…" } },
 *       "constants": { "weights_0_1": { "shape": [3, 4], "numbers": "…" }, … },
 *       "steps": [
 *         { "kernel": "matmul", "reads": ["layer_0", "weights_0_1"], "writes": "layer_1_sum" },
 *         { "expression": "(x > 0) * x", "operands": ["x"], "reads": ["layer_1_sum"], "writes": "layer_1" }, … ] }
 *
 * Expressions, and the elementary functions that they call, travel with the file, so that a reader needs no table of
 * either. A step may also read
 * `batch`, the number of rows.
 */
export interface PredictorFile {
  readonly format: "streetlight-predictor";
  readonly version: 1;
  readonly precision: Precision;
  /** Rows of numbers, or of bytes. */
  readonly input: { readonly name: string; readonly shape: SizeShape; readonly dtype?: "uint8" };
  readonly output: string;
  /** The elementary functions that the steps call, each after those that it calls itself. */
  readonly functions?: Readonly<Record<string, StoredFunction>>;
  /** Weights, states and settings, all as they were when the file was written. */
  readonly constants: Readonly<Record<string, StoredArray>>;
  readonly steps: readonly (ElementwiseStep | KernelStep)[];
}

/** Named intermediate results and a last one, all in float64. */
export type StoredFunction = Pick<Definition, "operand" | "steps" | "result">;

interface Reading {
  readonly reads: readonly string[];
  readonly writes: string;
}

/** One expression, applied element by element; each operand is a scalar or of the result's shape. */
export interface ElementwiseStep extends Reading {
  readonly expression: string;
  /** What the expression calls the arrays read. */
  readonly operands: readonly string[];
  /** Numbers that the expression names. */
  readonly parameters?: Readonly<Record<string, number>>;
}

/** A loop that the reader knows by name. `sizes` binds letters that only the result's shape has. */
export interface KernelStep extends Reading {
  readonly kernel: string;
  readonly sizes?: Readonly<Record<string, number | "batch">>;
}
