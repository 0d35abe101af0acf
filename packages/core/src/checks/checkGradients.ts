import type { Session } from "../engines/engine.ts";
import { reference } from "../engines/reference/reference.ts";
import type { ArrayDeclaration } from "../program/data.ts";
import { gradientName, NameError } from "../program/names.ts";
import { Program } from "../program/program.ts";
import { RandomState } from "../random/randomState.ts";
import { type Block, count, type Shape } from "../shape/block.ts";
import { flatten, type Numbers } from "../shape/numbers.ts";
import { placeOf } from "../shape/place.ts";
import { GradientReport, type PartialDerivative } from "./gradientReport.ts";

/** What to check the derivatives of, where, and how closely. */
export interface GradientCheck {
  /** The array that holds the loss: a metric, as `net.differentiator` makes it, or a computed number. */
  readonly loss: string;
  /** Whether the derivatives are of the loss, or of it divided by the number of rows; default `"sum"`. */
  readonly reduce?: "sum" | "mean";
  /** Inputs and targets by name. */
  readonly data: Readonly<Record<string, Numbers>>;
  /** Where to differentiate; weights that are not given start as the program has them. */
  readonly weights?: Readonly<Record<string, Numbers>>;
  /** The array that holds the derivative by each array of weights; default the program's own, `weight_delta_0_1`. */
  readonly gradients?: Readonly<Record<string, string>>;
  /** How far the two may part, relative to the larger; default 1e-6, in a float32 program 1e-3. */
  readonly tolerance?: number;
  /** Above so many partial derivatives a sample of so many is checked; default 10,000. */
  readonly most?: number;
  /** Draws initial weights and the sample; default 1. */
  readonly seed?: number | readonly number[];
}

/**
 * The distance of a difference: 2^-17 is the power of two next to the cube root of the rounding error, where the
 * error of the formula, h² f‴/6, and that of rounding, 2^-53 f/h, are about equal.
 */
const step = 1 / 131072;

/** Where the two disagree: smaller steps in case a kink is near, larger ones in case rounding hides the slope. */
const retries = [1 / 16, 16, 1 / 256, 256];

/** A rounding of a loss is at most half of 2^-52 of it; a loss is the result of several. */
const rounding = 4 / 4503599627370496;

/**
 * Compares every partial derivative that a program computes by backpropagation with the central difference
 * (loss(w + h) − loss(w − h)) / 2h. The loss is the reference's; that of a float32 program is computed in float64, for
 * rounded losses have no slope. Each partial derivative costs two runs of predict and compare.
 *
 * Throws `NameError` where the program lacks the loss or a derivative, and what a session throws where data do not fit.
 */
export function checkGradients(program: Program, check: GradientCheck): GradientReport {
  const { loss, seed = 1, most = 10_000 } = check;
  const { precision } = program.data;
  const tolerance = check.tolerance ?? (precision === "float32" ? 1e-3 : 1e-6);
  if (!(tolerance > 0))
    throw new RangeError(`checkGradients: tolerance is ${tolerance}, but must be above 0`);
  if (!Number.isInteger(most) || most < 1)
    throw new RangeError(`checkGradients: most is ${most}, but must be a whole number of at least 1`);
  program.array(loss);
  const weights = program.data.arrays.filter(({ role }) => role === "weights");
  const gradientOf = new Map(weights.map(({ name }) => [name, gradientArray(program, name, check)]));

  const session = opened(program, check, seed);
  session.run({ batch: 0, steps: [0, stepsBefore(program, "update")] });
  const exact = lossAt(inDouble(program), session, check, seed);
  const total = weights.reduce((sum, { shape }) => sum + count(shape as Shape), 0);
  const chance = new RandomState([...(typeof seed === "number" ? [seed] : seed), 2]);
  const rows = sample(weights, most, chance).flatMap(({ array, positions }) => {
    const gradient = gradientOf.get(array.name)!;
    const analytic = session.read(gradient).toTyped();
    const slope = exact(array.name);
    return positions.map((position): PartialDerivative => {
      const byBackpropagation = analytic[position]!;
      return {
        array: array.name,
        element: placeOf(position, array.shape as Shape),
        gradient,
        byBackpropagation,
        ...judge(byBackpropagation, (h) => slope(position, h), tolerance),
      };
    });
  });
  return new GradientReport(loss, rows, tolerance, total, precision);
}

interface Slopes {
  readonly central: number;
  readonly forward: number;
  readonly backward: number;
  /** What rounding may change a difference by. */
  readonly noise: number;
}

type Judgement = Pick<PartialDerivative, "byDifference" | "error" | "verdict">;

function judge(partial: number, slopesAt: (h: number) => Slopes, tolerance: number): Judgement {
  const measure = (h: number) => {
    const slopes = slopesAt(h);
    return { slopes, error: relativeError(partial, slopes, tolerance) };
  };
  const first = measure(step);
  const judged = ({ slopes, error }: typeof first, verdict: Judgement["verdict"]): Judgement => ({
    byDifference: slopes.central,
    error,
    verdict,
  });
  if (first.error <= tolerance) return judged(first, "agrees");
  const again = retries.map((factor) => measure(step * factor));
  const agreeing = again.find(({ error }) => error <= tolerance);
  if (agreeing) return judged(agreeing, "agrees");
  return judged(first, isKink(again[0]!.slopes, again[2]!.slopes, tolerance) ? "kink" : "differs");
}

