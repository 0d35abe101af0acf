import fc from "fast-check";
import { expect, test } from "vitest";
import { array, wrap } from "../../src/array/create.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { compare } from "../../src/trace/compare.ts";
import { loadTrace, saveTrace } from "../../src/trace/file.ts";
import type { Score } from "../../src/trace/player.ts";
import { Trace } from "../../src/trace/trace.ts";
import { lights } from "./examples.ts";

/** Every array of a training at a place, by running straight to it in a session of its own. */
function direct({ program, data, loop, seed }: Score, batch: number, step: number): Map<string, number[]> {
  const size = loop.batch as number;
  const rows = 4;
  const perEpoch = Math.ceil(rows / size);
  const session = reference.open(program, { seed: seed!, capacity: size, keep: "all" });
  session.load(data);
  session.fit({ ...loop, to: batch });
  const first = (batch % perEpoch) * size;
  const slice = (name: string) => array(data[name]!).slice([first, first + size]);
  session.write({ layer_0: slice("layer_0"), walk_vs_stop: slice("walk_vs_stop") });
  if (first === 0) session.write({ layer_2_error: 0 });
  if (step > 0) session.run({ steps: [0, step], accumulate: true });
  const computed = new Set(program.data.steps.slice(step).map(({ writes }) => writes));
  const ready = program.data.arrays.filter(
    ({ name, role }) => !computed.has(name) || ["weights", "metric"].includes(role),
  );
  return new Map(ready.map(({ name }) => [name, [...session.read(name).toTyped()]]));
}

/** What a trace shows at its place; computed arrays that are still to come are left out. */
function shown(trace: Trace): Map<string, number[]> {
  return new Map(
    trace.program.data.arrays.flatMap(({ name }) => {
      const numbers = trace.read(name);
      return numbers === undefined ? [] : [[name, [...numbers.toTyped()]] as const];
    }),
  );
}

function expectSame(trace: Trace, batch: number, step: number): void {
  const wanted = direct(trace.score, batch, step);
  for (const [name, numbers] of shown(trace)) expect(numbers, name).toEqual(wanted.get(name));
}

test("any place sought, in any order and with any budget, shows the bits of a direct run", () => {
  const place = fc.record({ epoch: fc.nat(9), batch: fc.nat(3), step: fc.nat(20) });
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 3),
      fc.constantFrom(1, 4000, 1e6),
      fc.array(place, { minLength: 1, maxLength: 6 }),
      (size, budget, places) => {
        const score = lights({ epochs: 10, batch: size }, { bias: true });
        const trace = Trace.record(score, { budget });
        const perEpoch = Math.ceil(4 / size);
        for (const { epoch, batch, step } of places) {
          const inEpoch = batch % perEpoch;
          const steps = step % (score.program.data.steps.length + 1);
          trace.seek({ epoch, batch: inEpoch, step: steps });
          expectSame(trace, epoch * perEpoch + inEpoch, steps);
        }
      },
    ),
    { numRuns: 25, seed: 7 },
  );
});

test("arrays that the batch has not come to are not there, rather than zero", () => {
  const trace = Trace.record(lights({ epochs: 2, batch: 1 }));
  trace.seek({ epoch: 1, batch: 2, phase: "compare" });
  expect(trace.read("layer_2")).toBeDefined();
  expect(trace.read("layer_2_delta")).toBeUndefined();
  trace.seek({ epoch: 1, batch: 2, phase: "update" });
  expect(trace.read("layer_2_delta")).toBeDefined();
});

test.each(["step", "line", "phase", "batch", "epoch"] as const)(
  "a walk by %s comes back the way it went",
  (unit) => {
    const trace = Trace.record(lights({ epochs: 3, batch: 2 }));
    const there = [trace.position];
    while (trace.forward(unit)) there.push(trace.position);
    expect(trace.position).toEqual({ epoch: 2, batch: 1, step: trace.program.data.steps.length });
    const end = shown(trace);
    expect(trace.forward(unit)).toBe(false);
    const back = [trace.position];
    while (trace.back(unit)) back.push(trace.position);
    expect(back.length).toBeGreaterThan(2);
    expect(trace.position).toEqual(there[0]);
    for (const position of there) expect([...back, there[0]]).toContainEqual(position);
    trace.seek({ epoch: 2, batch: 1, step: trace.program.data.steps.length });
    expect(shown(trace)).toEqual(end);
  },
);

test("a walk by line stops after each line of the program, with its array computed", () => {
  const trace = Trace.record(lights({ epochs: 1, batch: 1 }));
  const computed: string[] = [];
  for (const line of trace.program.lines) {
    trace.forward("line");
    expect(trace.read(line.writes)).toBeDefined();
    computed.push(line.writes);
  }
  expect(computed).toEqual([
    "layer_1",
    "layer_2",
    "layer_2_error",
    "layer_2_delta",
    "layer_1_delta",
    "weights_1_2",
    "weights_0_1",
  ]);
  expect(trace.position.step).toBe(trace.program.data.steps.length);
});

test("metrics of an epoch are those that fit reports", () => {
  const score = lights({ epochs: 12, batch: 3 });
  const trace = Trace.record(score);
  const session = reference.open(score.program, { seed: 1, capacity: 3 });
  session.load(score.data);
  for (const { epoch, metrics } of session.fit(score.loop)) expect(trace.metricsOf(epoch)).toEqual(metrics);
});

