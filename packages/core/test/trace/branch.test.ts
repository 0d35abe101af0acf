import { expect, test } from "vitest";
import { compare } from "../../src/trace/compare.ts";
import { loadTrace, saveTrace } from "../../src/trace/file.ts";
import { Trace } from "../../src/trace/trace.ts";
import { lights } from "./examples.ts";

/** The longest way from a keyframe to the next, or to the end. */
function longestGap({ keyframes, batches }: Trace): number {
  const starts = [...[...keyframes.entries()].map(([start]) => start), batches];
  return Math.max(...starts.slice(1).map((start, k) => start - starts[k]!));
}

test("a branch keeps to the budget of its trace, and says what a seek replays", () => {
  const trunk = Trace.record(lights({ epochs: 400, batch: 1 }), { budget: 30_000 });
  const branch = trunk.seek({ epoch: 390 }).edit("weights_1_2", [0, 0], 0.5);
  const again = branch.seek({ epoch: 395 }).edit("weights_1_2", [0, 0], 0.25);
  const larger = trunk.edit("weights_1_2", [0, 0], 0.5, { budget: 300_000 });
  const smaller = trunk.edit("weights_1_2", [0, 0], 0.5, { budget: 10_000 });
  for (const trace of [trunk, branch, again, larger, smaller])
    expect(trace.cost.replay).toBe(longestGap(trace));
  const most = trunk.cost.bytes - trunk.hashes.byteLength;
  for (const trace of [branch, again])
    expect(trace.cost.bytes - trace.hashes.byteLength).toBeLessThanOrEqual(Math.max(most, 30_000));
  expect(larger.cost.keyframes).toBeGreaterThan(trunk.cost.keyframes);
  expect(smaller.cost.keyframes).toBeLessThan(trunk.cost.keyframes);
  for (const trace of [larger, smaller]) expect(compare(trace, branch)).toBeUndefined();
});

/** The step size of each batch. */
function stepSizes(trace: Trace): number[] {
  return Array.from({ length: trace.batches - trace.first }, (_, k) =>
    trace
      .seek({ ...trace.placeOf(trace.first + k), step: 1 })
      .read("alpha")!
      .at(),
  );
}

const falling = Float64Array.from({ length: 12 }, (_, batch) => 0.12 - batch / 100);

test.each([
  ["one value for each batch", falling],
  ["one value for all", 0.3],
] as const)("a setting that is edited stays as edited, where the loop has %s", (_, alpha) => {
  const given = (batch: number) => (typeof alpha === "number" ? alpha : alpha[batch]!);
  const trunk = Trace.record(lights({ epochs: 3, batch: 1, settings: { alpha } }));
  const before = stepSizes(trunk);
  const branch = trunk.seek({ epoch: 1, batch: 1 }).edit("alpha", [], 0);
  expect(stepSizes(branch)).toEqual([...before.slice(0, 5), 0, 0, 0, 0, 0, 0, 0]);
  expect(stepSizes(trunk)).toEqual(before);
  expect(branch.events).toHaveLength(1);

  const update = trunk.program.data.steps.findIndex(({ phase }) => phase === "update");
  const earlier = branch.seek({ epoch: 0, batch: 2, step: update }).edit("alpha", [], 0.5);
  expect(stepSizes(earlier)).toEqual([...before.slice(0, 2), given(2), 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0]);
  expect(earlier.seek({ epoch: 0, batch: 2, step: update }).read("alpha")!.at()).toBe(0.5);

  for (const trace of [branch, earlier]) {
    const again = loadTrace(saveTrace(trace));
    expect(again.hashes).toEqual(trace.hashes);
    expect(stepSizes(again)).toEqual(stepSizes(trace));
  }
  expect(compare(trunk, branch)).toMatchObject({ epoch: 1, batch: 1, array: "alpha", right: 0 });
});
