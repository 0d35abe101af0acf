import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dense } from "../../src/layers/dense.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { compare } from "../../src/trace/compare.ts";
import { loadTrace, saveTrace } from "../../src/trace/file.ts";
import { Trace } from "../../src/trace/trace.ts";
import { expectSameBits } from "../program/bits.ts";
import { data, learning, small } from "../train/nets.ts";
import { lights } from "./examples.ts";

const awkward = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0, 5e-324, 0.1];

test("settings come back from a file to the bit, whatever numbers they are", () => {
  for (const alpha of awkward) {
    const whole = Trace.record(lights({ epochs: 1, batch: 1, settings: { alpha } }));
    expectSameBits([loadTrace(saveTrace(whole)).score.loop.settings!.alpha as number], [alpha], "alpha");
  }
  const falling = Trace.record(lights({ epochs: 2, batch: 1, settings: { alpha: [0.1, 0.2, ...awkward] } }));
  const again = loadTrace(saveTrace(falling));
  expect(again.hashes).toEqual(falling.hashes);
  expect(saveTrace(again)).toBe(saveTrace(falling));
  for (const [batch, value] of awkward.entries()) {
    again.seek(again.placeOf(batch + 2));
    expectSameBits(again.read("alpha")!.toTyped(), [value], `alpha of ${batch}`);
  }
});

test("a training whose schedule leaves the finite numbers is saved and loaded", async () => {
  const lost = sgd(({ batch }) => (batch < 5 ? 0.1 : 1 / 0));
  const trace = await small().trace(data, { ...learning, optimizer: lost, epochs: 2 });
  const again = loadTrace(saveTrace(trace));
  expect(compare(trace, again)).toBeUndefined();
  expect(again.hashes).toEqual(trace.hashes);
});

test("an edit to −0 is saved as one", () => {
  const branch = Trace.record(lights({ epochs: 1, batch: 1 })).edit("weights_1_2", [0, 0], -0);
  const again = loadTrace(saveTrace(branch));
  expect(Object.is(again.read("weights_1_2")!.at(0, 0), -0)).toBe(true);
  expect(again.events).toEqual(branch.events);
});

test("a file that version 1 has written plays as it was recorded", async () => {
  const text = readFileSync(new URL("files/version1.txt", import.meta.url), "utf8");
  expect(JSON.parse(text)).toMatchObject({ version: 1, loop: { settings: { alpha: [0.1, 0.2, 0.3, 0.4] } } });
  const trace = loadTrace(text);
  expect(trace.events).toMatchObject([{ array: "alpha", batch: 2, step: 2, value: 0.05 }]);
  const { data } = network(3, [dense(2)], { seed: 1 }).trainer({ ...learning, optimizer: sgd(0.2) });
  // Programs did not yet say which names they had made up.
  const arrays = data.arrays.map(({ invented: _, ...array }) => array);
  expect(trace.program.data).toEqual({ ...data, arrays });
  expect(trace.seek({ epoch: 1, batch: 1 }).read("alpha")!.at()).toBe(0.4);
  expect(loadTrace(saveTrace(trace)).hashes).toEqual(trace.hashes);
  expect(() => loadTrace(text.replace('"end":[', '"end":[1'))).toThrow("does not end where it was recorded");
});
