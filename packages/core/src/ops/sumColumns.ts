import { atom, call, member } from "./code.ts";
import type { Definitions, Examples, StructuredOp } from "./op.ts";
import { orders } from "./sums.ts";

export const sumColumns: StructuredOp<["x"]> = {
  kind: "structured",
  noun: "total",
  signature: "x[n m] -> [n]",
  reference: ([x], output, round) => {
    const [rows, columns] = x!.shape as [number, number];
    const [down, across] = x!.strides as [number, number];
    for (let row = 0; row < rows; row++) {
      let sum = columns === 0 ? 0 : -0;
      for (let column = 0; column < columns; column++)
        sum = round(sum + x!.data[x!.offset + row * down + column * across]!);
      output.data[row] = sum;
    }
  },
  gradient: { x: ({ delta, x }, emit) => emit.spreadColumns(delta, { m: emit.size(x, 1) }) },
  print: {
    numpy: (x) => member(x, "sum", atom("axis=1")),
    exact: (x) => call("sum_columns", x),
  },
};

export const definitions: Definitions = () => ({
  sumColumns: {
    exact: [
      "def sum_columns(x):",
      "    return np.add.accumulate(x, axis=1)[:, -1] if x.shape[1] else np.zeros(len(x), x.dtype)",
    ].join("\n"),
    typescript: [
      "function sumColumns(x: number[][]): number[] {",
      "  return x.map((row) => row.reduce((sum, term) => round(sum + term), row.length === 0 ? 0 : -0));",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  sumColumns: orders,
});
