import { call, index } from "./code.ts";
import { input } from "./examples.ts";
import type { Definitions, Example, Examples, StructuredOp } from "./op.ts";

const spread = (m: number, ...given: Parameters<typeof input>): Example => ({
  inputs: [input(...given)],
  parameters: { m },
});

export const spreadColumns: StructuredOp<["x"]> = {
  kind: "structured",
  noun: "spread",
  signature: "x[n] -> [n m]",
  reference: ([x], output) => {
    const [rows, columns] = output.shape as [number, number];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        output.data[row * columns + column] = x!.data[x!.offset + row * x!.strides[0]!]!;
  },
  gradient: { x: ({ delta }, emit) => emit.sumColumns(delta) },
  print: { numpy: (x, m) => call("spread_columns", x, m) },
  broadcast: (x) => index(x, ":, None"),
};

export const definitions: Definitions = () => ({
  spreadColumns: {
    numpy: ["def spread_columns(x, m):", "    return np.broadcast_to(x[:, None], (len(x), m))"].join("\n"),
    typescript: [
      "function spreadColumns(x: number[], m: number): number[][] {",
      "  return x.map((value) => Array.from({ length: m }, () => value));",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  spreadColumns: [
    spread(2, [3], 1, -0, NaN),
    spread(1, [2], 0.1, -2),
    spread(3, [1], 0.7),
    spread(0, [2], 1, 2),
    spread(2, [0]),
  ],
});
