import { example, input } from "./examples.ts";
import { logits } from "./metrics.ts";
import type { Definitions, Examples, MetricOp, RowMetricOp } from "./op.ts";

/**
 * Counts the predictions on the side of their target. Parameters: `threshold`, above which a prediction stands for the upper
 * of two classes, and `middle`, above which a target does; both are 0.5 by default. NaN lies on neither side.
 */
export const rightSides: MetricOp<["prediction", "target"]> = {
  kind: "metric",
  noun: "right",
  signature: "prediction[n m] target[n m] -> []",
  parameters: { threshold: 0.5, middle: 0.5 },
  expression:
    "select(prediction > threshold, target > middle, (prediction <= threshold) * (target <= middle))",
  gradient: {},
};

/** Where the largest number of a row lies, the first of equals; NaN, which equals nothing, where there is a NaN. */
function largest(row: readonly number[]): number {
  let place = 0;
  for (let column = 0; column < row.length; column++) {
    if (Number.isNaN(row[column]!)) return Number.NaN;
    if (row[column]! > row[place]!) place = column;
  }
  return place;
}

/** A row without columns counts as right, one with a NaN as wrong. */
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
      "    known = ~np.isnan(np.max(prediction, axis=1)) & ~np.isnan(np.max(target, axis=1))",
      "    return np.sum(known & (np.argmax(prediction, axis=1) == np.argmax(target, axis=1)))",
    ].join("\n"),
    exact: [
      "def right_classes(total, prediction, target):",
      "    for p, t in zip(prediction, target):",
      "        known = not np.isnan(p).any() and not np.isnan(t).any()",
      "        right = len(p) == 0 or (known and np.argmax(p) == np.argmax(t))",
      "        total = total + (1.0 if right else 0.0)",
      "    return total",
    ].join("\n"),
    typescript: [
      "function rightClasses(total: number, prediction: number[][], target: number[][]): number {",
      "  const largest = (row: number[]) => {",
      "    if (row.some(Number.isNaN)) return NaN;",
      "    return row.reduce((place, value, m) => (value > row[place]! ? m : place), 0);",
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
    {
      inputs: [
        input([4, 2], 0.3, -0.2, 0, -0, NaN, -0.1, 0.1, NaN),
        input([4, 2], 1, -1, -1, 1, -1, 1, NaN, 1),
      ],
      parameters: { threshold: 0, middle: 0 },
    },
    {
      inputs: [input([3, 1], 1.4, 1.6, 1.5), input([3, 1], 1, 2, 1.5)],
      parameters: { threshold: 1.5, middle: 1.5 },
    },
  ],
  rightClasses: [
    ...logits,
    example(
      input([4, 3], 1, 2, 2, NaN, 9, 1, 1, NaN, NaN, 3, 3, 3),
      input([4, 3], 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0),
    ),
    example(
      input([4, 3], 1, 2, NaN, 9, 1, 1, 1, 4, 3, -Infinity, -Infinity, Infinity),
      input([4, 3], 0, 1, 0, NaN, 0, 0, 0, 1, NaN, 0, 0, 1),
    ),
  ],
});
