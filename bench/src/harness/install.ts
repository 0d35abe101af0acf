import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { say } from "./progress.ts";
import { bench } from "./runtimes.ts";

/**
 * Installs the peers that npm has, beside the workspace and by their lock file, unless that is done; no script of theirs is run.
 * Gives why they are missing where that fails.
 */
export function installPeers(): string | undefined {
  if (changed("node_modules/.package-lock.json") > changed("package-lock.json")) return undefined;
  say("bench: installing the peers from npm into bench/node_modules (once): npm ci --ignore-scripts");
  const { status, stderr } = spawnSync(
    "npm",
    ["ci", "--prefix", bench, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"], shell: process.platform === "win32" },
  );
  if (status === 0) return undefined;
  const why = `npm ci in bench failed: ${stderr.trim().split("\n")[0]}`;
  say(`bench: ${why}`);
  return why;
}

/** When a file was written last; 0 where there is none. */
function changed(file: string): number {
  return statSync(`${bench}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The commit that is measured, with `+` where files differ from it; undefined outside a repository. */
export function commit(): string | undefined {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: bench, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return `${git("rev-parse", "--short=12", "HEAD")}${git("status", "--porcelain", "--", "../packages", ".") ? "+" : ""}`;
  } catch {
    return undefined;
  }
}
