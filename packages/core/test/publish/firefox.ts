import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "./serve.ts";

/** Where Debian and others put it, unless it is named. */
const candidates = [process.env.STREETLIGHT_FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** The browser's program. Throws where there is none: a page that was not tried must not count as tried. */
function executable(): string {
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    throw new Error("no Firefox was found: run `npm run setup:long`, or name one in STREETLIGHT_FIREFOX");
  return found;
}

/** What a browser with an empty profile would ask, fetch or show beside the page. */
const preferences = {
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.max_script_run_time": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "termsofuse.bypassNotification": true,
  "toolkit.telemetry.enabled": false,
};

/**
 * Opens a folder's page in Firefox, served with more headers, and gives what it posts, which is JSON. Nothing drives the browser:
 * it is started with an address and a profile of its own, and ended when the page has told its result.
 */
export async function openInFirefox<Result>(
  folder: string,
  headers: Readonly<Record<string, string>>,
  patience: number,
): Promise<Result> {
  const profile = mkdtempSync(join(tmpdir(), "streetlight-firefox-"));
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, "user.js"), lines.join(""));
  let told: (text: string) => void = () => {};
  let failed: (error: Error) => void = () => {};
  const result = new Promise<string>((resolve, reject) => {
    told = resolve;
    failed = reject;
  });
  const { server, address } = await serve(folder, headers, told);
  const child = spawn(executable(), ["--headless", "--no-remote", "--profile", profile, address], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  const ended = new Promise<void>((done) => child.once("close", () => done()).once("error", () => done()));
  child.once("error", failed);
  child.once("exit", (code) => failed(new Error(`Firefox ended with ${code} before the page told anything`)));
  const timer = setTimeout(
    () => failed(new Error(`the page told nothing within ${patience} ms\n${complaints}`)),
    patience,
  );
  try {
    return JSON.parse(await result) as Result;
  } finally {
    clearTimeout(timer);
    // Its content processes are in the same group.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await ended;
    server.close();
    server.closeAllConnections();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
