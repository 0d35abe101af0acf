import { expect, test } from "vitest";
import { hasTurn, turnsWithin } from "../src/harness/pace.ts";

test("a slow contender has fewer turns, but one at least", () => {
  const pace = { rounds: 7, turn: 0.25, budget: 8 };
  expect([0.25, 1, 2, 5, 100].map((seconds) => turnsWithin(pace, seconds))).toEqual([7, 7, 4, 1, 1]);
});

test("few turns are spread over the rounds, and none is lost", () => {
  for (let turns = 1; turns <= 7; turns++) {
    const rounds = Array.from({ length: 7 }, (_, round) => hasTurn(turns, round, 7));
    expect(rounds.filter(Boolean)).toHaveLength(turns);
  }
  expect(Array.from({ length: 6 }, (_, round) => hasTurn(3, round, 6))).toEqual([
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
});
