import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** A program of this folder and all of core that it imports, as one module that Node runs by itself. */
export interface Bundled {
  readonly folder: string;
  readonly start: (...given: readonly string[]) => ChildProcess;
  readonly remove: () => void;
}

export async function bundled(name: string): Promise<Bundled> {
  const folder = mkdtempSync(join(tmpdir(), "streetlight-"));
  await build({
    configFile: false,
    logLevel: "error",
    root: folder,
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL(name, import.meta.url)),
      outDir: join(folder, "dist"),
      rolldownOptions: { output: { entryFileNames: "main.mjs" } },
    },
  });
  const main = join(folder, "dist/main.mjs");
  return {
    folder,
    start: (...given) => spawn(process.execPath, [main, ...given], { stdio: ["ignore", "pipe", "inherit"] }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** What a process prints until it ends, and by which signal it ended, if by one. */
export async function ended(child: ChildProcess): Promise<{ printed: string; signal: string | null }> {
  let printed = "";
  child.stdout!.on("data", (part) => {
    printed += part;
  });
  const signal = await new Promise<string | null>((done) => {
    child.on("close", (_, by) => done(by));
  });
  return { printed, signal };
}
