import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

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

/** Serves a folder on this machine only. */
async function serve(
  folder: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = join(folder, path === "/" ? "index.html" : path);
    if (!existsSync(file)) response.writeHead(404).end();
    else
      response
        .writeHead(200, { "content-type": types[extname(file)] ?? "", ...headers })
        .end(readFileSync(file));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/**
 * Opens a folder's page, served with more headers, and waits until it has put something into `globalThis[name]`; gives that.
 */
export async function openPage<Result>(
  folder: string,
  name: string,
  headers: Readonly<Record<string, string>> = {},
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
      const result = page.waitForFunction((key) => (globalThis as Record<string, unknown>)[key], name);
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
