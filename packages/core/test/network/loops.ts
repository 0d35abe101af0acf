/** The book's training, written independently of the library: plain loops over lists of numbers. */

export type Matrix = number[][];

interface Training {
  readonly inputs: Matrix;
  readonly targets: Matrix;
  /** The rows of each batch, in order. */
  readonly batches: readonly (readonly number[])[];
  readonly alpha: number;
  readonly mean?: boolean;
  /** What is done to every result: nothing, or `Math.fround`. */
  readonly round?: (value: number) => number;
}

export interface Weights {
  readonly weights_0_1: Matrix;
  readonly bias_1?: number[];
  readonly weights_1_2: Matrix;
  readonly bias_2?: number[];
}

/** Trains a network of one hidden relu layer and returns its weights and the sum of its squared errors. */
export function trainByHand(start: Weights, training: Training): { weights: Weights; error: number } {
  const { inputs, targets, batches, alpha, mean = false, round = (value) => value } = training;
  const w1 = start.weights_0_1.map((row) => row.map(round));
  const w2 = start.weights_1_2.map((row) => row.map(round));
  const b1 = start.bias_1?.map(round);
  const b2 = start.bias_2?.map(round);
  const rate = round(alpha);
  const hidden = w2.length;
  const outputs = w2[0]!.length;
  let error = 0;

  for (const batch of batches) {
    const x = batch.map((row) => inputs[row]!.map(round));
    const goal = batch.map((row) => targets[row]!.map(round));
    const h: Matrix = [];
    const y: Matrix = [];
    for (let n = 0; n < x.length; n++) {
      h.push([]);
      for (let j = 0; j < hidden; j++) {
        let sum = round(x[n]![0]! * w1[0]![j]!);
        for (let i = 1; i < w1.length; i++) sum = round(sum + round(x[n]![i]! * w1[i]![j]!));
        if (b1) sum = round(sum + b1[j]!);
        h[n]!.push((sum > 0 ? 1 : 0) * sum);
      }
      y.push([]);
      for (let k = 0; k < outputs; k++) {
        let sum = round(h[n]![0]! * w2[0]![k]!);
        for (let j = 1; j < hidden; j++) sum = round(sum + round(h[n]![j]! * w2[j]![k]!));
        if (b2) sum = round(sum + b2[k]!);
        y[n]!.push(sum);
      }
      // The error is float64, row by row.
      let ofRow = (y[n]![0]! - goal[n]![0]!) * (y[n]![0]! - goal[n]![0]!);
      for (let k = 1; k < outputs; k++) ofRow += (y[n]![k]! - goal[n]![k]!) * (y[n]![k]! - goal[n]![k]!);
      error += ofRow;
    }

    const yDelta = y.map((row, n) =>
      row.map((value, k) => {
        const difference = round(value - goal[n]![k]!);
        return mean ? round(difference / x.length) : difference;
      }),
    );
    const hDelta = h.map((row, n) =>
      row.map((value, j) => {
        let sum = round(yDelta[n]![0]! * w2[j]![0]!);
        for (let k = 1; k < outputs; k++) sum = round(sum + round(yDelta[n]![k]! * w2[j]![k]!));
        return sum * (value > 0 ? 1 : 0);
      }),
    );
    descend(w2, h, yDelta, rate, round);
    descend(w1, x, hDelta, rate, round);
    if (b2) descendBias(b2, yDelta, rate, round);
    if (b1) descendBias(b1, hDelta, rate, round);
  }
  return {
    weights: {
      weights_0_1: w1,
      ...(b1 ? { bias_1: b1 } : {}),
      weights_1_2: w2,
      ...(b2 ? { bias_2: b2 } : {}),
    },
    error,
  };
}

function descend(
  weights: Matrix,
  layer: Matrix,
  delta: Matrix,
  rate: number,
  round: (value: number) => number,
): void {
  for (let i = 0; i < weights.length; i++)
    for (let j = 0; j < weights[i]!.length; j++) {
      let sum = round(layer[0]![i]! * delta[0]![j]!);
      for (let n = 1; n < layer.length; n++) sum = round(sum + round(layer[n]![i]! * delta[n]![j]!));
      weights[i]![j] = round(weights[i]![j]! - round(rate * sum));
    }
}

function descendBias(bias: number[], delta: Matrix, rate: number, round: (value: number) => number): void {
  for (let j = 0; j < bias.length; j++) {
    let sum = delta[0]![j]!;
    for (let n = 1; n < delta.length; n++) sum = round(sum + delta[n]![j]!);
    bias[j] = round(bias[j]! - round(rate * sum));
  }
}
