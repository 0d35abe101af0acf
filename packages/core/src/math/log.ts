import { type Definition, largest, ln2High, ln2Low } from "./definition.ts";

/**
 * The steps of log(1 + f) + k ln 2 for 1 + f in [√½, √2), in which `correction` joins the small part.
 *
 * With s = f / (2 + f), log(1 + f) = 2 artanh s = 2s + s R(s²), where R = 2/3 s² + 2/5 s⁴ + …, here approximated
 * in even and odd terms, which two units can add at once. Because 2s = f - s f and s f = f²/2 - s f²/2,
 *
 *     log(1 + f) = f - (f²/2 - s (f²/2 + R))
 *
 * whose largest part, f, is exact.
 */
export const logSteps: Definition["steps"] = [
  ["s", "f / (2 + f)"],
  ["z", "s * s"],
  ["w", "z * z"],
  ["even", "w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))"],
  [
    "odd",
    "z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))",
  ],
  ["hump", "0.5 * f * f"],
  ["small", `s * (hump + (even + odd)) + (k * ${ln2Low} + correction)`],
  ["logarithm", `k * ${ln2High} - (hump - small - f)`],
];

/** The natural logarithm: x = 2^k (1 + f), with a subnormal x first scaled by 2^54. */
export const log: Definition = {
  name: "log",
  says: "the natural logarithm",
  source: "fdlibm e_log.c",
  ulps: 1,
  operand: "x",
  steps: [
    ["subnormal", "x < 2.2250738585072014e-308"],
    ["normal", "x * select(subnormal, 18014398509481984, 1)"],
    ["m", "significand(normal)"],
    ["above", "m > 1.4142135623730951"],
    ["k", "exponent(normal) + above - 54 * subnormal"],
    ["f", "select(above, 0.5 * m, m) - 1"],
    ["correction", "0"],
    ...logSteps,
  ],
  // sqrt makes NaN of negative numbers and keeps NaN; infinity is its own logarithm.
  result: `select(x > 0, select(x <= ${largest}, logarithm, x), select(x == 0, -1 / abs(x), sqrt(x)))`,
};
