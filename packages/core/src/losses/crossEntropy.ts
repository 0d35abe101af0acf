import { accuracy } from "./accuracy.ts";
import { type Loss, lossValue } from "./loss.ts";

/**
 * For targets of 0 and 1 (or between), Σ −t log s − (1 − t) log(1 − s) over outputs and rows, where s = sigmoid(z). The
 * last layer gives z, without an activation: so nothing overflows, and the delta is sigmoid(z) − t. A sum;
 * `meanOf(binaryCrossEntropy)` averages the rows. After Goodfellow, Bengio and Courville 2016, 6.2.2.2.
 */
export const binaryCrossEntropy: Loss<typeof lossValue | typeof accuracy> = {
  name: "binaryCrossEntropy",
  append: (b, prediction, target) => b.ops.binaryCrossEntropy(prediction, target),
  reduce: "sum",
  metrics: [lossValue, accuracy],
};

/**
 * For targets whose rows add up to 1, such as one 1 among 0s, Σ −t log softmax(z) over rows. The last layer gives z,
 * without an activation; the delta is Σt · softmax(z) − t, so a row of zeros teaches nothing and a doubled one counts
 * twice. A sum; `meanOf(categoricalCrossEntropy)` averages the rows. After Goodfellow, Bengio and Courville 2016, 6.2.2.3.
 */
export const categoricalCrossEntropy: Loss<typeof lossValue | typeof accuracy> = {
  name: "categoricalCrossEntropy",
  append: (b, prediction, target) => b.ops.categoricalCrossEntropy(prediction, target),
  reduce: "sum",
  metrics: [lossValue, accuracy],
};
