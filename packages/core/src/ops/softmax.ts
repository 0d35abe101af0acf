import { called } from "./called.ts";
import { rowsOfSums } from "./examples.ts";
import type { Definitions, Examples, StructuredOp } from "./op.ts";

const exp = called.get("exp")!;
const log = called.get("log")!;

/**
 * e^x of a row, divided by their sum. The row's maximum is taken off first, which changes nothing but that the powers
 * lie from 0 to 1. A row with a NaN or with ∞ becomes NaN.
 */
export const softmax: StructuredOp<["x"]> = {
  kind: "structured",
  noun: "softmax",
  signature: "x[n m] -> [n m]",
  calls: ["exp"],
  reference: ([x], output, round) => {
    const [rows, columns] = x!.shape as [number, number];
    const [down, across] = x!.strides as [number, number];
    for (let row = 0; row < rows; row++) {
      const start = x!.offset + row * down;
      let most = -Infinity;
      for (let column = 0; column < columns; column++)
        most = Math.max(most, x!.data[start + column * across]!);
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        const power = round(exp(round(x!.data[start + column * across]! - most)));
        output.data[row * columns + column] = power;
        sum = round(sum + power);
      }
      for (let column = 0; column < columns; column++)
        output.data[row * columns + column] = output.data[row * columns + column]! / sum;
    }
  },
  // ∂s_j/∂x_k = s_j (1[j = k] - s_k), so Σ_j δ_j ∂s_j/∂x_k = s_k (δ_k - Σ_j δ_j s_j).
  gradient: {
    x: ({ delta, output }, emit) => {
      const share = emit.sumColumns(emit.multiply(delta, output));
      return emit.multiply(
        output,
        emit.subtract(delta, emit.spreadColumns(share, { m: emit.size(output, 1) })),
      );
    },
  },
};

/** The logarithm of the softmax, which keeps the digits that the softmax loses where a probability is nearly 0 or 1. */
export const logSoftmax: StructuredOp<["x"]> = {
  kind: "structured",
  noun: "logarithms",
  signature: "x[n m] -> [n m]",
  calls: ["exp", "log"],
  reference: ([x], output, round) => {
    const [rows, columns] = x!.shape as [number, number];
    const [down, across] = x!.strides as [number, number];
    for (let row = 0; row < rows; row++) {
      const start = x!.offset + row * down;
      let most = -Infinity;
      for (let column = 0; column < columns; column++)
        most = Math.max(most, x!.data[start + column * across]!);
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        const shifted = round(x!.data[start + column * across]! - most);
        output.data[row * columns + column] = shifted;
        sum = round(sum + round(exp(shifted)));
      }
      const logarithm = round(log(sum));
      for (let column = 0; column < columns; column++)
        output.data[row * columns + column] = output.data[row * columns + column]! - logarithm;
    }
  },
  // ∂ log s_j/∂x_k = 1[j = k] - s_k.
  gradient: {
    x: ({ delta, output }, emit) => {
      const total = emit.spreadColumns(emit.sumColumns(delta), { m: emit.size(output, 1) });
      return emit.subtract(delta, emit.multiply(emit.exp(output), total));
    },
  },
};

export const definitions: Definitions = () => ({
  softmax: {
    numpy: [
      "def softmax(x):",
      "    e = np.exp(x - np.max(x, axis=1, keepdims=True, initial=-np.inf))",
      "    return e / np.sum(e, axis=1, keepdims=True)",
    ].join("\n"),
    exact: [
      "def softmax(x):",
      "    if x.shape[1] == 0:",
      "        return x",
      "    e = _exp(x - np.max(x, axis=1, keepdims=True)).astype(x.dtype)",
      "    return e / np.add.accumulate(e, axis=1)[:, -1:]",
    ].join("\n"),
    typescript: [
      "function softmax(x: number[][]): number[][] {",
      "  return x.map((row) => {",
      "    const most = Math.max(...row);",
      "    const e = row.map((value) => round(_exp(round(value - most))));",
      "    const sum = e.reduce((sum, power) => round(sum + power), 0);",
      "    return e.map((power) => round(power / sum));",
      "  });",
      "}",
    ].join("\n"),
  },
  logSoftmax: {
    numpy: [
      "def log_softmax(x):",
      "    shifted = x - np.max(x, axis=1, keepdims=True, initial=-np.inf)",
      "    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))",
    ].join("\n"),
    exact: [
      "def log_softmax(x):",
      "    if x.shape[1] == 0:",
      "        return x",
      "    shifted = x - np.max(x, axis=1, keepdims=True)",
      "    sums = np.add.accumulate(_exp(shifted).astype(x.dtype), axis=1)[:, -1:]",
      "    return shifted - _log(sums).astype(x.dtype)",
    ].join("\n"),
    typescript: [
      "function logSoftmax(x: number[][]): number[][] {",
      "  return x.map((row) => {",
      "    const most = Math.max(...row);",
      "    const shifted = row.map((value) => round(value - most));",
      "    const sum = shifted.reduce((sum, value) => round(sum + round(_exp(value))), 0);",
      "    const logarithm = round(_log(sum));",
      "    return shifted.map((value) => round(value - logarithm));",
      "  });",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  softmax: rowsOfSums,
  logSoftmax: rowsOfSums,
});
