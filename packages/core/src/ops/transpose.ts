import { transposed } from "../shape/block.ts";
import { call, member } from "./code.ts";
import { example, input } from "./examples.ts";
import type { Definitions, Examples, ViewOp } from "./op.ts";

export const transpose: ViewOp<["x"]> = {
  kind: "view",
  noun: "transposed",
  signature: "x[n m] -> [m n]",
  view: transposed,
  gradient: { x: ({ delta }, emit) => emit.transpose(delta) },
  print: { numpy: (x) => member(x, "T"), typescript: (x) => call("transpose", x) },
};

export const definitions: Definitions = () => ({
  transpose: {
    typescript: [
      "function transpose(a: number[][]): number[][] {",
      "  return (a[0] ?? []).map((_, column) => a.map((row) => row[column]!));",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  transpose: [
    example(input([2, 3], 1, 2, 3, 4, 5, -0)),
    example(input([1, 3], 1, NaN, 3)),
    example(input([1, 1], 7)),
    example(input([0, 2])),
  ],
});
