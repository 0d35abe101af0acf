import { expect, test } from "vitest";
import type { Unit } from "../../src/trace/place.ts";
import { stopWhen } from "../../src/trace/stopWhen.ts";
import { Trace } from "../../src/trace/trace.ts";
import { lights } from "./examples.ts";

test.each(["step", "line", "phase"] as const)("a step back by %s takes back a step on", (unit) => {
  const trace = Trace.record(lights({ epochs: 2, batch: 2 }));
  const places = [trace.position];
  while (trace.forward(unit)) {
    const there = trace.position;
    trace.back(unit);
    expect(trace.position).toEqual(places.at(-1));
    trace.forward(unit);
    expect(trace.position).toEqual(there);
    places.push(there);
  }
  for (const batch of [0, 1]) expect(places).toContainEqual({ epoch: 1, batch, step: 0 });
  for (const place of places.slice(0, -1).reverse()) {
    trace.back(unit);
    expect(trace.position).toEqual(place);
  }
});

test("at the start of a batch its rows are in place, and nothing is computed", () => {
  const trace = Trace.record(lights({ epochs: 1, batch: 1 }));
  trace.forward("batch");
  trace.back("step");
  trace.forward("step");
  expect(trace.position).toEqual({ epoch: 0, batch: 1, step: 0 });
  expect(trace.read("layer_0")!.toArray()).toEqual([[0, 1, 1]]);
  expect(trace.read("layer_1")).toBeUndefined();
});

test("another unit is refused, and the units are listed", () => {
  const trace = Trace.record(lights({ epochs: 1, batch: 1 }));
  for (const unit of ["steps", "", "toString", null] as unknown as Unit[])
    for (const walk of [() => trace.forward(unit), () => trace.back(unit)]) {
      expect(walk).toThrow(RangeError);
      expect(walk).toThrow(
        `there is no unit ${JSON.stringify(unit)}: walk by step, line, phase, batch or epoch`,
      );
    }
  expect(trace.position).toEqual({ epoch: 0, batch: 0, step: 0 });
});

test("a search for inputs looks at the batch where it begins, and goes on from where it stopped", () => {
  const trace = Trace.record(lights({ epochs: 2, batch: 1 }));
  const isLit = stopWhen("layer_0", (row) => row.at(0, 0) === 1);
  const found: unknown[] = [];
  while (trace.find(isLit)) {
    found.push(trace.position);
    trace.metricsOf(0);
  }
  expect(found).toEqual([0, 1].flatMap((epoch) => [0, 3].map((batch) => ({ epoch, batch, step: 0 }))));
  for (const _ of [0, 1]) {
    trace.seek({ epoch: 0 });
    expect(trace.find(isLit)).toBe(true);
    expect(trace.position).toEqual({ epoch: 0, batch: 0, step: 0 });
  }
  expect(trace.find(stopWhen("walk_vs_stop", (row) => row.at(0, 0) === 1))).toBe(true);
  expect(trace.position).toEqual({ epoch: 0, batch: 0, step: 0 });
});
