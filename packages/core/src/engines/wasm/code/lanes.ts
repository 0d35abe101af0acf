import type { Comparison } from "../../../ops/expression.ts";
import type { Precision } from "../../../program/data.ts";
import type { Code } from "./code.ts";
import { f32x4, f64x2, v128 } from "./instructions.ts";

/** Numbers of one precision, several side by side: what an expression is computed in. */
export interface Lanes {
  readonly precision: Precision;
  readonly width: number;
  /** Of one number. */
  readonly bytes: number;
  readonly constant: (value: number) => Code;
  readonly arithmetic: Readonly<Record<"+" | "-" | "*" | "/" | "min" | "max", (l: Code, r: Code) => Code>>;
  readonly functions: Readonly<Record<"negate" | "abs" | "sqrt" | "floor", (operand: Code) => Code>>;
  /** All bits of a lane are 1 where it holds, else 0. */
  readonly comparisons: Readonly<Record<Comparison | "!=", (l: Code, r: Code) => Code>>;
  /** Reads `count` numbers, a power of two, into the first lanes. */
  readonly load: (count: number, address: Code, offset?: number) => Code;
  /** Reads one number into all lanes. */
  readonly splat: (address: Code, offset?: number) => Code;
  /** Writes the first `count` lanes. */
  readonly store: (count: number, address: Code, value: Code, offset?: number) => Code;
  /** Reads one number into one lane, leaving the others. */
  readonly loadLane: (lane: number, address: Code, into: Code, offset?: number) => Code;
  readonly relaxedMadd: (left: Code, right: Code, addend: Code) => Code;
}

/** Four float32 numbers. */
export const singles: Lanes = {
  precision: "float32",
  width: 4,
  bytes: 4,
  constant: f32x4.const,
  arithmetic: {
    "+": f32x4.add,
    "-": f32x4.sub,
    "*": f32x4.mul,
    "/": f32x4.div,
    min: f32x4.min,
    max: f32x4.max,
  },
  functions: { negate: f32x4.neg, abs: f32x4.abs, sqrt: f32x4.sqrt, floor: f32x4.floor },
  comparisons: {
    ">": f32x4.gt,
    ">=": f32x4.ge,
    "<": f32x4.lt,
    "<=": f32x4.le,
    "==": f32x4.eq,
    "!=": f32x4.ne,
  },
  load: (count, address, offset) =>
    (count === 4 ? v128.load : count === 2 ? v128.load64 : v128.load32)(address, offset),
  splat: v128.load32Splat,
  store: (count, address, value, offset) => {
    if (count === 4) return v128.store(address, value, offset);
    return (count === 2 ? v128.store64 : v128.store32)(address, value, offset);
  },
  loadLane: (lane, address, into, offset) => v128.load32Lane(address, into, lane, offset),
  relaxedMadd: f32x4.relaxedMadd,
};

/** Two float64 numbers. */
export const doubles: Lanes = {
  precision: "float64",
  width: 2,
  bytes: 8,
  constant: f64x2.const,
  arithmetic: {
    "+": f64x2.add,
    "-": f64x2.sub,
    "*": f64x2.mul,
    "/": f64x2.div,
    min: f64x2.min,
    max: f64x2.max,
  },
  functions: { negate: f64x2.neg, abs: f64x2.abs, sqrt: f64x2.sqrt, floor: f64x2.floor },
  comparisons: {
    ">": f64x2.gt,
    ">=": f64x2.ge,
    "<": f64x2.lt,
    "<=": f64x2.le,
    "==": f64x2.eq,
    "!=": f64x2.ne,
  },
  load: (count, address, offset) => (count === 2 ? v128.load : v128.load64)(address, offset),
  splat: v128.load64Splat,
  store: (count, address, value, offset) =>
    count === 2 ? v128.store(address, value, offset) : v128.store64(address, value, offset),
  loadLane: (lane, address, into, offset) => v128.load64Lane(address, into, lane, offset),
  relaxedMadd: f64x2.relaxedMadd,
};

export function lanesOf(precision: Precision): Lanes {
  return precision === "float32" ? singles : doubles;
}
