import { type Definition, ln2High, ln2Low, polynomial } from "./definition.ts";

/**
 * e^x = 2^k e^r with k = round(x / ln 2), so that |r| <= ln 2 / 2; r is kept as high - low.
 *
 * r coth(r/2) = r (e^r + 1) / (e^r - 1) is even in r: 2 + r²/6 - r⁴/360 + …, approximated by 2 + r² P(r²).
 * With c = r - r² P(r²),
 *
 *     e^r = 1 + 2r / (r coth(r/2) - r) = 1 + 2r / (2 - c) = 1 + r + r c / (2 - c)
 *
 * The factor 2^k comes in two halves, since k reaches from -1076 to 1024 and no exponent of a double does. The first
 * product is exact; the second rounds, once, where the result is subnormal.
 */
export const exp: Definition = {
  name: "exp",
  says: "e to the power of x",
  source: "fdlibm e_exp.c",
  ulps: 1,
  operand: "x",
  steps: [
    // Beyond these bounds the result is infinity or 0. NaN, which no comparison finds, becomes a bound.
    ["bounded", "select(x > -746, select(x < 710, x, 710), -746)"],
    ["k", "floor(bounded * 1.4426950408889634 + 0.5)"],
    ["high", `bounded - k * ${ln2High}`],
    ["low", `k * ${ln2Low}`],
    ["r", "high - low"],
    ["square", "r * r"],
    [
      "c",
      `r - square * (${polynomial(
        "square",
        [
          0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6,
          4.1381367970572385e-8,
        ],
      )})`,
    ],
    ["power", "1 - (low - r * c / (2 - c) - high)"],
    ["half", "floor(0.5 * k)"],
  ],
  result: "select(x == x, power * pow2(half) * pow2(k - half), x)",
};
