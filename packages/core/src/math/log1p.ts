import { type Definition, largest } from "./definition.ts";
import { logSteps } from "./log.ts";

/**
 * log(1 + x) without losing the digits of small x.
 *
 * Near 0, 1 + x need not be reduced, so f is x itself. Elsewhere u = 1 + x is rounded; what it lacks, found exactly
 * by taking the larger of the two terms off first, adds lack / u to the logarithm of u.
 */
export const log1p: Definition = {
  name: "log1p",
  says: "the natural logarithm of 1 + x, precise near 0",
  source: "fdlibm s_log1p.c",
  ulps: 1,
  operand: "x",
  steps: [
    ["u", "1 + x"],
    ["lack", "select(x >= 1, 1 - (u - x), x - (u - 1))"],
    // √½ - 1 and √2 - 1
    ["near", "(x > -0.2928932188134524) * (x < 0.41421356237309503)"],
    ["m", "significand(u)"],
    ["above", "m > 1.4142135623730951"],
    ["k", "select(near, 0, exponent(u) + above)"],
    ["f", "select(near, x, select(above, 0.5 * m, m) - 1)"],
    ["correction", "select(near, 0, lack / u)"],
    ...logSteps,
    // A tiny number is its own result, and so keeps its sign where it is 0.
    ["value", "select(abs(x) >= 5.551115123125783e-17, logarithm, x)"],
  ],
  // sqrt makes NaN of negative numbers and keeps NaN; infinity is its own logarithm.
  result: `select(x > -1, select(x <= ${largest}, value, x), select(x == -1, -1 / u, sqrt(u)))`,
};
