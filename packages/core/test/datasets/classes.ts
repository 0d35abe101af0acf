import { arange, array, wrap } from "../../src/array/create.ts";
import type { NumericArray } from "../../src/array/numericArray.ts";
import type { Reading } from "../../src/array/reading.ts";
import type { Numbers } from "../../src/shape/numbers.ts";

/** A row for each label, with a 1 in the column of its class. */
export function oneHot(labels: Numbers, classes: number): NumericArray {
  return array(labels).reshape(-1, 1).equal(arange(classes)).astype("float64");
}

/** How many rows have their largest number elsewhere than in the column of their class. */
export function countWrong(predictions: Reading, labels: Numbers): number {
  return wrap(predictions).argmax(1).notEqual(labels).sum();
}

/** Each column with a mean of 0 and a deviation of 1 over the rows of `reference`. */
export function standardised(inputs: NumericArray, reference = inputs): NumericArray {
  const mean = reference.mean(0);
  const deviation = reference.subtract(mean).square().mean(0).sqrt();
  return inputs.subtract(mean).divide(deviation);
}
