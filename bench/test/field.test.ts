import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { Field, measureOnce } from "../src/harness/field.ts";
import { beSilent } from "../src/harness/progress.ts";
import type { Registry } from "../src/harness/registry.ts";
import { cleanUp } from "../src/harness/scratch.ts";
import type { Contender } from "../src/tasks/contenders.ts";

beSilent();
afterAll(cleanUp);

const fake = fileURLToPath(new URL("fake.mjs", import.meta.url));
const pace = { rounds: 3, turn: 0.002, budget: 10 };
const work = {
  spec: { kind: "copy", data: "", bytes: 0 } as const,
  initial: Float64Array.of(0),
  tolerance: { loss: 1e-6, numbers: 1e-6 },
};

function contender(id: string, words: object, more: Partial<Contender> = {}): Contender {
  const options = { threads: 1, ...words } as Contender["options"];
  return { id, peer: "JavaScript", label: id, runtime: "node", program: fake, options, ...more };
}

const registry = {
  invocation: ({ id, program, options }: Contender) =>
    id === "missing"
      ? { missing: "it is not installed" }
      : { command: process.execPath, args: [program, JSON.stringify(options)], env: process.env },
} as unknown as Registry;

test("contenders take turns; those who are missing, fail or disagree are named and not measured", async () => {
  const contenders = [
    contender("first", {}),
    contender("same", { says: 1 + 1e-9, prints: "a library says hello" }),
    contender("other", { says: 1.1 }),
    contender("inexact", { says: 1 + 1e-9 }, { exact: true }),
    contender("missing", {}),
    contender("broken", { fails: "no such library" }),
    contender("silent", { silent: "run" }),
  ];
  const found = await measureOnce("test", contenders, work, pace, registry);
  expect(found.map(({ id, status }) => `${id}: ${status}`)).toEqual([
    "first: measured",
    "same: measured",
    "other: disagrees",
    "inexact: disagrees",
    "missing: absent",
    "broken: absent",
    "silent: absent",
  ]);
  const [first, same, other, inexact, missing, broken, silent] = found;
  expect(first!.seconds).toEqual([0.001, 0.001, 0.001]);
  expect(first).toMatchObject({ versions: { fake: "1.0" }, plan: "nothing", loss: 0.5, peak: 12345 });
  expect(same!.off!.numbers).toBeCloseTo(1e-9, 12);
  expect(other!.why).toContain("off by 10 %");
  expect(inexact!.why).toContain("bit for bit");
  expect(missing!.why).toBe("it is not installed");
  expect(broken!.why).toContain("no such library");
  expect(silent!.why).toBe("it ended without a word");
});

test("a field measures several pieces of work; who fails in one is absent from then on", async () => {
  const field = await Field.start(
    "test",
    [contender("first", {}), contender("gone", { silent: "run" })],
    registry,
  );
  for (let point = 0; point < 2; point++) {
    const found = await field.measure(pace, work);
    expect(found.map(({ status }) => status)).toEqual(["measured", "absent"]);
  }
  expect(await field.end()).toEqual(new Map([["first", 12345]]));
});
