import { array } from "../array/create.ts";
import type { NumericArray } from "../array/numericArray.ts";
import { type Flat, flatten, type Numbers } from "../shape/numbers.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape } from "../shape/size.ts";

/** With more classes the matrix would take more than a gigabyte: then numbers are no classes, but something else. */
const mostClasses = 16384;

/**
 * How often rows of each class (down) were taken for each class (across), as int32. Rows of several numbers stand for
 * the class of their largest, the first of equals; single numbers, 0, 1, 2, …, for themselves: round or compare
 * predictions first. Throws `ShapeError` where the two differ in rows, `RangeError` where a number is no class or there are
 * more than 16384 classes.
 */
export function confusionMatrix(predictions: Numbers, targets: Numbers): NumericArray {
  const [found, wanted] = together(predictions, targets);
  const [taken, true_] = [classesOf("predictions", found), classesOf("targets", wanted)];
  const widths = [found, wanted].map(({ shape }) => (shape.length === 2 && shape[1]! > 1 ? shape[1]! : 0));
  const classes = [...taken, ...true_].reduce((most, each) => Math.max(most, each + 1), Math.max(...widths));
  if (classes > mostClasses)
    throw new RangeError(
      `confusionMatrix: there are ${classes} classes, but at most ${mostClasses} are counted`,
    );
  const counts = new Int32Array(classes * classes);
  for (const [row, each] of true_.entries()) counts[each * classes + taken[row]!]!++;
  return array(counts).reshape(classes, classes);
}

/**
 * What share of the targets' spread the predictions explain: 1 − Σ (target − prediction)² / Σ (target − mean)², over
 * all outputs together with a mean for each. 1 is perfect, 0 as good as the mean; NaN where the targets do not spread.
 * Throws `ShapeError` where the shapes differ.
 */
export function rSquared(predictions: Numbers, targets: Numbers): number {
  const [found, wanted] = together(predictions, targets);
  const columns = found.shape[1] ?? 1;
  if (columns !== (wanted.shape[1] ?? 1))
    throw new ShapeError(
      `rSquared: predictions are ${formatShape(found.shape)} but targets are ${formatShape(wanted.shape)}`,
    );
  let errors = 0;
  let spread = 0;
  for (let column = 0; column < columns; column++) {
    const places = Array.from({ length: found.shape[0]! }, (_, row) => row * columns + column);
    const mean = places.reduce((sum, place) => sum + wanted.values[place]!, 0) / places.length;
    for (const place of places) {
      errors += squareOf(wanted.values[place]! - found.values[place]!);
      spread += squareOf(wanted.values[place]! - mean);
    }
  }
  return spread === 0 ? Number.NaN : 1 - errors / spread;
}

function squareOf(value: number): number {
  return value * value;
}

/** Both, laid out flat, with one number of rows. */
function together(predictions: Numbers, targets: Numbers): readonly [Flat, Flat] {
  const both = [flatten("predictions", predictions), flatten("targets", targets)] as const;
  const [found, wanted] = both;
  for (const { shape } of both)
    if (shape.length < 1 || shape.length > 2)
      throw new ShapeError(`rows of numbers are needed, but the shape is ${formatShape(shape)}`);
  if (found.shape[0] !== wanted.shape[0])
    throw new ShapeError(`there are ${found.shape[0]} predictions but ${wanted.shape[0]} targets`);
  return both;
}

function classesOf(name: string, { shape, values }: Flat): number[] {
  const columns = shape[1] ?? 1;
  return Array.from({ length: shape[0]! }, (_, row) => {
    const numbers = Array.from({ length: columns }, (_, column) => values[row * columns + column]!);
    if (columns > 1) return numbers.reduce((most, value, at) => (value > numbers[most]! ? at : most), 0);
    const [label = 0] = numbers;
    if (Number.isInteger(label) && label >= 0 && label < mostClasses) return label;
    throw new RangeError(
      `${name}: row ${row} is ${label}, but a class is a whole number from 0 to ${mostClasses - 1}`,
    );
  });
}
