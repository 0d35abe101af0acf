import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killAll } from "./processes.ts";

/** A folder for data and results in passing; it is gone when the harness ends, however it does. */
export const scratch: string = mkdtempSync(join(tmpdir(), "streetlight-bench-"));

export function scratchFile(name: string): string {
  return join(scratch, name);
}

/** Leaves nothing behind: no process and no file. */
export function cleanUp(): void {
  killAll();
  rmSync(scratch, { recursive: true, force: true });
}

process.once("exit", cleanUp);
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)
  process.once(signal, () => {
    process.stderr.write("\nbench: interrupted; results that were complete are written\n");
    process.exit(code);
  });
