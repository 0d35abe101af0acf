import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { shimText } from "../src/against/shim.ts";
import { comparedText, exitCode, summed } from "../src/against/verdict.ts";

const work = { name: "lights", says: "a training", timing: "warm" } as const;
/** Fifteen pairs whose ratios lie up to 1 % around one. */
const around = (ratio: number) =>
  Array.from({ length: 15 }, (_, round) => [ratio * (1 + (round - 7) / 700), 1] as const);
const unmeasured = { ...work, status: "unmeasured", why: "Error: no\n at", onlyNew: true } as const;

test("slower is what has its interval wholly above 1.03, faster what has it wholly below the inverse", () => {
  const verdicts = [0.9, 0.97, 1, 1.03, 1.05].map((ratio) => summed(work, around(ratio)).verdict);
  expect(verdicts).toEqual(["faster", "", "", "", "slower"]);
});

test("the exit code says whether anything is slower, and else whether the new build fails", () => {
  const [even, slower] = [summed(work, around(1)), summed(work, around(1.1))];
  expect(exitCode([even])).toBe(0);
  expect(exitCode([even, slower, unmeasured])).toBe(1);
  expect(exitCode([even, unmeasured])).toBe(3);
  expect(exitCode([even, { ...unmeasured, onlyNew: false }])).toBe(0);
});

test("the text names what is slower, what came to different numbers, and what is not compared", () => {
  const text = comparedText([{ ...summed(work, around(1.1), false), name: "slow" }, unmeasured], "new");
  expect(text.split("\n")).toEqual([
    expect.stringMatching(/^new +old +new +new \/ old +95 % interval$/),
    expect.stringMatching(/^slow +1\.00 s +1\.10 s +1\.100 +1\.09\d … 1\.10\d +slower$/),
    "slow: the two builds come to different numbers",
    "lights: not compared: Error: no",
    "slower, with its interval wholly above 1.03: slow",
  ]);
});

test("a build of former names is imported under those of today; a name that it lacks says so when it is used", async () => {
  const folder = mkdtempSync(join(tmpdir(), "streetlight-shim-"));
  try {
    const build = join(folder, "build.mjs");
    writeFileSync(build, "export const kept = 1; export const before = 2;");
    const url = pathToFileURL(build).href;
    const text = shimText(url, ["kept", "now", "added"], ["kept", "before"], { now: ["later", "before"] });
    writeFileSync(join(folder, "shim.mjs"), text);
    const shim = await import(pathToFileURL(join(folder, "shim.mjs")).href);
    expect([shim.kept, shim.now]).toEqual([1, 2]);
    for (const use of [() => shim.added(1), () => new shim.added(), () => shim.added.name])
      expect(use).toThrow("this build exports no added");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
