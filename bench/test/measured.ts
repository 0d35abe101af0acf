import type { Measured } from "../src/harness/measured.ts";

/** A contender that took so many seconds, round by round. */
export function measured(id: string, seconds: readonly (number | null)[]): Measured {
  return { id, peer: "Streetlight", label: id, threads: 1, status: "measured", seconds };
}
