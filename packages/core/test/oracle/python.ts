import { spawnSync } from "node:child_process";

/** The interpreters tried, in this order, for one that has NumPy. */
const candidates = [process.env.STREETLIGHT_PYTHON, "python3", "/usr/bin/python3", "python"];

let found: string | undefined;

function interpreter(): string {
  found ??= candidates.find(
    (name) => name !== undefined && spawnSync(name, ["-c", "import numpy"], { stdio: "ignore" }).status === 0,
  );
  if (found === undefined) throw new Error("no Python with NumPy was found: run `npm run setup`");
  return found;
}

/**
 * Runs a Python script and returns what it printed. `input` reaches it as JSON on standard input.
 * Throws with Python's own traceback when the script fails.
 */
export function runPython(script: string, input: unknown = null): string {
  const run = spawnSync(interpreter(), ["-c", script], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (run.status !== 0) throw new Error(`Python failed:\n${run.stderr}\n${run.error ?? ""}`);
  return run.stdout;
}
