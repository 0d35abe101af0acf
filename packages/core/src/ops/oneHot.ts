import { input } from "./examples.ts";
import type { Definitions, Example, Examples, StructuredOp } from "./op.ts";

/** A label outside 0 … k − 1 has no column of its own: its row is all zeros. */
export const oneHot: StructuredOp<["labels"]> = {
  kind: "structured",
  noun: "one_hot",
  signature: "labels[n]:int32 -> [n k]",
  reference: ([labels], output) => {
    const [rows, columns] = output.shape as [number, number];
    for (let row = 0; row < rows; row++) {
      const label = labels!.data[labels!.offset + row * labels!.strides[0]!]!;
      for (let column = 0; column < columns; column++)
        output.data[row * columns + column] = column === label ? 1 : 0;
    }
  },
  gradient: {},
};

export const definitions: Definitions = () => ({
  oneHot: {
    numpy: ["def one_hot(labels, k):", "    return (labels[:, None] == np.arange(k)) * 1.0"].join("\n"),
    typescript: [
      "function oneHot(labels: number[], k: number): number[][] {",
      "  return labels.map((label) => Array.from({ length: k }, (_, column) => (column === label ? 1 : 0)));",
      "}",
    ].join("\n"),
  },
});

const hot = (k: number, ...labels: readonly number[]): Example => ({
  inputs: [input([labels.length], ...labels)],
  parameters: { k },
});

export const examples: Examples = () => ({
  oneHot: [hot(4, 2, 0, 3, 2, 1), hot(3, 3, -1, 2147483647, -2147483648, 2), hot(1, 0), hot(2), hot(0, 1, 0)],
});
