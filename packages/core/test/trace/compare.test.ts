import { expect, test } from "vitest";
import { compare } from "../../src/trace/compare.ts";
import { Trace } from "../../src/trace/trace.ts";
import { lights } from "./examples.ts";

test("equal trainings have no difference, however they were recorded", () => {
  const left = Trace.record(lights({ epochs: 8, batch: 1 }));
  const right = Trace.record(lights({ epochs: 8, batch: 1 }), { budget: 1 });
  expect(compare(left, right)).toBeUndefined();
});

test("another seed parts them at the first weight that is drawn", () => {
  const left = Trace.record(lights({ epochs: 2, batch: 1 }));
  const score = lights({ epochs: 2, batch: 1 });
  const right = Trace.record({ ...score, seed: 2 });
  const found = compare(left, right)!;
  expect(found).toMatchObject({ epoch: 0, batch: 0, array: "weights_0_1", element: [0, 0] });
  expect(found.step).toBeUndefined();
  // 2 * random() - 1, which NumPy prints as -0.16595599 for seed 1 and -0.1280102 for seed 2.
  expect(found.left).toBeCloseTo(-0.16595599, 7);
  expect(found.right).toBeCloseTo(-0.1280102, 7);
});

test("an edit parts them where it was made", () => {
  const trunk = Trace.record(lights({ epochs: 4, batch: 1 }));
  const branch = trunk.seek({ epoch: 2, batch: 3, phase: "backpropagate" }).edit("weights_1_2", [1, 0], 0.5);
  expect(compare(trunk, branch)).toMatchObject({
    epoch: 2,
    batch: 3,
    phase: "compare",
    array: "weights_1_2",
    element: [1, 0],
    right: 0.5,
  });
});

test("other data part them at the first row that uses them", () => {
  const score = lights({ epochs: 3, batch: 1 });
  const left = Trace.record(score);
  const layer_0 = [
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 1],
    [1, 1, 0.5],
  ];
  const right = Trace.record({ ...score, data: { ...score.data, layer_0 } });
  expect(compare(left, right)).toEqual({
    epoch: 0,
    batch: 3,
    array: "layer_0",
    element: [0, 2],
    left: 1,
    right: 0.5,
  });
});

test("another step size parts them at the update's product", () => {
  const score = lights({ epochs: 3, batch: 1 });
  const left = Trace.record(score);
  const right = Trace.record({
    ...score,
    loop: { ...score.loop, settings: { alpha: [0.2, 0.2, 0.1, ...new Array(9).fill(0.2)] } },
  });
  const found = compare(left, right)!;
  expect(found).toMatchObject({ epoch: 0, batch: 2, array: "alpha", element: [], left: 0.2, right: 0.1 });
});

test("different programs are not compared", () => {
  const left = Trace.record(lights({ epochs: 1, batch: 1 }));
  const right = Trace.record(lights({ epochs: 1, batch: 1 }, { hidden: 3 }));
  expect(() => compare(left, right)).toThrow("these traces are of different programs");
});

test("the traces stay where they stand", () => {
  const left = Trace.record(lights({ epochs: 3, batch: 1 }));
  const right = left.seek({ epoch: 1, batch: 2, step: 3 }).edit("weights_1_2", [0, 0], 1);
  left.seek({ epoch: 2, batch: 1, step: 5 });
  expect(compare(left, right)).toBeDefined();
  expect(left.position).toEqual({ epoch: 2, batch: 1, step: 5 });
  expect(right.position).toEqual({ epoch: 1, batch: 2, step: 3 });
  expect(right.read("weights_1_2")!.at(0, 0)).toBe(1);
});
