import type { Dtype } from "../shape/block.ts";
import { shown } from "../shape/shown.ts";
import { decimal, type FloatType, positional, scientific, shortest, sign, signedExponent } from "./digits.ts";

/**
 * A number as Python prints it: `repr` of a float, `str` of a NumPy scalar.
 *
 * - "float64" (the default): the fewest digits that give the number back, always with a point or an exponent:
 *   `1.0`, `1.5055622665134859e-05`, `1e+16`, `-0.0`, `nan`, `-inf`.
 * - "float32": the fewest digits that give the number, rounded to float32, back.
 * - "int32", "uint8": `5`.
 * - "bool", and JavaScript's booleans whatever the type: `True`, `False`.
 */
export function python(value: number | boolean, dtype: Dtype = "float64"): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "number") throw new TypeError(`python: ${shown(value)} is not a number`);
  switch (dtype) {
    case "float64":
      return float(value, "float64");
    case "float32":
      return float(Math.fround(value), "float32");
    case "int32":
    case "uint8":
      return String(value);
    case "bool":
      return value === 0 ? "False" : "True";
    default:
      throw new TypeError(`python: unknown dtype ${shown(dtype satisfies never)}`);
  }
}

/** `nan`, `inf` or `-inf`; undefined for a finite number. */
export function notFinite(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? "nan" : `${sign(value)}inf`;
}

/**
 * From here up a lone number gets an exponent: where Python's repr of a float changes over (format_float_short
 * in CPython's pystrtod.c), and for float32, since NumPy 2.3, where its six reliable digits end.
 */
const exponentFrom = { float64: 1e16, float32: 1e6 } as const satisfies Record<FloatType, number>;

function float(value: number, type: FloatType): string {
  const special = notFinite(value);
  if (special !== undefined) return special;
  const digits = decimal(value, type, shortest);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < exponentFrom[type])) {
    const { whole, fraction } = positional(digits);
    return `${sign(value)}${whole}.${fraction || "0"}`;
  }
  const { whole, fraction, exponent } = scientific(digits);
  return `${sign(value)}${whole}${fraction && `.${fraction}`}e${signedExponent(exponent)}`;
}
