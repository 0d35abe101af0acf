import { compile, type Evaluate, parse } from "../ops/expression.ts";
import { compileOp, elementwise } from "../ops/loops.ts";
import type { ElementwiseOp } from "../ops/op.ts";
import { add, divide, multiply, negate, square, subtract } from "../ops/registry.ts";
import { type Block, block, type Dtype } from "../shape/block.ts";
import { held } from "../shape/checkedBlock.ts";
import { type Numbers, viewOf } from "../shape/numbers.ts";
import { broadcastShape, broadcastTo } from "./broadcast.ts";
import { misfit } from "./convert.ts";
import { fractional, holds, promote, promoteNumber, rounding } from "./dtypes.ts";

const binary = { add, subtract, multiply, divide } as const satisfies Record<string, ElementwiseOp>;

/** What no program needs and so no op has, in the language of the ops. */
const comparisons = {
  greater: "left > right",
  greaterEqual: "left >= right",
  less: "left < right",
  lessEqual: "left <= right",
  equal: "left == right",
  notEqual: "1 - (left == right)",
} as const;

/**
 * `left + right` and so on, element by element, in the type that NumPy 2 gives. Throws a ShapeError where the
 * shapes do not broadcast, a RangeError for a whole number beyond the integer type that it meets, a TypeError
 * for the difference of booleans.
 */
export function arithmetic(name: keyof typeof binary, left: Block, right: Numbers): Block {
  const meeting = meet(left, right);
  const dtype = name === "divide" ? fractional(meeting.dtype) : meeting.dtype;
  if (typeof right === "number" && !holds(dtype, right))
    throw misfit(dtype, right, `${name}(left, right): right`);
  if (name === "subtract" && dtype === "bool") throw noBooleans(name, "compare them by notEqual");
  return evaluated(name, kernel(binary[name], dtype), left, meeting.right, dtype);
}

/** `left > right` and so on, as bool. A number beyond the type of an array is compared as it is. */
export function comparison(name: keyof typeof comparisons, left: Block, right: Numbers): Block {
  const evaluate = compile(parse(comparisons[name]), ["left", "right"], rounding.float64);
  return evaluated(name, evaluate, left, meet(left, right).right, "bool");
}

/** The second operand as a block, and the type in which the two meet. */
function meet(left: Block, right: Numbers): { readonly right: Block; readonly dtype: Dtype } {
  const view = viewOf(right);
  if (typeof right !== "number") return { right: view, dtype: promote(left.dtype, view.dtype) };
  // Beside float32 a number is first rounded to it: float32 0.1 equals 0.1.
  if (left.dtype === "float32") view.data[0] = Math.fround(right);
  return { right: view, dtype: promoteNumber(left.dtype, right) };
}

function evaluated(name: string, evaluate: Evaluate, left: Block, right: Block, dtype: Dtype): Block {
  const output = block(dtype, broadcastShape(name, left.shape, right.shape));
  elementwise(evaluate, [broadcastTo(held(left), output.shape), broadcastTo(right, output.shape)], output);
  return output;
}

/** An op in the arithmetic of a type. */
function kernel(op: ElementwiseOp, dtype: Dtype): Evaluate {
  // The op's own product, wrapped around afterwards, is wrong beyond 2^53, where float64 has lost its last bits.
  if (dtype === "int32" && op === multiply) return ([left, right]) => Math.imul(left!, right!);
  if (dtype === "int32" && op === square) return ([x]) => Math.imul(x!, x!);
  return compileOp(op, {}, rounding[dtype]);
}

const unary = {
  negate: (dtype: Dtype) => kernel(negate, dtype),
  square: (dtype: Dtype) => kernel(square, dtype),
  abs: (dtype: Dtype) => compile(parse("abs(x)"), ["x"], rounding[dtype]),
  sqrt: (dtype: Dtype) => compile(parse("sqrt(x)"), ["x"], rounding[dtype]),
} as const;

/** `-x` and so on, element by element. Throws a TypeError where booleans have no such value. */
export function mapped(name: keyof typeof unary, x: Block): Block {
  if (x.dtype === "bool" && (name === "negate" || name === "square"))
    throw noBooleans(name, 'convert them by astype("int32")');
  const output = block(name === "sqrt" ? fractional(x.dtype) : x.dtype, [...x.shape]);
  elementwise(unary[name](output.dtype), [held(x)], output);
  return output;
}

function noBooleans(name: string, instead: string): TypeError {
  return new TypeError(`${name} is not defined for booleans; ${instead}`);
}
