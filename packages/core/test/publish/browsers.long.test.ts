import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { build as viteBuild } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Recipe, recipe } from "../engines/randomNetworks.ts";
import { isolation, openPage } from "./chromium.ts";
import { openInFirefox } from "./firefox.ts";
import { type Told, told } from "./networkBits.ts";

const networks = 200;
/** Drawn here for all: a bundler may list the exports of a module, from which some are drawn, in another order. */
const recipes = JSON.stringify(fc.sample(recipe, { seed: 1, numRuns: networks }));
/** In milliseconds, for a browser on a busy machine. */
const patience = 1_800_000;

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A page that has a worker do what `told` does; it keeps what comes of it, and posts it. */
const page = {
  "index.html": '<!doctype html><title>Streetlight</title><script type="module" src="./page.js"></script>',
  "page.js": `
    const tell = (told) => {
      globalThis.told = told;
      fetch("/told", { method: "POST", body: JSON.stringify(told) });
    };
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => tell(data);
    worker.onerror = ({ message }) => tell({ error: message });`,
  "worker.js": `
    import { told } from ${JSON.stringify(source("networkBits.ts"))};
    told(${recipes}).then(postMessage, (error) => postMessage({ error: String(error.stack ?? error) }));`,
};

let folder: string;
let here: Told;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streetlight-browsers-"));
  for (const [file, text] of Object.entries(page)) writeFileSync(join(folder, file), text);
  await viteBuild({
    root: folder,
    configFile: false,
    logLevel: "error",
    base: "./",
    build: { target: "es2022" },
    worker: { format: "es" },
    resolve: { alias: { "@streetlight/core": source("../../src/index.ts") } },
  });
  here = await told(JSON.parse(recipes) as Recipe[]);
}, patience);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("in Node the chapter and the networks are trained, and each network comes to bits of its own", () => {
  expect(here.chapter.length).toBeGreaterThan(50);
  expect(here.networks).toHaveLength(networks);
  // Those that compute nothing that can be shared are few.
  expect(here.onTwoThreads).toBeGreaterThan(networks / 2);
  for (const { recipe, reference, wasm, shared } of here.networks)
    expect([wasm, shared], recipe).toEqual([reference, reference]);
  // Two networks of so many are hardly the same one; a hash of nothing would be.
  expect(new Set(here.networks.map(({ reference }) => reference)).size).toBeGreaterThan(0.9 * networks);
});

describe.each([
  ["Chromium", (headers: object) => openPage<Told>(join(folder, "dist"), "told", { ...headers }, patience)],
  ["Firefox", (headers: object) => openInFirefox<Told>(join(folder, "dist"), { ...headers }, patience)],
])("%s", (_, open) => {
  test.each([
    ["threads share memory", isolation, true],
    ["no memory is shared", {}, false],
  ])(
    "prints the chapter and trains the networks to Node's bits where %s",
    async (_, headers, threads) => {
      const there = await open(headers);
      expect(there).not.toHaveProperty("error");
      expect(there.onTwoThreads).toBe(threads ? here.onTwoThreads : 0);
      expect(there.chapter).toEqual(here.chapter);
      expect(there.networks).toEqual(here.networks);
    },
    patience,
  );
});
