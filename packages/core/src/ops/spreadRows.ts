import { count, positions } from "../shape/block.ts";
import { call } from "./code.ts";
import { input } from "./examples.ts";
import type { Definitions, Example, Examples, StructuredOp } from "./op.ts";

const spread = (n: number, ...given: Parameters<typeof input>): Example => ({
  inputs: [input(...given)],
  parameters: { n },
});

export const spreadRows: StructuredOp<["x"]> = {
  kind: "structured",
  noun: "spread",
  signature: "x[...] -> [n ...]",
  reference: ([x], output) => {
    const rows = output.shape[0]!;
    const size = count(x!.shape);
    for (let row = 0; row < rows; row++) {
      let written = row * size;
      for (const position of positions(x!)) output.data[written++] = x!.data[position]!;
    }
  },
  gradient: { x: ({ delta }, emit) => emit.sumRows(delta) },
  print: { numpy: (x, n) => call("spread_rows", x, n) },
  broadcast: (x) => x,
};

export const definitions: Definitions = () => ({
  spreadRows: {
    numpy: ["def spread_rows(x, n):", "    return np.broadcast_to(x, (n, *np.shape(x)))"].join("\n"),
    typescript: [
      "function spreadRows<T>(x: T, n: number): T[] {",
      "  return Array.from({ length: n }, () => x);",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  spreadRows: [
    spread(2, [3], 1, -0, NaN),
    spread(3, [], 0.1),
    spread(1, [2], Infinity, 5e-324),
    spread(0, [2], 1, 2),
    spread(2, [0]),
    spread(2, [2, 2], 1, 2, 3, 4),
  ],
});
