import { describe, expect, it } from "vitest";
import { logExact } from "../../src/math/logExact.ts";
import { runPython } from "../oracle/python.ts";
import { fromHex, hex, testNumbers } from "./bits.ts";

/**
 * Each argument's logarithm to 70 digits, rounded once. Both conversions, of a double to a decimal and of a
 * decimal to a double, are exact or correctly rounded in Python.
 */
const decimalLog = `
import json, struct, sys
from decimal import Decimal, getcontext
getcontext().prec = 70
def double(digits): return struct.unpack(">d", bytes.fromhex(digits))[0]
print(json.dumps([struct.pack(">d", float(Decimal(double(x)).ln())).hex() for x in json.load(sys.stdin)]))
`;

function expectCorrectlyRounded(values: number[]): void {
  const expected = JSON.parse(runPython(decimalLog, values.map(hex))) as string[];
  const wrong = values.flatMap((x, i) =>
    hex(logExact(x)) === expected[i] ? [] : [`log(${x}) is ${logExact(x)}, not ${fromHex(expected[i]!)}`],
  );
  expect(wrong).toEqual([]);
}

/** log 2^e for every exponent of a normal or subnormal double. */
const powersOfTwo = Array.from({ length: 2098 }, (_, i) => i - 1074).map((exponent) => {
  let power = 1;
  for (let step = 0; step < Math.abs(exponent); step++) power = exponent < 0 ? power / 2 : power * 2;
  return power;
});

describe("logExact is the double nearest to the logarithm", () => {
  it("between 0 and 1", () => {
    const next = testNumbers(1);
    expectCorrectlyRounded(Array.from({ length: 8000 }, next).filter((x) => x > 0));
  });

  it("for every exponent, subnormal ones too", () => {
    const next = testNumbers(2);
    expectCorrectlyRounded([
      ...powersOfTwo,
      ...powersOfTwo.map((power) => power * (1 + next())).filter((x) => x < Infinity),
      Number.MAX_VALUE,
      2.2250738585072014e-308,
      2.225073858507201e-308,
    ]);
  });

  // log(1 + e) = e - e²/2 + …: for e of few bits this lies within 2^-100 of the middle between two doubles,
  // too near for the quick step to decide.
  it("next to 1, on either side", () => {
    const steps = Array.from({ length: 1200 }, (_, i) => i + 1);
    const next = testNumbers(3);
    expectCorrectlyRounded([
      ...steps.flatMap((n) => [1 + n * 2.220446049250313e-16, 1 - n * 1.1102230246251565e-16]),
      ...powersOfTwo
        .filter((e) => e < 1 && e >= 2.220446049250313e-16)
        .flatMap((e) => [1 + e, 1 - e, 1 + e * (1 + next())]),
    ]);
  });

  it("where the reduced argument changes sides, at √2 2^k", () => {
    const steps = Array.from({ length: 41 }, (_, i) => 1 + (i - 20) * 2.220446049250313e-16);
    expectCorrectlyRounded(
      [0.5, 1, 2, 1024].flatMap((power) => steps.map((step) => power * Math.SQRT2 * step)),
    );
  });

  it("and an exact answer where there is one", () => {
    expect(logExact(1)).toBe(0);
    expect(logExact(0)).toBe(-Infinity);
    expect(logExact(-0)).toBe(-Infinity);
    expect(logExact(Infinity)).toBe(Infinity);
    expect(logExact(-1)).toBeNaN();
    expect(logExact(-Infinity)).toBeNaN();
    expect(logExact(Number.NaN)).toBeNaN();
  });
});
