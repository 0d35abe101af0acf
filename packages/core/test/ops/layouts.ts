import type { OpName } from "../../src/ops/op.ts";
import { signature } from "../../src/ops/signature.ts";
import {
  allocate,
  type Block,
  count,
  type Dtype,
  isWhole,
  rowStrides,
  type Shape,
} from "../../src/shape/block.ts";
import { blockOf, elements, fingerprint, shown } from "./bits.ts";
import { type Case, cases, dtypesOf, precisions } from "./cases.ts";
import type { Library } from "./library.ts";
import { agrees, type Oracle, shownWanted } from "./oracle.ts";

type Layout = (dtype: Dtype, shape: Shape, values: readonly number[]) => Block;

/** Puts each element where the strides say; whatever else is read there is NaN. */
function laidOut(
  dtype: Dtype,
  shape: Shape,
  strides: number[],
  offset: number,
  values: readonly number[],
): Block {
  const reach = shape.reduce((sum, size, axis) => sum + Math.abs(strides[axis]!) * size, 0);
  // Whole numbers have no NaN; this one is no label, row or byte of an example's.
  const data = allocate(dtype, offset + reach + 4).fill(isWhole(dtype) ? 77 : NaN);
  const rowMajor = rowStrides(shape);
  for (const [element, value] of values.entries()) {
    const position = shape.reduce(
      (sum, size, axis) => sum + (Math.floor(element / rowMajor[axis]!) % size) * strides[axis]!,
      offset,
    );
    data[position] = value;
  }
  return { dtype, data, shape, strides, offset };
}

const layouts: Readonly<Record<string, Layout>> = {
  "behind other numbers": (dtype, shape, values) => laidOut(dtype, shape, rowStrides(shape), 3, values),
  "column after column": (dtype, shape, values) =>
    laidOut(dtype, shape, rowStrides([...shape].reverse()).reverse(), 0, values),
  "rows with a gap after each": (dtype, shape, values) =>
    laidOut(dtype, shape, rowStrides([...shape.slice(0, -1), (shape.at(-1) ?? 0) + 2]), 1, values),
  "every third number of a longer row": (dtype, shape, values) =>
    laidOut(
      dtype,
      shape,
      rowStrides(shape).map((stride) => 3 * stride),
      2,
      values,
    ),
  "from the last number to the first": (dtype, shape, values) =>
    laidOut(
      dtype,
      shape,
      rowStrides(shape).map((stride) => -stride),
      count(shape) + 2,
      values,
    ),
};

/** Stands after the output; a kernel that writes too much replaces it. */
const guard = 42.5;

/**
 * The kernels that an op's own file gives, called on strided views of the examples: they read every layout,
 * write every element of the output, and write nothing behind it. Sessions alone would not show this, since
 * their arrays begin at 0 and lie row after row or transposed.
 */
export function* checkLayouts(library: Library, op: OpName, oracle: Oracle): Generator<string> {
  for (const each of cases) {
    if (each.op !== op) continue;
    for (const [name, layout] of Object.entries(layouts)) {
      const dtypes = dtypesOf(op, each.precision);
      const inputs = each.example.inputs.map(({ shape, values }, i) => layout(dtypes[i]!, shape, values));
      const wanted = oracle.get(each.key)!;
      const result = apply(library, each, inputs, wanted.shape);
      if (result === undefined) yield `${each.key}, ${name}: writes behind its output`;
      else if (!agrees(result, wanted))
        yield `${each.key}, ${name}: ${shown(result)}, not ${shownWanted(wanted)}`;
    }
  }
}

/** Strides by rank with which elements are read more than once: repeated, or from windows that overlap. */
const sharing = [
  [[], [0], [0, 1]],
  [[], [1], [1, 0]],
  [[], [1], [1, 1]],
] as const;

/** Views that share elements give what their copies give; no example of distinct numbers can be laid out so. */
export function* checkSharing(library: Library, op: OpName): Generator<string> {
  const { operands, result } = signature(library.ops[op].signature);
  const side = 3;
  const shapeOf = (pattern: readonly string[]): Shape =>
    pattern.includes("...") ? [side, side] : pattern.map(() => side);
  const free = result.filter(
    (letter) => letter !== "..." && !operands.some(({ pattern }) => pattern.includes(letter)),
  );
  const parameters = Object.fromEntries(free.map((letter) => [letter, side]));
  for (const precision of precisions)
    for (const strides of sharing) {
      const views = operands.map(({ pattern }, position): Block => {
        const shape = shapeOf(pattern);
        const dtype = dtypesOf(op, precision)[position]!;
        const data = allocate(dtype, 8);
        data.set(
          isWhole(dtype)
            ? [2, 0, 1, 2, 0, 1, 1, 0]
            : [0.1, 0.7, -1.3, 1 / 3, 2.9, -0.6, 5, 1.1].map((value) => value + position),
        );
        return { dtype, data, shape, strides: strides[shape.length]!, offset: 1 };
      });
      const copies = views.map((view) => blockOf(view.dtype, view.shape, elements(view)));
      const each = { op, precision, start: 0, example: { inputs: [], parameters }, key: op };
      const rest = shapeOf(operands.find(({ pattern }) => pattern.includes("..."))?.pattern ?? []);
      const taken = operands.some(({ pattern }) => pattern.includes("...") && pattern.length > 1) ? 1 : 0;
      const shape = result.flatMap((letter) => (letter === "..." ? rest.slice(taken) : [side]));
      const [found, wanted] = [views, copies].map((inputs) => apply(library, each, inputs, shape));
      if (!found || !wanted || fingerprint(found) !== fingerprint(wanted))
        yield `${op} on views with strides ${strides.join(" | ")} is ${found && shown(found)}, on copies ${wanted && shown(wanted)}`;
    }
}

/** The result, or nothing where the numbers behind it did not survive. */
function apply(library: Library, each: Case, inputs: readonly Block[], shape: Shape): Block | undefined {
  const op = library.ops[each.op];
  const round = each.precision === "float32" ? Math.fround : (value: number) => value;
  if (op.kind === "view") return op.view(inputs[0]!);
  const { compileOp, compileMetric, elementwise } = library.loops;
  const parameters = each.example.parameters ?? {};
  if (op.kind === "metric") {
    const total = compileMetric(op, parameters)(inputs, each.start);
    return { dtype: "float64", data: Float64Array.of(total), shape: [], strides: [], offset: 0 };
  }
  const size = count(shape);
  const data = allocate(each.precision, size + 5).fill(guard);
  const output: Block = { dtype: each.precision, data, shape, strides: rowStrides(shape), offset: 0 };
  if (op.kind === "elementwise") elementwise(compileOp(op, parameters, round), inputs, output);
  else op.reference(inputs, output, round);
  return data.subarray(size).every((value) => value === guard) ? output : undefined;
}
