import { describe, expect, it } from "vitest";
import { RandomState } from "../../src/random/randomState.ts";
import type { RandomStateSnapshot } from "../../src/random/state.ts";
import { runPython } from "../oracle/python.ts";

type Attempt = (generator: RandomState) => unknown;
type Refusal = [python: string, attempt: Attempt, kind: typeof RangeError, message: string];

const seedMend = "give a whole number from 0 to 4294967295, or a list of them";

/** What NumPy refuses too. */
const refusals: Refusal[] = [
  ["RandomState(-1)", () => new RandomState(-1), RangeError, `seed is -1; ${seedMend}`],
  [
    "RandomState(4294967296)",
    () => new RandomState(4294967296),
    RangeError,
    `seed is 4294967296; ${seedMend}`,
  ],
  ["RandomState(1.5)", () => new RandomState(1.5), RangeError, `seed is 1.5; ${seedMend}`],
  ["RandomState('1')", () => new RandomState("1" as never), TypeError, `seed is "1"; ${seedMend}`],
  ["RandomState([])", () => new RandomState([]), RangeError, `seed is an empty list; ${seedMend}`],
  ["RandomState([1, -1])", () => new RandomState([1, -1]), RangeError, `seed[1] is -1; ${seedMend}`],
  ["RandomState([0.5])", () => new RandomState([0.5]), RangeError, `seed[0] is 0.5; ${seedMend}`],
  [
    "r.random_sample(-1)",
    (r) => r.random(-1),
    RangeError,
    "shape is -1; give whole numbers that are not negative",
  ],
  [
    "r.uniform(0, 1, (2, -3))",
    (r) => r.uniform(0, 1, [2, -3]),
    RangeError,
    "shape is [2,-3]; give whole numbers that are not negative",
  ],
  ["r.randn(2.5)", (r) => r.randn(2.5), RangeError, "shape is 2.5; give whole numbers that are not negative"],
  [
    "r.random_sample('3')",
    (r) => r.random("3" as never),
    TypeError,
    'shape is "3"; give a whole number or a list of them',
  ],
  [
    "r.uniform(0, float('inf'))",
    (r) => r.uniform(0, Infinity),
    RangeError,
    "high is Infinity; give a finite number",
  ],
  [
    "r.uniform(float('nan'), 1)",
    (r) => r.uniform(Number.NaN, 1),
    RangeError,
    "low is NaN; give a finite number",
  ],
  [
    "r.uniform(-1.7e308, 1.7e308)",
    (r) => r.uniform(-1.7e308, 1.7e308),
    RangeError,
    "high - low is Infinity; give a finite number",
  ],
  [
    "r.normal(0, -1)",
    (r) => r.normal(0, -1),
    RangeError,
    "deviation is -1; give a number that is not negative",
  ],
  ["r.randint(5, 5)", (r) => r.randint(5, 5), RangeError, "low is 5 and high is 5; give a high above low"],
  [
    "r.randint(3, -2, 4)",
    (r) => r.randint(3, -2, 4),
    RangeError,
    "low is 3 and high is -2; give a high above low",
  ],
  [
    "r.randint(0)",
    (r) => r.randint(0),
    RangeError,
    "low is 0 and high is left out: randint(n) draws from 0 to n - 1, so n must be above 0",
  ],
  [
    "r.randint(0, float('nan'))",
    (r) => r.randint(0, Number.NaN),
    RangeError,
    "high is NaN; give a whole number of at most 2^53 - 1 in size",
  ],
  [
    "r.permutation(1.5)",
    (r) => r.permutation(1.5),
    RangeError,
    "population is 1.5; give a whole number that is not negative",
  ],
  [
    "r.shuffle(3)",
    (r) => r.shuffle(3 as never),
    TypeError,
    "values is 3; give a list of numbers, a typed array or a block",
  ],
  ["r.choice(0)", (r) => r.choice(0), RangeError, "population is empty; give at least one member to draw 1"],
  [
    "r.choice([], 2)",
    (r) => r.choice([], { size: 2 }),
    RangeError,
    "population is empty; give at least one member to draw 2",
  ],
  [
    "r.choice(-3)",
    (r) => r.choice(-3),
    RangeError,
    "population is -3; give a whole number that is not negative",
  ],
  [
    "r.choice(3, (2, 2), False)",
    (r) => r.choice(3, { size: [2, 2], replace: false }),
    RangeError,
    "size is 4 for a population of 3; draw no more, or let replace be true",
  ],
  [
    "r.random_sample((2, -1))",
    (r) => r.random(2, -1),
    RangeError,
    "shape is [2,-1]; give whole numbers that are not negative",
  ],
  [
    "r.choice(3, (2, 2), False)",
    (r) => r.choice(3, [2, 2], false),
    RangeError,
    "size is 4 for a population of 3; draw no more, or let replace be true",
  ],
  [
    "r.choice(3, 2, False, [0, 1, 0])",
    (r) => r.choice(3, 2, false, [0, 1, 0]),
    RangeError,
    "size is 2, but only 1 of p are above 0; draw no more, or let replace be true",
  ],
  [
    "r.choice(3, replacement=False)",
    (r) => r.choice(3, { replacement: false } as never),
    TypeError,
    'choice: there is no option "replacement"; there are size, replace, p',
  ],
  [
    "r.choice(3, -1)",
    (r) => r.choice(3, { size: -1 }),
    RangeError,
    "size is -1; give whole numbers that are not negative",
  ],
  [
    "r.choice(2, p=[0.5, 0.5 + 2**-25])",
    (r) => r.choice(2, { p: [0.5, 0.5 + 2 ** -25] }),
    RangeError,
    "p sums to 1.0000000298023224; divide each probability by the sum, so that it becomes 1",
  ],
  [
    "r.choice(2, p=[1.5, -0.5])",
    (r) => r.choice(2, { p: [1.5, -0.5] }),
    RangeError,
    "p[1] is -0.5; give numbers that are not negative",
  ],
  [
    "r.choice(2, p=[1, float('nan')])",
    (r) => r.choice(2, { p: [1, Number.NaN] }),
    RangeError,
    "p[1] is NaN; give numbers that are not negative",
  ],
  [
    "r.choice(2, p=[0.25, 0.25, 0.5])",
    (r) => r.choice(2, { p: [0.25, 0.25, 0.5] }),
    RangeError,
    "p has 3 probabilities for a population of 2; give one for each",
  ],
  [
    "r.choice(3, 2, False, [0, 1, 0])",
    (r) => r.choice(3, { size: 2, replace: false, p: [0, 1, 0] }),
    RangeError,
    "size is 2, but only 1 of p are above 0; draw no more, or let replace be true",
  ],
  [
    "r.choice(np.zeros((2, 2)))",
    (r) =>
      r.choice({ dtype: "float64", data: new Float64Array(4), shape: [2, 2], strides: [2, 1], offset: 0 }),
    RangeError,
    "population has shape [2, 2]; give numbers along one axis",
  ],
];

