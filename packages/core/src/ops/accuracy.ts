import { example, input } from "./examples.ts";
import { logits } from "./metrics.ts";
import type { Definitions, Examples, MetricOp, RowMetricOp } from "./op.ts";

/** Parameter: `threshold`, above which a prediction stands for 1, default 0.5; a target does above 0.5. */
export const rightSides: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "right",
  signature: "prediction[n m] target[n m] -> []",
  parameters: { threshold: 0.5 },
  expression: "select((prediction > threshold) == (target > 0.5), 1, 0)",
  gradient: {},
};

/** Where the largest number of a row lies: the first of equals, but NaN wins. */
function largest(row: readonly number[]): number {
  let place = 0;
  for (let column = 1; column < row.length; column++) {
    if (Number.isNaN(row[place]!)) return place;
    if (!(row[column]! <= row[place]!)) place = column;
  }
  return place;
}

/** A row without columns counts as right. */
export const rightClasses: RowMetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "right",
  signature: "prediction[n m] target[n m] -> []",
  row: ([prediction, target]) => (largest(prediction!) === largest(target!) ? 1 : 0),
  gradient: {},
};

export const definitions: Definitions = () => ({
  rightClasses: {
    numpy: [
      "def right_classes(prediction, target):",
      "    if prediction.shape[1] == 0:",
      "        return len(prediction)",
      "    return np.sum(np.argmax(prediction, axis=1) == np.argmax(target, axis=1))",
    ].join("\n"),
    exact: [
      "def right_classes(total, prediction, target):",
      "    for p, t in zip(prediction, target):",
      "        total = total + (1.0 if len(p) == 0 or np.argmax(p) == np.argmax(t) else 0.0)",
      "    return total",
    ].join("\n"),
    typescript: [
      "function rightClasses(total: number, prediction: number[][], target: number[][]): number {",
      "  const largest = (row: number[]) => {",
      "    const nan = row.findIndex(Number.isNaN);",
      "    return nan >= 0 ? nan : row.reduce((place, value, m) => (value > row[place]! ? m : place), 0);",
      "  };",
      "  for (const [n, row] of prediction.entries()) total += largest(row) === largest(target[n]!) ? 1 : 0;",
      "  return total;",
      "}",
    ].join("\n"),
  },
});

export const examples: Examples = () => ({
  rightSides: [
    ...logits,
    ...logits.map(({ inputs }) => ({ inputs, parameters: { threshold: 0 } })),
    example(input([4, 1], 0.5, 0.5, 0.6, 0.4), input([4, 1], 0.5, 1, 0.5, 1)),
  ],
  rightClasses: [
    ...logits,
    example(
      input([4, 3], 1, 2, 2, NaN, 9, 1, 1, NaN, NaN, 3, 3, 3),
      input([4, 3], 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0),
    ),
  ],
});
