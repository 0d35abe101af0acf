import type { Dtype } from "../shape/block.ts";
import { type Cut, decimal, type FloatType, positional, scientific, sign, signedExponent } from "./digits.ts";
import { notFinite } from "./scalar.ts";

/** What decides how the floats of an array are written. */
export interface FloatStyle {
  readonly precision: number;
  readonly suppress: boolean;
}

/**
 * The elements of an array as NumPy writes them side by side: padded to one width, their points in one column.
 * `values` are the elements that will be shown, for only these decide the form (so do summarised arrays).
 */
export function elements(values: readonly number[], dtype: Dtype, style: FloatStyle): string[] {
  switch (dtype) {
    case "float64":
    case "float32":
      return floats(values, dtype, style);
    case "int32":
    case "uint8":
      return alignedRight(values.map(String));
    case "bool":
      return values.map((value) => (value === 0 ? "False" : " True"));
    default:
      throw new TypeError(`cannot print dtype ${JSON.stringify(dtype satisfies never)}`);
  }
}

function floats(values: readonly number[], type: FloatType, style: FloatStyle): string[] {
  const finite = values.filter(Number.isFinite);
  const texts = needExponent(finite, type, style)
    ? withExponents(finite, type, style.precision)
    : withoutExponents(finite, type, style.precision);

  // Every finite text has the same width. The others are set to the right, across the column of the points.
  let next = 0;
  return alignedRight(values.map((value) => notFinite(value) ?? texts[next++]!));
}

/**
 * NumPy's rule: an exponent for all, if any size is 1e8 or more (float32: 1e6), under 1e-4, or if the largest is
 * over 1000 times the smallest; zeros do not count, and `suppress` turns the last two off. The comparisons are
 * made in the array's own precision.
 */
function needExponent(finite: readonly number[], type: FloatType, style: FloatStyle): boolean {
  const rounded = type === "float32" ? Math.fround : (value: number) => value;
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const value of finite) {
    if (value === 0) continue;
    largest = Math.max(largest, Math.abs(value));
    smallest = Math.min(smallest, Math.abs(value));
  }
  if (largest === 0) return false;
  if (largest >= (type === "float32" ? 1e6 : 1e8)) return true;
  return !style.suppress && (smallest < rounded(1e-4) || rounded(largest / smallest) > 1000);
}

/** `-0.5 `, ` 1.  `, ` 0.25`: blanks on both sides, in the place of digits that others have. */
function withoutExponents(finite: readonly number[], type: FloatType, precision: number): string[] {
  const cut: Cut = { from: "point", least: 0, most: precision };
  const parts = finite.map((value) => {
    const { whole, fraction } = positional(decimal(value, type, cut));
    return { whole: sign(value) + whole, fraction };
  });
  const left = widest(parts, (part) => part.whole.length);
  const right = widest(parts, (part) => part.fraction.length);
  return parts.map(({ whole, fraction }) => `${whole.padStart(left)}.${fraction.padEnd(right)}`);
}

/**
 * `-1.50e-05`, ` 2.25e+10`: as many decimals for all as the one with the most needs, at most `precision`, and as
 * many digits of exponent. Added digits are those of the exact binary value: after `1.0000001`, a float32 0.1
 * is written `1.00000001e-01`.
 */
function withExponents(finite: readonly number[], type: FloatType, precision: number): string[] {
  const needed = finite.map((value) =>
    scientific(decimal(value, type, { from: "first", least: 0, most: precision })),
  );
  const decimals = widest(needed, (part) => part.fraction.length);
  const exponentWidth = Math.max(
    2,
    widest(needed, (part) => String(Math.abs(part.exponent)).length),
  );
  const cut: Cut = { from: "first", least: decimals, most: decimals };
  return alignedRight(
    finite.map((value) => {
      const { whole, fraction, exponent } = scientific(decimal(value, type, cut));
      return `${sign(value)}${whole}.${fraction.padEnd(decimals, "0")}e${signedExponent(exponent, exponentWidth)}`;
    }),
  );
}

function alignedRight(texts: readonly string[]): string[] {
  const width = widest(texts, (text) => text.length);
  return texts.map((text) => text.padStart(width));
}

function widest<T>(items: readonly T[], width: (item: T) => number): number {
  return items.reduce((most, item) => Math.max(most, width(item)), 0);
}