/** What is refused here though NumPy finds a meaning for it. */
const ownRefusals: [Attempt, typeof RangeError, string][] = [
  [(r) => r.choice(3, 2, 0 as never), TypeError, "replace is 0; give true or false"],
  [
    (r) => r.choice(3, { size: 2 } as never, false),
    TypeError,
    "choice: give options, or size, replace and p in this order, not both",
  ],
  [(r) => r.randint(2.5), RangeError, "low is 2.5; give a whole number of at most 2^53 - 1 in size"],
  [
    (r) => r.randint(0, 2 ** 53),
    RangeError,
    "high is 9007199254740992; give a whole number of at most 2^53 - 1 in size",
  ],
  [(r) => r.normal(Number.NaN, 1), RangeError, "mean is NaN; give a finite number"],
  [(r) => r.normal(0, Infinity), RangeError, "deviation is Infinity; give a finite number"],
  [(r) => r.permutation(-1), RangeError, "population is -1; give a whole number that is not negative"],
  [(r) => r.permutation(["a"] as never), TypeError, 'population[0] is "a"; give numbers or booleans'],
  [
    (r) => r.permutation(null as never),
    TypeError,
    "population is null; give a list of numbers, a typed array or a block",
  ],
  [
    (r) => r.permutation(new BigInt64Array(2) as never),
    TypeError,
    "population is a BigInt64Array; give a Float64Array, Float32Array, Int32Array or Uint8Array",
  ],
];

