import { expect, test } from "vitest";
import { times } from "../long.ts";
import { type Bundled, bundled, ended } from "./child.ts";

/** Files in a process: few enough that its peak of memory is about that of its largest file. */
const together = 250;

/** A process of Node holds garbage beside what it needs: V8 collects it when there is some. */
const garbage = 100;

interface Found {
  readonly problems: readonly unknown[];
  readonly loaded: number;
  readonly refused: number;
}

/** Reads so many files in a process of its own, and looks for the one that takes too much where they do. */
async function reading({ start }: Bundled, from: number, to: number): Promise<Found> {
  const child = start(`${from}`, `${to}`, "Infinity");
  const slow = setTimeout(() => child.kill("SIGKILL"), 240_000);
  const { printed } = await ended(child);
  clearTimeout(slow);
  const lines = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const problems: unknown[] = lines.filter(({ problem }) => problem !== undefined);
  const last = lines[lines.length - 1];
  if (last.peak === undefined)
    problems.push({ seed: last.seed, problem: "ended its process, or did not end" });
  const allowed = lines[0].baseline + 64 + (10 * last.largest) / 2 ** 20 + garbage;
  if (last.peak > allowed) {
    if (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      const halves = [
        await reading({ start } as Bundled, from, middle),
        await reading({ start } as Bundled, middle, to),
      ];
      problems.push(...halves.flatMap((half) => half.problems));
    } else problems.push({ seed: from, problem: `took ${last.peak} MiB of ${allowed}` });
  }
  return { problems, loaded: last.loaded ?? 0, refused: lines.length - 2 - (last.loaded ?? 0) };
}

test("files that were tampered with load and behave, or are refused by the promised error, in bounded time and memory", async () => {
  const child = await bundled("reading.ts");
  const found: Found[] = [];
  const all = times(2000, 50_000);
  try {
    for (let from = 0; from < all; from += together)
      found.push(await reading(child, from, Math.min(all, from + together)));
  } finally {
    child.remove();
  }
  expect(found.flatMap(({ problems }) => problems)).toEqual([]);
  // Both happen, so the property says something.
  const sum = (part: "loaded" | "refused") => found.reduce((total, each) => total + each[part], 0);
  expect(sum("loaded")).toBeGreaterThan(all / 100);
  expect(sum("refused")).toBeGreaterThan(all / 2);
}, 3_600_000);
