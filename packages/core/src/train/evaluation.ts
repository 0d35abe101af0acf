import { array } from "../array/create.ts";
import type { NumericArray } from "../array/numericArray.ts";
import { type Flat, flatten, type Numbers } from "../shape/numbers.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape } from "../shape/size.ts";

/** With more classes the matrix would take more than a gigabyte: then numbers are no classes, but something else. */
const mostClasses = 16384;

/** How rows are told to belong to classes. */
export interface ConfusionOptions {
  /** How many classes there are; default as many as a row has scores or, of class numbers, as the largest needs. */
  readonly classes?: number;
  /**
   * Of one score a row: above which it stands for class 1, else for class 0. 0.5 for probabilities, 0 for the sums that
   * `binaryCrossEntropy` takes. Targets are then 0 and 1, or −1 and 1. Default none: single numbers are class numbers.
   */
  readonly threshold?: number;
}

/**
 * How often rows of each class (down) were taken for each class (across), as int32. Rows of several numbers stand for
 * the class of their largest, the first of equals; single numbers, 0, 1, 2, …, for themselves, unless there is a threshold.
 * Throws `ShapeError` where the two differ in rows or in classes, `RangeError` where a number is no class, a score is
 * NaN, there are more than 16384 classes, or an option does not go with the rest.
 */
export function confusionMatrix(
  predictions: Numbers,
  targets: Numbers,
  options: ConfusionOptions = {},
): NumericArray {
  const [found, wanted] = together(predictions, targets);
  const classes = classCount(found, wanted, options);
  const { threshold } = options;
  const taken =
    threshold === undefined ? classesOf("predictions", found, classes) : sidesOf(found, threshold);
  const true_ =
    threshold === undefined || widthOf(wanted) > 1
      ? classesOf("targets", wanted, classes)
      : classesOf("targets", fromSigns(wanted), 2);
  const size = classes ?? [...taken, ...true_].reduce((most, each) => Math.max(most, each + 1), 0);
  const counts = new Int32Array(size * size);
  for (const [row, each] of true_.entries()) counts[each * size + taken[row]!]!++;
  return array(counts).reshape(size, size);
}

/** How many classes there are, where something says so. */
function classCount(found: Flat, wanted: Flat, { classes, threshold }: ConfusionOptions): number | undefined {
  const refuse = (problem: string) => new RangeError(`confusionMatrix: ${problem}`);
  if (classes !== undefined && (!Number.isInteger(classes) || classes < 1))
    throw refuse(`classes is ${classes}, but must be a whole number of at least 1`);
  if (threshold !== undefined) {
    if (!Number.isFinite(threshold)) throw refuse(`threshold is ${threshold}, but must be a finite number`);
    if (widthOf(found) !== 1)
      throw refuse(`a threshold is for one score a row, but predictions are ${formatShape(found.shape)}`);
  }
  const [across, down] = [widthOf(found), widthOf(wanted)].map((width) => (width > 1 ? width : undefined));
  const said = [classes, threshold === undefined ? undefined : 2, across, down].filter(
    (each) => each !== undefined,
  );
  if (new Set(said).size > 1)
    throw new ShapeError(
      `confusionMatrix: predictions are ${formatShape(found.shape)} and targets ${formatShape(wanted.shape)}` +
        `${classes === undefined ? "" : `, for ${classes} classes`}${threshold === undefined ? "" : ", with a threshold for two"}`,
    );
  const [count] = said;
  if (count !== undefined && count > mostClasses)
    throw refuse(`there are ${count} classes, but at most ${mostClasses} are counted`);
  return count;
}

function widthOf({ shape }: Flat): number {
  return shape[1] ?? 1;
}

/** Class 1 above a threshold, else class 0. */
function sidesOf({ values }: Flat, threshold: number): number[] {
  return Array.from(values, (score, row) => {
    if (Number.isNaN(score)) throw new RangeError(`predictions: row ${row} is NaN, which is of no class`);
    return score > threshold ? 1 : 0;
  });
}

/** Targets of −1 and 1 as 0 and 1; others as they are. */
function fromSigns(wanted: Flat): Flat {
  const values = Array.from(wanted.values);
  const isSigns = values.includes(-1) && values.every((value) => Math.abs(value) === 1);
  return isSigns ? { ...wanted, values: Float64Array.from(values, (value) => (value > 0 ? 1 : 0)) } : wanted;
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
    const first = wanted.values[column]!;
    const isConstant = places.every((place) => wanted.values[place] === first);
    const mean = places.reduce((sum, place) => sum + wanted.values[place]!, 0) / places.length;
    for (const place of places) {
      errors += squareOf(wanted.values[place]! - found.values[place]!);
      // The mean of equal numbers need not be that number: of three 0.1 it is not.
      spread += isConstant ? 0 : squareOf(wanted.values[place]! - mean);
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

/** The class of each row. */
function classesOf(name: string, rows: Flat, classes = mostClasses): number[] {
  const columns = widthOf(rows);
  return Array.from({ length: rows.shape[0]! }, (_, row) => {
    const numbers = Array.from({ length: columns }, (_, column) => rows.values[row * columns + column]!);
    const nan = numbers.findIndex(Number.isNaN);
    if (columns > 1 && nan >= 0)
      throw new RangeError(`${name}: row ${row}, column ${nan} is NaN, so the row is of no class`);
    if (columns > 1) return numbers.reduce((most, value, at) => (value > numbers[most]! ? at : most), 0);
    const [label = Number.NaN] = numbers;
    if (Number.isInteger(label) && label >= 0 && label < classes) return label;
    const mend = Number.isInteger(label)
      ? ""
      : "; for one score a row give a threshold, such as { threshold: 0.5 }";
    throw new RangeError(
      `${name}: row ${row} is ${label}, but a class is a whole number from 0 to ${classes - 1}${mend}`,
    );
  });
}
