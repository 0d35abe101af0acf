/**
 * An elementary function as data: named intermediate results and a last one, each an expression in the
 * language of elementwise operations (`ops/expression.ts`), without branches or loops.
 *
 * JavaScript's and NumPy's own functions differ from engine to engine in their last bits. One definition that
 * uses nothing but operations which IEEE 754 rounds correctly has the same bits wherever it is evaluated or printed,
 * element by element or in the lanes of a vector.
 *
 * Every operation is float64, whatever the precision of the program that calls the function; a float32 program
 * rounds the result once.
 */
export interface Definition {
  /** What the function is called in expressions. */
  readonly name: string;
  readonly says: string;
  /** The algorithm's origin. */
  readonly source: string;
  /** The largest error promised, in units in the last place of the true value. */
  readonly ulps: number;
  /** Where the error is promised, if not everywhere: up to this absolute value. */
  readonly upTo?: number;
  /** The name of the argument. */
  readonly operand: string;
  /** Evaluated in order; each may name the operand and the steps before it. */
  readonly steps: readonly (readonly [name: string, expression: string])[];
  readonly result: string;
}

/** `c0 + x * (c1 + x * c2)` for coefficients from the constant upwards: Horner's rule, the fewest operations. */
export function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients
    .map(String)
    .reduceRight((inner, coefficient) => `${coefficient} + ${x} * ${/ /.test(inner) ? `(${inner})` : inner}`);
}

/** The largest finite double: beyond it are only infinity and, in no order with anything, NaN. */
export const largest = Number.MAX_VALUE;

/**
 * ln 2 in two parts. The first has 32 bits, so that its product with an exponent is exact; the two together
 * miss ln 2 by 1.2e-26.
 */
export const ln2High = 0.6931471803691238;
export const ln2Low = 1.9082149292705877e-10;
