import { positions } from "../shape/block.ts";
import { atom, call, member } from "./code.ts";
import { example, input } from "./examples.ts";
import type { Definitions, Examples, StructuredOp } from "./op.ts";
import { orders } from "./sums.ts";

export const sumRows: StructuredOp<["x"]> = {
  kind: "structured",
  noun: "total",
  signature: "x[n ...] -> [...]",
  reference: ([x], output, round) => {
    const rows = x!.shape[0]!;
    const step = x!.strides[0]!;
    const firstRow = { ...x!, shape: x!.shape.slice(1), strides: x!.strides.slice(1) };
    let written = 0;
    for (const start of positions(firstRow)) {
      let sum = rows === 0 ? 0 : -0;
      for (let row = 0; row < rows; row++) sum = round(sum + x!.data[start + row * step]!);
      output.data[written++] = sum;
    }
  },
  gradient: { x: ({ delta, x }, emit) => emit.spreadRows(delta, { n: emit.size(x, 0) }) },
  print: {
    numpy: (x) => member(x, "sum", atom("axis=0")),
    exact: (x) => call("sum_rows", x),
  },
};

export const definitions: Definitions = () => ({
  sumRows: {
    exact: [
      "def sum_rows(x):",
      "    return np.add.accumulate(x, axis=0)[-1] if len(x) else np.zeros(x.shape[1:], x.dtype)",
    ].join("\n"),
    typescript: [
      "function sumRows(x: number[]): number;",
      "function sumRows(x: number[][]): number[];",
      "function sumRows(x: number[] | number[][]): number | number[] {",
      "  const add = (terms: number[]) => terms.reduce((sum, term) => round(sum + term), terms.length === 0 ? 0 : -0);",
      "  const [first] = x;",
      "  if (!Array.isArray(first)) return add(x as number[]);",
      "  return first.map((_, column) => add((x as number[][]).map((row) => row[column]!)));",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  sumRows: [...orders, example(input([4], 1e16, 1, -1e16, 1)), example(input([1], -0)), example(input([0]))],
});
