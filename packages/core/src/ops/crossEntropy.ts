import { called } from "./called.ts";
import { logits } from "./metrics.ts";
import type { Definitions, Examples, MetricOp, RowMetricOp } from "./op.ts";

const exp = called.get("exp")!;
const log = called.get("log")!;

/**
 * −t log s − (1 − t) log(1 − s) for s = sigmoid(z): with softplus(z) = −log(1 − s) and softplus(z) − z = −log s it is
 * softplus(z) − z t, which takes no logarithm of 0.
 */
export const binaryCrossEntropy: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "loss",
  signature: "prediction[n m] target[n m] -> []",
  expression: "max(prediction, 0) - prediction * target + log1p(exp(-abs(prediction)))",
  gradient: {
    prediction: ({ prediction, target }, emit) => emit.subtract(emit.sigmoid(prediction), target),
    target: ({ prediction }, emit) => emit.negate(prediction),
  },
};

/** The logarithm of each probability of a row, less the row's maximum, and that of their sum. */
function logarithms(row: readonly number[]): { readonly shifted: readonly number[]; readonly ofSum: number } {
  let most = -Infinity;
  for (let column = 0; column < row.length; column++) most = Math.max(most, row[column]!);
  const shifted = row.map((value) => value - most);
  let sum = 0;
  for (let column = 0; column < row.length; column++) sum += exp(shifted[column]!);
  return { shifted, ofSum: log(sum) };
}

/**
 * −Σ t log s for s = softmax(z). As ∂ log s_j/∂z_k = 1[j = k] − s_k, its derivative by z is (Σt) s − t, whatever a row of
 * targets adds up to. Where that is exactly 1 it has the bits of s − t, the derivative by probabilities.
 */
export const categoricalCrossEntropy: RowMetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "loss",
  signature: "prediction[n m] target[n m] -> []",
  row: ([prediction, target]) => {
    const { shifted, ofSum } = logarithms(prediction!);
    let term = shifted.length === 0 ? 0 : -0;
    for (let column = 0; column < shifted.length; column++)
      term += target![column]! * (ofSum - shifted[column]!);
    return term;
  },
  gradient: {
    prediction: ({ prediction, target }, emit) => {
      const total = emit.spreadColumns(emit.sumColumns(target), { m: emit.size(target, 1) });
      return emit.subtract(emit.multiply(total, emit.softmax(prediction)), target);
    },
    target: ({ prediction }, emit) => emit.negate(emit.logSoftmax(prediction)),
  },
};

export const definitions: Definitions = () => ({
  categoricalCrossEntropy: {
    numpy: [
      "def categorical_cross_entropy(prediction, target):",
      "    shifted = prediction - np.max(prediction, axis=1, keepdims=True, initial=-np.inf)",
      "    return np.sum(target * (np.log(np.sum(np.exp(shifted), axis=1, keepdims=True)) - shifted))",
    ].join("\n"),
    exact: [
      "def categorical_cross_entropy(total, prediction, target):",
      "    for z, t in zip(np.asarray(prediction, float), np.asarray(target, float)):",
      "        if len(z) == 0:",
      "            total = total + 0.0",
      "            continue",
      "        shifted = z - np.max(z)",
      "        terms = t * (_log(np.add.accumulate(_exp(shifted))[-1]) - shifted)",
      "        total = total + np.add.accumulate(terms)[-1]",
      "    return total",
    ].join("\n"),
    typescript: [
      "function categoricalCrossEntropy(total: number, prediction: number[][], target: number[][]): number {",
      "  for (const [n, row] of prediction.entries()) {",
      "    const most = Math.max(...row);",
      "    const shifted = row.map((value) => value - most);",
      "    const logarithm = _log(shifted.reduce((sum, value) => sum + _exp(value), 0));",
      "    const term = (value: number, m: number) => target[n]![m]! * (logarithm - value);",
      "    total += shifted.reduce((sum, value, m) => sum + term(value, m), shifted.length === 0 ? 0 : -0);",
      "  }",
      "  return total;",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  binaryCrossEntropy: logits,
  categoricalCrossEntropy: logits,
});
