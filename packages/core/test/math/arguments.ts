import type { ElementaryFunction } from "../../src/math/functions.ts";
import { fromHex, hex, testNumbers } from "../random/bits.ts";

/** Arguments of every size with dense crowds at the hard places of each function; no special values. */
export const argumentsOf: Readonly<Record<ElementaryFunction, readonly number[]>> = {
  exp: [
    ...everywhere(1),
    ...between(2, -750, 715, 6000),
    ...between(3, -1, 1, 3000),
    ...multiples(Math.LN2 / 2, -2170, 2060, 1),
    // Overflow, the first subnormal result, and the last that is not 0.
    ...[709.782712893384, -708.3964185322641, -745.1332191019412].flatMap((edge) => around(edge, 300)),
    ...between(4, -745.2, -708, 3000),
  ],
  expm1: [
    ...everywhere(5),
    ...between(6, -45, 715, 4000),
    ...between(7, -1.5, 1.5, 6000),
    // Where subtracting 1 is half a unit.
    ...between(21, 36, 39, 4000),
    ...multiples(Math.LN2 / 2, -130, 2060, 1),
    ...[709.782712893384, -37.42994775023705, 0.25, -0.25].flatMap((edge) => around(edge, 200)),
  ],
  log: [
    ...everywhere(8).filter((x) => x > 0),
    ...everywhere(9).filter((x) => x > 0),
    ...between(10, 0, 10, 5000),
    ...around(1, 2500),
    ...powers(-52, -1).flatMap((e) => [1 + e, 1 - e]),
    ...powers(-1074, 1023).flatMap((power) => [power, ...around(power * Math.SQRT2, 1)]),
    ...between(11, 0, 2.3e-308, 2000),
  ],
  log1p: [
    ...everywhere(12).filter((x) => x > -1),
    ...between(13, -1, 1, 8000),
    ...between(14, 1, 100, 2000),
    ...powers(-53, -2).flatMap((e) => around(e - 1, 3)),
    ...[Math.SQRT1_2 - 1, Math.SQRT2 - 1, 1].flatMap((edge) => around(edge, 300)),
    ...powers(-60, 1000).flatMap((power) => [power * Math.SQRT2 - 1, ...around(power, 1)]),
  ].filter((x) => x > -1 && x < Infinity),
  tanh: [
    ...everywhere(15),
    ...between(16, -23, 23, 8000),
    ...between(17, -1.2, 1.2, 6000),
    ...multiples(Math.LN2 / 4, -140, 140, 3),
    ...[1, 22, 19.061547465398498].flatMap((edge) => around(edge, 200)),
  ],
  cos: [
    ...everywhere(18).filter((x) => Math.abs(x) <= 1e5 * Math.PI),
    ...between(19, -1e5 * Math.PI, 1e5 * Math.PI, 4000),
    ...between(20, -10, 10, 4000),
    ...multiples(Math.PI / 4, -600, 600, 2),
    ...nearZeros(),
  ],
};

/** The doubles nearest to odd multiples of π/2, up to 1e5 π: those whose cosine is smallest. */
function nearZeros(): number[] {
  const odd = Array.from({ length: 100_000 }, (_, i) => (2 * i + 1) * (Math.PI / 2));
  // Math.cos only chooses; nothing is compared with it.
  const near = odd.filter((x) => Math.abs(Math.cos(x)) < 4e-13);
  return [...odd.slice(0, 200), ...near].flatMap((x) => around(x, 1));
}

/** Four numbers of either sign for every exponent of a double, subnormal ones too. */
function everywhere(seed: number): number[] {
  const next = testNumbers(seed);
  return powers(-1074, 1023).flatMap((power) =>
    Array.from({ length: 4 }, () => (next() < 0.5 ? -1 : 1) * power * (1 + next())),
  );
}

function powers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));
}

function between(seed: number, low: number, high: number, count: number): number[] {
  const next = testNumbers(seed);
  return Array.from({ length: count }, () => low + (high - low) * next());
}

function multiples(unit: number, from: number, to: number, reach: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => around((from + i) * unit, reach)).flat();
}

/** The double and so many neighbours on either side. */
function around(center: number, reach: number): number[] {
  if (center === 0) return [];
  const place = BigInt(`0x${hex(center)}`);
  return Array.from({ length: 2 * reach + 1 }, (_, i) =>
    fromHex((place + BigInt(i - reach)).toString(16).padStart(16, "0")),
  );
}

/** Where functions have values of their own, and what lies next to them. */
export const specialArguments: readonly number[] = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  Number.NaN,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  5e-324,
  -5e-324,
  2.2250738585072014e-308,
  -2.2250738585072014e-308,
  -2,
  710,
  -746,
  1e6,
  -1e6,
  1e22,
  2 ** 52,
  2 ** 60 + 2 ** 20,
];