const good = new RandomState(1).getState();
const key = good.state.key;
const stateMend = "give what getState() returned";
const badStates: [unknown, typeof RangeError, string][] = [
  [null, TypeError, `state: bit_generator is undefined, not "MT19937"; ${stateMend}`],
  [
    { ...good, bit_generator: "PCG64" },
    TypeError,
    `state: bit_generator is "PCG64", not "MT19937"; ${stateMend}`,
  ],
  [{ ...good, state: undefined }, TypeError, `state: key is undefined, not a list; ${stateMend}`],
  [{ ...good, state: { key: [1, 2], pos: 0 } }, RangeError, `state: key has 2 words, not 624; ${stateMend}`],
  [
    { ...good, state: { key: key.map((word, i) => (i === 7 ? -1 : word)), pos: 0 } },
    RangeError,
    `state: key[7] is -1, not a whole number below 2^32; ${stateMend}`,
  ],
  [
    { ...good, state: { key, pos: 625 } },
    RangeError,
    `state: pos is 625, not a whole number from 0 to 624; ${stateMend}`,
  ],
  [{ ...good, has_gauss: true }, RangeError, `state: has_gauss is true, neither 0 nor 1; ${stateMend}`],
  [{ ...good, gauss: "0" }, RangeError, `state: gauss is "0", not finite; ${stateMend}`],
];

function refusal(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    return error;
  }
}

describe("a wrong argument is refused, by its name and value, with a way to mend it", () => {
  it("where NumPy refuses it too", () => {
    const script = `
import json, sys
import numpy as np
from numpy.random import RandomState

def refused(expression):
    try:
        eval(expression, {"np": np, "RandomState": RandomState, "r": RandomState(1)})
    except (ValueError, TypeError, OverflowError, IndexError):
        return True
    return False

print(json.dumps([expression for expression in json.load(sys.stdin) if not refused(expression)]))
`;
    expect(
      JSON.parse(
        runPython(
          script,
          refusals.map(([python]) => python),
        ),
      ),
    ).toEqual([]);
    for (const [, attempt, kind, message] of refusals) {
      const error = refusal(() => attempt(new RandomState(1)));
      expect(error, message).toBeInstanceOf(kind);
      expect((error as Error).message).toBe(message);
    }
  });

  it("where NumPy would truncate, go on with NaN, or take any object", () => {
    for (const [attempt, kind, message] of ownRefusals) {
      const error = refusal(() => attempt(new RandomState(1)));
      expect(error, message).toBeInstanceOf(kind);
      expect((error as Error).message).toBe(message);
    }
  });

  it("and the generator has not moved", () => {
    for (const [, attempt, , message] of refusals) {
      const generator = new RandomState(1);
      refusal(() => attempt(generator));
      expect(generator.getState(), message).toEqual(good);
    }
  });

  it("in a state", () => {
    for (const [state, kind, message] of badStates) {
      const generator = new RandomState(1);
      const error = refusal(() => generator.setState(state as RandomStateSnapshot));
      expect(error, message).toBeInstanceOf(kind);
      expect((error as Error).message).toBe(message);
      expect(generator.getState()).toEqual(good);
    }
  });
});