/** Relative to the larger, but to no less than what is `tolerance` away from the noise. Infinite for NaN. */
function relativeError(partial: number, { central, noise }: Slopes, tolerance: number): number {
  const distance = Math.abs(partial - central);
  if (distance === 0) return 0;
  const error = distance / Math.max(Math.abs(partial), Math.abs(central), noise / tolerance);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

/**
 * The slope to the right less that to the left is h f″ where the loss is smooth, and so 16 times smaller for an h that
 * is 16 times smaller. At a kink it stays what it is.
 */
function isKink(wide: Slopes, narrow: Slopes, tolerance: number): boolean {
  const gap = ({ forward, backward }: Slopes) => Math.abs(forward - backward);
  const size = Math.max(Math.abs(narrow.forward), Math.abs(narrow.backward));
  return gap(narrow) > tolerance * size + 2 * narrow.noise && gap(narrow) > gap(wide) / 4;
}

/** For each array of weights: the slopes of the loss along one of its numbers, by a step relative to that number. */
function lossAt(
  program: Program,
  from: Session,
  check: GradientCheck,
  seed: number | readonly number[],
): (name: string) => (position: number, h: number) => Slopes {
  const { loss, reduce = "sum" } = check;
  const session = opened(program, check, seed);
  const held = program.data.arrays.filter(({ role }) => !["activation", "delta", "gradient"].includes(role));
  for (const { name, role } of held)
    if (["input", "target", "weights"].includes(role)) session.write({ [name]: from.read(name) });
  const first = held.find(({ shape }) => shape[0] === "batch");
  const rows = first === undefined ? 1 : from.read(first.name).shape[0]!;
  const steps = [0, stepsBefore(program, "backpropagate")] as const;
  const evaluate = (): number => {
    session.run({ batch: 0, steps });
    const value = session.read(loss).toTyped()[0]!;
    return reduce === "mean" ? value / rows : value;
  };
  const here = evaluate();
  return (name) => {
    const numbers: Block = session.read(name);
    return (position, relative) => {
      const { data } = numbers;
      const value = data[position]!;
      const h = relative * Math.max(1, Math.abs(value));
      const at = (moved: number): number => {
        data[position] = moved;
        session.write({ [name]: numbers });
        return evaluate();
      };
      const [right, left] = [value + h, value - h];
      const [above, below] = [at(right), at(left)];
      data[position] = value;
      session.write({ [name]: numbers });
      return {
        central: (above - below) / (right - left),
        forward: (above - here) / (right - value),
        backward: (here - below) / (value - left),
        noise: (rounding * Math.max(Math.abs(above), Math.abs(below), Math.abs(here))) / h,
      };
    };
  };
}

function opened(program: Program, check: GradientCheck, seed: number | readonly number[]): Session {
  const rows = Object.entries(check.data).flatMap(([name, numbers]) =>
    program.array(name).shape[0] === "batch" ? [flatten(name, numbers).shape[0] ?? 0] : [],
  );
  const session = reference.open(program, {
    capacity: rows.reduce((most, each) => Math.max(most, each), 1),
    seed,
    keep: "all",
  });
  session.write(check.weights ?? {});
  session.write(check.data);
  return session;
}

/** The same program, computed in float64. */
function inDouble(program: Program): Program {
  const { data } = program;
  if (data.precision === "float64") return program;
  const arrays = data.arrays.map((array) =>
    array.dtype === "float32" ? { ...array, dtype: "float64" as const } : array,
  );
  return new Program({ ...data, precision: "float64", arrays });
}

function stepsBefore(program: Program, phase: "backpropagate" | "update"): number {
  const later = phase === "update" ? ["update"] : ["backpropagate", "update"];
  const first = program.data.steps.findIndex((each) => later.includes(each.phase));
  return first < 0 ? program.data.steps.length : first;
}

function gradientArray(program: Program, weights: string, { gradients = {} }: GradientCheck): string {
  const given = Object.hasOwn(gradients, weights) ? gradients[weights]! : undefined;
  if (given !== undefined) return program.array(given).name;
  const name = gradientName(weights);
  if (!program.has(name))
    throw new NameError(
      `checkGradients: ${program.name} has no array ${name}, the derivative by ${weights}: ` +
        `say which array holds it, as in gradients: { ${weights}: "…" }`,
    );
  return name;
}

/** All positions; or where there are more than `most`, whole arrays as long as they are small, and a part of the others. */
function sample(
  arrays: readonly ArrayDeclaration[],
  most: number,
  chance: RandomState,
): { readonly array: ArrayDeclaration; readonly positions: readonly number[] }[] {
  const sizes = new Map(arrays.map((array) => [array, count(array.shape as Shape)]));
  const share = new Map<ArrayDeclaration, number>();
  let left = most;
  const smallestFirst = [...arrays].sort((a, b) => sizes.get(a)! - sizes.get(b)!);
  for (const [position, array] of smallestFirst.entries()) {
    const fair = Math.ceil(left / (arrays.length - position));
    share.set(array, Math.min(sizes.get(array)!, fair, left));
    left -= share.get(array)!;
  }
  return arrays.map((array) => {
    const size = sizes.get(array)!;
    const wanted = share.get(array)!;
    const positions =
      wanted === size
        ? Array.from({ length: size }, (_, position) => position)
        : Array.from(chance.permutation(size).data.slice(0, wanted)).sort((a, b) => a - b);
    return { array, positions };
  });
}
