import { matmul } from "../ops/matmul.ts";
import { resultShape } from "../ops/signature.ts";
import { type Block, block, type Shape } from "../shape/block.ts";
import { held } from "../shape/checkedBlock.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { cast } from "./convert.ts";
import { promote, rounding } from "./dtypes.ts";

/** By the number of axes of left and right. */
const signatures: Readonly<Record<string, string>> = {
  "1 1": "left[k] right[k] -> []",
  "1 2": "left[k] right[k m] -> [m]",
  "2 1": "left[n k] right[k] -> [n]",
  "2 2": matmul.signature,
};

/**
 * NumPy's `dot` of arrays with one or two axes: every sum in ascending order from its first term, one rounding
 * per operation. Throws a ShapeError where k differs or the axes are not one or two.
 */
export function dot(left: Block, right: Block): Block {
  const signature = signatures[`${left.shape.length} ${right.shape.length}`];
  if (signature === undefined) throw wrongRank(left.shape, right.shape);
  const operands = [
    { name: "left", shape: left.shape },
    { name: "right", shape: right.shape },
  ];
  const shape = resultShape("dot", signature, operands) as Shape; // no "batch" goes in, none comes out
  const output = block(promote(left.dtype, right.dtype), shape);
  const multiply = output.dtype === "int32" ? wholeProduct : product;
  multiply(asRow(held(left)), asColumn(right), output);
  return output;
}

function product(left: Block, right: Block, output: Block): void {
  matmul.reference([left, right], output, rounding[output.dtype]);
}

/**
 * The product modulo 2^32, though float64 loses the last bits of products beyond 2^53. From left = 2^16 high + low
 * it is 2^16 (high · right) + low · right, and in these two nothing reaches 2^48.
 */
function wholeProduct(left: Block, right: Block, output: Block): void {
  const whole = cast(left, "int32", "left");
  const high = block("int32", output.shape);
  product({ ...whole, data: whole.data.map((value) => value >> 16) }, right, high);
  product({ ...whole, data: whole.data.map((value) => value & 0xffff) }, right, output);
  for (let i = 0; i < output.data.length; i++) output.data[i]! += high.data[i]! << 16;
}

function asRow(view: Block): Block {
  if (view.shape.length === 2) return view;
  return { ...view, shape: [1, ...view.shape], strides: [0, ...view.strides] };
}

function asColumn(view: Block): Block {
  if (view.shape.length === 2) return view;
  return { ...view, shape: [...view.shape, 1], strides: [...view.strides, 0] };
}

function wrongRank(left: Shape, right: Shape): ShapeError {
  return new ShapeError("dot(left, right) takes arrays of one or two axes", [
    { operand: "left", name: "", shape: left, pattern: "[k] or [n k]" },
    { operand: "right", name: "", shape: right, pattern: "[k] or [k m]" },
  ]);
}
