import { expect, it } from "vitest";
import { compile, parse } from "../../src/ops/expression.ts";
import { checkExpressions, refused } from "./expressions.ts";
import { library } from "./library.ts";

it("expressions mean what they say, rounding once per operation", () => {
  expect([...checkExpressions(library)]).toEqual([]);
});

it.each(Object.entries(refused))("%s is refused, and the error says why", (text, why) => {
  expect(() => parse(text)).toThrow(SyntaxError);
  expect(() => parse(text)).toThrow(why);
});

it("a name that is no operand is refused", () => {
  expect(() => compile(parse("x + z"), ["x", "y"], (value) => value)).toThrow('names "z"');
});
