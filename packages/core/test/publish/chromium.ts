import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { serve } from "./serve.ts";

/** Where Debian, Ubuntu and Fedora put it, unless it is named. */
const candidates = [process.env.STREETLIGHT_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** The browser's program. Throws where there is none: a page that was not tried must not count as tried. */
function executable(): string {
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    throw new Error("no Chromium was found: run `npm run setup`, or name one in STREETLIGHT_CHROMIUM");
  return found;
}

/** What lets a page share memory between threads. */
export const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};
/** What forbids a page to compile WebAssembly, and to start workers from memory. */
export const strict = { "content-security-policy": "default-src 'self'" };

/**
 * Opens a folder's page, served with more headers, and waits until it has put something into `globalThis[name]`; gives that.
 * `patience` is in milliseconds.
 */
export async function openPage<Result>(
  folder: string,
  name: string,
  headers: Readonly<Record<string, string>> = {},
  patience = 30_000,
): Promise<Result> {
  const { server, address } = await serve(folder, headers);
  try {
    const browser = await chromium.launch({
      executablePath: executable(),
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    });
    try {
      const page = await browser.newPage();
      const wrong: string[] = [];
      page.on("pageerror", (error) => wrong.push(String(error)));
      await page.goto(address);
      const result = page.waitForFunction((key) => (globalThis as Record<string, unknown>)[key], name, {
        timeout: patience,
      });
      const handle = await result.catch((error) => {
        throw new Error([String(error), ...wrong].join("\n"));
      });
      return (await handle.jsonValue()) as Result;
    } finally {
      await browser.close();
    }
  } finally {
    server.close();
  }
}
