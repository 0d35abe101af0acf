import { writeFileSync } from "node:fs";
import { type Block, RandomState, writeSafetensors } from "@streetlight/core";
import { weightNames } from "../contenders/arrays.ts";
import { scratchFile } from "../harness/scratch.ts";

/** Data in a file that every contender reads, and the numbers that the work begins with, in the order of its result. */
export interface Prepared {
  readonly data: string;
  readonly initial: Float64Array;
}

/** Writes arrays to a file by which they can be named. */
export function stored(name: string, arrays: ReadonlyMap<string, Block>): string {
  const path = scratchFile(`${name}.safetensors`);
  writeFileSync(path, writeSafetensors(arrays));
  return path;
}

/**
 * Rows like images (numbers from 0 to 1) with labels that say nothing, so that the loss stays away from 0, where numbers would
 * become too small to be computed at full speed. Weights begin as Glorot and Bengio have them, biases as 0.
 */
export function mlpData(name: string, sizes: readonly number[], rows: number): Prepared {
  const random = new RandomState(1);
  const [inputs, classes] = [sizes[0]!, sizes.at(-1)!];
  const arrays = new Map<string, Block>();
  const uniform = (shape: number[], limit: number, low = -limit) =>
    float32(shape, (random.random(shape) as Block).data, (x) => low + x * (limit - low));
  arrays.set("inputs", uniform([rows, inputs], 1, 0));
  const labels = Int32Array.from((random.random([rows]) as Block).data, (x) => Math.floor(x * classes));
  arrays.set("labels", blockOf("int32", [rows], labels));
  const names = weightNames(sizes.length - 1);
  for (const [k, units] of sizes.slice(1).entries()) {
    const into = sizes[k]!;
    arrays.set(names[2 * k]!, uniform([into, units], Math.sqrt(6 / (into + units))));
    arrays.set(names[2 * k + 1]!, blockOf("float32", [units], new Float32Array(units)));
  }
  return {
    data: stored(name, arrays),
    initial: joined(names.map((each) => arrays.get(each)!.data)),
  };
}

/** Two square matrices of numbers from −1 to 1. */
export function productData(name: string, size: number): Prepared {
  const random = new RandomState(1);
  const matrix = () => float32([size, size], (random.random([size, size]) as Block).data, (x) => 2 * x - 1);
  const arrays = new Map([
    ["left", matrix()],
    ["right", matrix()],
  ]);
  return { data: stored(name, arrays), initial: new Float64Array(size * size) };
}

/** What a copy consists of. */
export function copyData(name: string, bytes: number): Prepared {
  const pattern = blockOf("float32", [1], Float32Array.of(bytes));
  return { data: stored(name, new Map([["pattern", pattern]])), initial: new Float64Array(1) };
}

/** The chapter's four streetlights; weights from `RandomState(1)`, as the notebook draws them. */
export function lightsData(): Prepared {
  const random = new RandomState(1);
  const drawn = (shape: number[]) =>
    blockOf(
      "float64",
      shape,
      Float64Array.from((random.random(shape) as Block).data, (x) => 2 * x - 1),
    );
  const weights = [drawn([3, 4]), drawn([4, 1])] as const;
  const arrays = new Map([
    ["inputs", blockOf("float64", [4, 3], Float64Array.of(1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1))],
    ["targets", blockOf("float64", [4, 1], Float64Array.of(1, 1, 0, 0))],
    ["weights_0_1", weights[0]],
    ["weights_1_2", weights[1]],
  ]);
  return { data: stored("lights", arrays), initial: joined(weights.map(({ data }) => data)) };
}

function float32(shape: number[], drawn: ArrayLike<number>, of: (x: number) => number): Block {
  return blockOf("float32", shape, Float32Array.from(drawn, of));
}

function blockOf(dtype: Block["dtype"], shape: number[], data: Block["data"]): Block {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  return { dtype, shape, data, strides, offset: 0 };
}

function joined(arrays: readonly ArrayLike<number>[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
