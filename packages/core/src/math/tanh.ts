import type { Definition } from "./definition.ts";

/**
 * From t = e^(±2|x|) - 1: tanh |x| = 1 - 2 / (t + 2) with the upper sign, -t / (t + 2) with the lower.
 * The first form is for |x| >= 1, where it loses nothing; the second keeps the digits of small x.
 */
export const tanh: Definition = {
  name: "tanh",
  says: "the hyperbolic tangent",
  source: "fdlibm s_tanh.c",
  ulps: 2.5,
  operand: "x",
  steps: [
    // From 22 on the result is 1. NaN, which no comparison finds, becomes 22.
    ["size", "select(abs(x) < 22, abs(x), 22)"],
    ["large", "size >= 1"],
    ["t", "expm1(select(large, 2 * size, -2 * size))"],
    ["value", "select(large, 1 - 2 / (t + 2), -t / (t + 2))"],
  ],
  // A tiny number is its own result, and so keeps its sign where it is 0; NaN stays.
  result: "select(abs(x) >= 2.7755575615628914e-17, select(x > 0, value, -value), x)",
};
