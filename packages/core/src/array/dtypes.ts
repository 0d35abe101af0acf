import type { Round } from "../ops/expression.ts";
import type { Dtype } from "../shape/block.ts";

/** How a result is brought into each type: floats round, integers wrap around, whatever is not 0 is true. */
export const rounding: Readonly<Record<Dtype, Round>> = {
  float64: (value) => value,
  float32: Math.fround,
  int32: (value) => value | 0,
  uint8: (value) => value & 255,
  bool: (value) => (value === 0 ? 0 : 1),
};

/** What the integer types hold, as an error says it. */
export const range = {
  int32: "whole numbers from -2147483648 to 2147483647",
  uint8: "whole numbers from 0 to 255",
} as const;

export function isInteger(dtype: Dtype): dtype is keyof typeof range {
  return dtype === "int32" || dtype === "uint8";
}

export function isFloat(dtype: Dtype): dtype is "float64" | "float32" {
  return dtype === "float64" || dtype === "float32";
}

/** Whether an integer type holds exactly this number; the other types take every number. */
export function holds(dtype: Dtype, value: number): boolean {
  return !isInteger(dtype) || rounding[dtype](value) === value;
}

const widening: readonly Dtype[] = ["bool", "uint8", "int32", "float32", "float64"];

/** The type in which two arrays meet: the wider one, but float64 for int32 beside float32, which has only 24 bits. */
export function promote(left: Dtype, right: Dtype): Dtype {
  const wider = widening.indexOf(left) > widening.indexOf(right) ? left : right;
  return wider === "float32" && (left === "int32" || right === "int32") ? "float64" : wider;
}

/**
 * The type in which an array meets a JavaScript number, which is weak as Python's are: 2 is an int and keeps
 * any type but bool, 2.5 is a float and keeps float types. Where NumPy makes int64 of bool, this makes int32.
 */
export function promoteNumber(dtype: Dtype, value: number): Dtype {
  if (isFloat(dtype)) return dtype;
  if (!Number.isInteger(value)) return "float64";
  return dtype === "bool" ? "int32" : dtype;
}

/** The type of a quotient or a square root of operands that meet in `dtype`. */
export function fractional(dtype: Dtype): Dtype {
  return isFloat(dtype) ? dtype : "float64";
}
