import { describe, expect, it } from "vitest";
import { GradientError } from "../../src/program/backpropagate.ts";
import { checkCorners, checkGradients, checkReluOptions, refusal, rulesOf } from "./gradients.ts";
import { engines, library, opNames } from "./library.ts";

describe.each(engines)("on the engine %s", (engine) => {
  describe("every partial derivative agrees with central differences", () => {
    it.each(opNames.filter((op) => rulesOf(op).with.length > 0))("%s", (op) => {
      expect([...checkGradients(library, engine, op)]).toEqual([]);
    });
  });

  it("relu's slope at 0, at -0 and at NaN is what its options say", () => {
    expect([...checkReluOptions(library, engine)]).toEqual([]);
  });

  it("at corners, slopes are what each op promises", () => {
    expect([...checkCorners(library, engine)]).toEqual([]);
  });

  const withoutRule = opNames.flatMap((op) => rulesOf(op).without.map((operand) => ({ op, operand })));

  it.each(withoutRule)("$op by $operand: an error names both", ({ op, operand }) => {
    const error = refusal(library, engine, op, operand);
    expect(error).toBeInstanceOf(GradientError);
    expect((error as Error).message).toContain(`${op} has no derivative by ${operand}`);
  });
});
