import { type Definition, largest, polynomial } from "./definition.ts";

/**
 * cos x = cos, -sin, -cos or sin of r, where |x| = n π/2 + r, |r| <= π/4, by n mod 4.
 *
 * The reduction is Cody and Waite's: π/2 in three pieces of 33 bits and a rest. For n < 2^20 the product of n with each
 * piece is exact, and so is the first difference. What the next two lose is found exactly (Knuth's sum, The Art of
 * Computer Programming, 4.2.2) and joins the rest, so that r = high + low misses |x| - n π/2 by about n 2^-156.
 * That is enough where x lies as near to a multiple of π/2 as a double can.
 *
 * Within |x| <= 1e5 π the error is at most 1 ulp. From 2^20 π/2 = 1647099 on the products round, and the absolute error
 * grows to about |x| 2^-52; beyond 2^52 the result says nothing about the cosine. It stays between -1 and 1 and is
 * the same on every machine.
 */
export const cos: Definition = {
  name: "cos",
  says: "the cosine of x in radians",
  source: "fdlibm e_rem_pio2.c, k_cos.c and k_sin.c",
  ulps: 1,
  upTo: 314159.26535897935,
  operand: "x",
  steps: [
    ["size", "abs(x)"],
    ["n", "floor(size * 0.6366197723675814 + 0.5)"],
    ["first", "size - n * 1.5707963267341256"],
    ["piece2", "n * 6.077100506303966e-11"],
    ["second", "first - piece2"],
    ["back2", "second - first"],
    ["lost2", "first - (second - back2) - (piece2 + back2)"],
    ["piece3", "n * 2.0222662487111665e-21"],
    ["third", "second - piece3"],
    ["back3", "third - second"],
    ["lost3", "second - (third - back3) - (piece3 + back3)"],
    ["rest", "lost2 + lost3 - n * 8.4784276603689e-32"],
    ["sum", "third + rest"],
    // No more than rounding beyond π/4, but for x beyond the range, and infinity and NaN, which become 0.
    ["within", "abs(sum) < 0.8"],
    ["high", "select(within, sum, 0)"],
    ["low", "select(within, third - high + rest, 0)"],
    ["z", "high * high"],
    [
      "cosine_series",
      polynomial(
        "z",
        [
          0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7,
          2.087572321298175e-9, -1.1359647557788195e-11,
        ],
      ),
    ],
    // 1 - z/2 + z² series - high low; what 1 - z/2 loses in rounding joins the small part.
    ["hump", "0.5 * z"],
    ["rounded", "1 - hump"],
    ["cosine", "rounded + (1 - rounded - hump + (z * (z * cosine_series) - high * low))"],
    [
      "sine_series",
      polynomial(
        "z",
        [
          0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6, -2.5050760253406863e-8,
          1.58969099521155e-10,
        ],
      ),
    ],
    // high - high³/6 + high⁵ series + low (1 - z/2)
    ["cube", "z * high"],
    ["sine", "high - (z * (0.5 * low - cube * sine_series) - low - cube * -0.16666666666666632)"],
    ["quarter", "n - 4 * floor(0.25 * n)"],
    ["odd", "(quarter == 1) + (quarter == 3)"],
    ["value", "select(odd, sine, cosine)"],
    ["negative", "(quarter == 1) + (quarter == 2)"],
  ],
  result: `select(size <= ${largest}, select(negative, -value, value), x - x)`,
};
