import { parseArgs } from "node:util";
import type { EngineName } from "@streetlight/core";

/**
 * Runs a command, which may be given `--engine <name>`. What goes wrong is one line on standard error: exit code 2 for what was
 * asked for, 1 for what failed.
 */
export async function command(run: (engine: EngineName | undefined) => Promise<void>): Promise<void> {
  const failed = (error: unknown, code: number): void => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = code;
  };
  let engine: string | undefined;
  try {
    ({ engine } = parseArgs({ options: { engine: { type: "string" } } }).values);
  } catch (error) {
    return failed(error, 2);
  }
  try {
    await run(engine as EngineName | undefined);
  } catch (error) {
    failed(error, (error as Error).name === "NameError" ? 2 : 1);
  }
}
