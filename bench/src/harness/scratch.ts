import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killAll } from "./processes.ts";

let folder: string | undefined;

/** A path in a folder for data and results in passing; it is gone when the harness ends, however it does. */
export function scratchFile(name: string): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), "streetlight-bench-"));
    process.once("exit", cleanUp);
  }
  return join(folder, name);
}

/** Leaves nothing behind: no process and no file. */
export function cleanUp(): void {
  killAll();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** Ends the harness in good order when somebody stops it. */
export function endWhenInterrupted(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)
    process.once(signal, () => {
      process.stderr.write("\nbench: interrupted; results that were complete are written\n");
      process.exit(code);
    });
}
