import type { Print } from "./lesson.ts";

/** Prints lines to standard output. A reader that has seen enough, such as `head`, ends the program quietly. */
export function standardOutput(): Print {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return (line) => process.stdout.write(`${line}\n`);
}
