import { call, member } from "./code.ts";
import { example, input } from "./examples.ts";
import type { Definitions, Examples, StructuredOp } from "./op.ts";

export const matmul: StructuredOp<["left", "right"]> = {
  kind: "structured",
  noun: "dot",
  signature: "left[n k] right[k m] -> [n m]",
  reference: ([left, right], output, round) => {
    const [n, k] = left!.shape as [number, number];
    const m = right!.shape[1]!;
    const [leftRow, leftStep] = left!.strides as [number, number];
    const [rightStep, rightColumn] = right!.strides as [number, number];
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < m; column++) {
        let l = left!.offset + row * leftRow;
        let r = right!.offset + column * rightColumn;
        let sum = k === 0 ? 0 : -0;
        for (let term = 0; term < k; term++, l += leftStep, r += rightStep)
          sum = round(sum + round(left!.data[l]! * right!.data[r]!));
        output.data[row * m + column] = sum;
      }
    }
  },
  // From C = AB: dC_nm = Σ_k dA_nk B_km + A_nk dB_km, so ∂/∂A = δ Bᵀ and ∂/∂B = Aᵀ δ.
  gradient: {
    left: ({ delta, right }, emit) => emit.matmul(delta, emit.transpose(right)),
    right: ({ delta, left }, emit) => emit.matmul(emit.transpose(left), delta),
  },
  print: {
    numpy: (left, right) => member(left, "dot", right),
    exact: (left, right) => call("dot", left, right),
    typescript: (left, right) => call("dot", left, right),
  },
};

export const definitions: Definitions = () => ({
  matmul: {
    exact: [
      "def dot(a, b):",
      "    if a.shape[1] == 0:",
      "        return np.zeros((a.shape[0], b.shape[1]), np.result_type(a, b))",
      "    s = a[:, :1] * b[:1]",
      "    for k in range(1, a.shape[1]):",
      "        s = s + a[:, k:k + 1] * b[k:k + 1]",
      "    return s",
    ].join("\n"),
    typescript: [
      "function dot(a: number[][], b: number[][]): number[][] {",
      "  const columns = b[0]?.length ?? 0;",
      "  return a.map((row) =>",
      "    Array.from({ length: columns }, (_, m) =>",
      "      row.reduce((sum, x, k) => round(sum + round(x * b[k]![m]!)), row.length === 0 ? 0 : -0),",
      "    ),",
      "  );",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  matmul: [
    example(input([2, 3], 1, -2, 0.5, 0.1, 3, -0.25), input([3, 2], 0.3, -1, 2, 0.7, -0.6, 1.1)),
    // Terms that cancel or vanish unless they are added in ascending order.
    example(input([1, 4], 1e16, 1, -1e16, 1), input([4, 1], 1, 1, 1, 1)),
    example(input([1, 3], 0.1, 0.2, 0.3), input([3, 2], 1, 3, 1, 7, 1, -11)),
    // One rounding for the product and one for the sum: a fused multiply-add keeps what this loses.
    example(input([1, 2], 1, 134217729), input([2, 1], -18014398777917440, 134217729)),
    example(input([2, 1], -0, 0), input([1, 2], 5, -0)),
    example(input([1, 2], NaN, Infinity), input([2, 2], 0, 1, 0, -1)),
    example(input([1, 1], 0.1), input([1, 1], 3)),
    example(input([2, 0]), input([0, 3])),
    example(input([0, 2]), input([2, 1], 1, 2)),
    example(input([1, 2], 4, 5), input([2, 0])),
  ],
});
