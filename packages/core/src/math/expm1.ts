import { type Definition, ln2High, ln2Low, polynomial } from "./definition.ts";

/**
 * e^x - 1 without losing the digits of small x: 2^k (e^r - 1) + 2^k - 1 with x = k ln 2 + r, |r| <= ln 2 / 2.
 *
 * Where x is reduced, r is rounded: `correction` is what r lacks. With h = r/2 and q = r h = r²/2, Q approximates
 * 6/r ((e^r + 1) / (e^r - 1) - 2/r) = 1 - r²/60 + r⁴/2520 - …, and t = 3 - h Q leads to
 *
 *     e^r - 1 = r + q - r q (Q - t) / (6 - r t) = r - excess
 *
 * The parts are joined as ((1 - 2^-k) + r - excess) 2^k. What the subtraction and the first
 * addition lose is found exactly (Knuth's sum, The Art of Computer Programming, 4.2.2) and joins the excess; fdlibm, which lets it go, chooses between five orders of
 * addition instead.
 */
export const expm1: Definition = {
  name: "expm1",
  says: "e to the power of x, minus 1, precise near 0",
  source: "fdlibm s_expm1.c",
  ulps: 1,
  operand: "x",
  steps: [
    // At -40 the result is -1 and at 710 infinity. NaN, which no comparison finds, becomes a bound.
    ["bounded", "select(x > -40, select(x < 710, x, 710), -40)"],
    ["k", "floor(bounded * 1.4426950408889634 + 0.5)"],
    ["high", `bounded - k * ${ln2High}`],
    ["low", `k * ${ln2Low}`],
    ["r", "high - low"],
    ["correction", "high - r - low"],
    ["h", "0.5 * r"],
    ["q", "r * h"],
    [
      "series",
      polynomial(
        "q",
        [
          1, -0.03333333333333313, 0.0015873015872548146, -7.93650757867488e-5, 4.008217827329362e-6,
          -2.0109921818362437e-7,
        ],
      ),
    ],
    ["t", "3 - series * h"],
    ["bend", "q * ((series - t) / (6 - r * t))"],
    ["excess", "r * (bend - correction) - correction - q"],
    // 2^-k is no double for k = 1024, and from 57 on it is too small to matter.
    ["shrink", "pow2(-select(k < 57, k, 57))"],
    ["whole", "1 - shrink"],
    ["sum", "whole + r"],
    ["back", "sum - whole"],
    ["lost", "whole - (sum - back) + (r - back) + (1 - whole - shrink)"],
    ["half", "floor(0.5 * k)"],
    ["scaled", "(sum + (lost - excess)) * pow2(half) * pow2(k - half)"],
  ],
  // A tiny number is its own result, and so keeps its sign where it is 0; NaN stays.
  result: "select(abs(x) >= 5.551115123125783e-17, scaled, x)",
};
