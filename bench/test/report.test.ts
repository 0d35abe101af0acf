import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Result } from "../src/harness/result.ts";
import { bytes, deviation, figure, time } from "../src/report/figures.ts";
import { nearnessCells } from "../src/report/limits.ts";
import { page } from "../src/report/page.ts";
import { pictures } from "../src/report/pictures.ts";
import { table } from "../src/report/table.ts";
import { mlpWork } from "../src/tasks/mlpWork.ts";

const folder = new URL("results/", import.meta.url);
const results = new Map(
  readdirSync(folder).map((file) => {
    const result = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Result;
    return [result.task, result] as const;
  }),
);

test("figures have three digits and the unit that suits them", () => {
  expect([0.012345, 1.2345, 12.345, 123.45, 1234.5, 999.9, 0, 1e-9].map(figure)).toEqual([
    "0.0123",
    "1.23",
    "12.3",
    "123",
    "1,230",
    "1,000",
    "0",
    "0.00000000100",
  ]);
  expect([1.5e-7, 2e-3, 0.9999, 75].map(time)).toEqual(["0.150 µs", "2.00 ms", "1.00 s", "75.0 s"]);
  expect([1500, 999_900, 2.5e7, 3e9].map(bytes)).toEqual(["1.50 KB", "1.00 MB", "25.0 MB", "3.00 GB"]);
  expect([deviation(90, 100), deviation(100, 100), deviation(104, 100)]).toEqual(["−10 %", "+0 %", "+4 %"]);
});

test("a network's work is counted by hand", () => {
  // 2-3-1, 4 rows in batches of 2. Products: 6 + 3 forward, 6 + 3 in the update, 3 backward, twice each, for 4 rows.
  // Bytes: weights, 2 steps × (2 reads and a write of the first layer's 6, 3 reads and a write of the last one's 3), and
  // 4 rows × (7 for each of 4 units, 2 for each of 2 inputs), times 4.
  expect(mlpWork([2, 3, 1], 4, 2)).toEqual({
    samples: 4,
    steps: 2,
    flops: 4 * 2 * (9 + 9 + 3),
    bytes: 4 * (2 * (3 * 6 + 4 * 3) + 4 * (7 * 4 + 2 * 2)),
  });
});

test("a table shows what there is, and names who is absent", async () => {
  await expect(`${table(results.get("mlp-s")!)}\n`).toMatchFileSnapshot("expected/mlp-s.txt");
});

test("a task is compared with its own engine's best product and with a copy of its size", () => {
  // 30 of 40 GFLOP/s; 1,000,000 bytes in 10 ms are 0.1 of the 1 GB/s of the copy that is nearest in size.
  expect(nearnessCells([results.get("mlp-s")!], results.get("products")).slice(1)).toEqual([
    ["mlp-s", "wasm, 1 thread", "30.0", "75 %", "1.00 MB", "100 MB/s", "10 %"],
  ]);
});

test("the page and its pictures", async () => {
  await expect(page(results, ["mlp-s", "products", "growth"])).toMatchFileSnapshot("expected/performance.md");
  const drawn = pictures(results);
  expect([...drawn.keys()]).toEqual(["networks.svg", "products.svg"]);
  for (const [file, picture] of drawn) await expect(picture).toMatchFileSnapshot(`expected/${file}`);
});
