import type { Precision } from "../../program/data.ts";
import type { Size } from "../../shape/size.ts";
import type { WasmMemory } from "./host.ts";
import type { Context } from "./kernels/context.ts";
import type { Kernel } from "./plan/lower.ts";

/**
 * A matrix product that is computed outside WebAssembly, in place on its memory:
 * `result = factor · left · right + keep · result`, row after row. Addresses count from the memory's start, sizes and
 * distances from row to row count numbers; "batch" stands for the rows of the run.
 */
export interface OutsideProduct {
  readonly precision: Precision;
  readonly rows: Size;
  readonly terms: Size;
  readonly columns: Size;
  readonly left: Operand;
  readonly right: Operand;
  readonly result: number;
  /** Where a number lies whose negative is the factor; without, the factor is 1. */
  readonly minus?: number;
  /** 1 where the product joins what is there, as a weight's update does; else 0. */
  readonly keep: 0 | 1;
}

interface Operand {
  readonly address: number;
  /** Whether rows and columns change places; `width` is that of the array as it lies. */
  readonly transposed: boolean;
  readonly width: Size;
}

/** Who computes products outside. */
export interface Outside {
  readonly name: string;
  /** Whether a product of so many multiplications is worth a call. */
  readonly worthwhile: (multiplications: number) => boolean;
  /** Gives the function that computes a product of a memory in a run of so many rows. */
  readonly prepare: (product: OutsideProduct, memory: WasmMemory) => (rows: number) => void;
}

/** What is to be computed outside of a kernel, and the steps that are left to do on its result. */
export function outsideProduct(
  { main, steps, shape }: Kernel,
  { arrays, address, lanes, stored }: Context,
): { readonly product: OutsideProduct; readonly rest: Kernel } {
  const [leftName, rightName] = main!.reads as [string, string];
  const [left, right] = [arrays.source(leftName), arrays.source(rightName)];
  const operand = ({ name, transposed }: typeof left): Operand => ({
    address: address(name),
    transposed,
    width: arrays.shape(name)[1]!,
  });
  const [rows, columns] = shape as [Size, Size];
  const product = {
    precision: lanes.precision,
    rows,
    columns,
    terms: arrays.shape(leftName)[1]!,
    left: operand(left),
    right: operand(right),
  };
  const [scaled, updated] = steps;
  // weights - alpha · product is one call.
  if (
    steps.length === 2 &&
    scaled!.op === "scale" &&
    scaled!.reads[1] === main!.writes &&
    updated!.op === "subtract" &&
    updated!.reads[0] === updated!.writes &&
    updated!.reads[1] === scaled!.writes &&
    !stored(main!.writes) &&
    !stored(scaled!.writes)
  ) {
    const minus = address(arrays.access(scaled!.reads[0]!, shape).name);
    return {
      product: { ...product, result: address(updated!.writes), minus, keep: 1 },
      rest: { shape, steps: [] },
    };
  }
  return { product: { ...product, result: address(main!.writes), keep: 0 }, rest: { shape, steps } };
}