test("a branch differs from the edit on, and the trunk does not change", () => {
  const trace = Trace.record(lights({ epochs: 6, batch: 1 }));
  const steps = trace.program.data.steps.length;
  const before = [...trace.seek({ epoch: 5, batch: 3, step: steps }).read("weights_0_1")!.toTyped()];
  trace.seek({ epoch: 2, batch: 1, phase: "update" });
  const branch = trace.edit("weights_0_1", [2, 1], 0.25);
  expect(branch.position).toEqual(trace.position);
  expect(branch.read("weights_0_1")!.at(2, 1)).toBe(0.25);
  expect(trace.read("weights_0_1")!.at(2, 1)).not.toBe(0.25);
  expect([...trace.seek({ epoch: 5, batch: 3, step: steps }).read("weights_0_1")!.toTyped()]).toEqual(before);

  // The same by hand: run to the edit, write, run on.
  const { program, data } = trace.score;
  const session = reference.open(program, { seed: 1, keep: "all" });
  session.load(data);
  session.fit({ batch: 1, to: 9 });
  session.write({ layer_0: [[0, 1, 1]], walk_vs_stop: [[1]] });
  const update = program.data.steps.findIndex((step) => step.phase === "update");
  session.run({ steps: [0, update] });
  const weights = wrap(session.read("weights_0_1"));
  weights.slice(2, 1).assign(0.25);
  session.write({ weights_0_1: weights });
  session.run({ steps: [update, steps] });
  session.fit({ batch: 1, from: 10, to: 24 });
  branch.seek({ epoch: 5, batch: 3, step: steps });
  expect(branch.read("weights_0_1")!.toArray()).toEqual(session.read("weights_0_1").toArray());
  expect(branch.read("weights_1_2")!.toArray()).toEqual(session.read("weights_1_2").toArray());
});

test("an edit at the start of a batch shows at once and a later branch keeps it", () => {
  const trace = Trace.record(lights({ epochs: 3, batch: 1 }));
  const first = trace.seek({ epoch: 1 }).edit("weights_1_2", [0, 0], 2);
  expect(first.read("weights_1_2")!.at(0, 0)).toBe(2);
  const second = first.seek({ epoch: 2 }).edit("alpha", [], 0.1);
  expect(second.read("alpha")!.at()).toBe(0.1);
  expect(second.seek({ epoch: 1 }).read("weights_1_2")!.at(0, 0)).toBe(2);
  expect(second.seek({ epoch: 1 }).read("alpha")!.at()).toBe(0.2);
  expect(second.seek({ epoch: 2, batch: 3 }).read("alpha")!.at()).toBe(0.1);
});

test("keyframes stay within their budget and a seek replays at most their distance", () => {
  const score = lights({ epochs: 500, batch: 1 });
  for (const budget of [1, 20_000, 100_000]) {
    const { bytes, keyframes, replay } = Trace.record(score, { budget }).cost;
    expect(bytes - 8 * 2001).toBeLessThanOrEqual(Math.max(budget, 2 * (18 * 8 + 4 * 400)));
    expect(keyframes * replay).toBeGreaterThanOrEqual(2000 - replay);
  }
});

test("a trace has data of its own: what is done later to those handed over changes nothing", () => {
  const score = lights({ epochs: 3, batch: 1 });
  const lamps = array([
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 1],
    [1, 1, 1],
  ]);
  const trace = Trace.record({ ...score, data: { ...score.data, layer_0: lamps } });
  const other = Trace.record(score);
  lamps.assign(7);
  expect(compare(trace, other)).toBeUndefined();
  expect(loadTrace(saveTrace(trace)).seek({ epoch: 2 }).read("layer_0")!.toArray()).toEqual([[1, 0, 1]]);
});

test("places that are not there are refused by name", () => {
  const trace = Trace.record(lights({ epochs: 3, batch: 2 }));
  expect(() => trace.seek({ epoch: 3 })).toThrow("there is no epoch 3: they are counted from 0 to 2");
  expect(() => trace.seek({ epoch: 0, batch: 2 })).toThrow(
    "there is no batch 2: they are counted from 0 to 1",
  );
  expect(() => trace.seek({ epoch: 0, step: 99 })).toThrow("there is no step 99");
  expect(() => trace.seek({ epoch: 0.5 })).toThrow("there is no epoch 0.5");
  expect(() => trace.read("layer_3")).toThrow('there is no array "layer_3" in train; did you mean "layer_');
  expect(() => trace.edit("layer_1", [0, 0], 1)).toThrow("layer_1 is activation, which is computed");
  expect(() => trace.edit("weights_0_1", [3, 0], 1)).toThrow(
    "weights_0_1 is 3 × 4 and has no element [3, 0]",
  );
  expect(() => trace.edit("weights_0_1", [0, 0], Number.NaN)).toThrow("NaN cannot be set");
  expect(() => Trace.record(lights({ from: 2, to: 8 }))).toThrow(
    "a trace begins with an epoch, but loop.from is 2 and epochs have 4 batches",
  );
});
