import { expect, test } from "vitest";
import { meets, reached } from "../src/harness/goals.ts";
import { measured } from "./measured.ts";

const field = [
  measured("wasm-1", [2, 2, 2]),
  measured("wasm-2", [1, 1.1, 1.2]),
  measured("numpy-1", [4, 4.4, 3.6]),
  measured("torch-1", [9, 9, 9]),
  { ...measured("jaxjs-1", [0.1]), status: "disagrees" as const },
];

const goal = {
  says: "twice as fast",
  ours: ["wasm-1", "wasm-2"],
  theirs: ["numpy-1", "torch-1", "jaxjs-1"],
  measure: "times as fast",
  wanted: { atLeast: 3.5 },
} as const;

test("the best of each side are compared, round by round; who disagrees does not count", () => {
  const { compared, value, met } = reached(goal, field);
  expect(compared).toEqual(["Streetlight, wasm-2", "Streetlight, numpy-1"]);
  expect(value!.median).toBe(4);
  expect([value!.least, value!.most]).toEqual([3, 4]);
  expect(met).toBe(true);
});

test("a share of the time is ours over theirs, of the memory by peaks", () => {
  expect(reached({ ...goal, measure: "of the time", wanted: { atMost: 0.2 } }, field)).toMatchObject({
    value: { median: 0.25 },
    met: false,
  });
  const memory = [
    { ...measured("wasm-1", [1]), peak: 30 },
    { ...measured("numpy-1", [1]), peak: 100 },
  ];
  expect(reached({ ...goal, measure: "of the memory", wanted: { atMost: 1 / 3 } }, memory)).toMatchObject({
    value: { median: 0.3 },
    met: true,
  });
});

test("a goal without the others is open", () => {
  const { met, value } = reached({ ...goal, theirs: ["jaxjs-1"] }, field);
  expect([met, value]).toEqual([undefined, undefined]);
});

test("below is less than, at most is not", () => {
  expect([meets(1, { below: 1 }), meets(1, { atMost: 1 }), meets(1, { atLeast: 1 })]).toEqual([
    false,
    true,
    true,
  ]);
});
