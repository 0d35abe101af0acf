import { peakMemory } from "./peakMemory.ts";

/** What a program says that is measured from its start to its end: the last line of its output. */
export interface Finished {
  /** The share of the test's rows that is predicted right. */
  readonly accuracy: number;
  /** Of the last epoch, the mean over its rows. */
  readonly loss: number;
  readonly plan?: string;
  readonly versions?: Readonly<Record<string, string>>;
  /** The most memory that the process ever held, in bytes. */
  readonly peak: number;
}

/** Says how it went, and ends the process. */
export function report(finished: Omit<Finished, "peak">): void {
  const versions = { node: process.versions.node, ...finished.versions };
  process.stdout.write(
    `${JSON.stringify({ ...finished, versions, peak: peakMemory() } satisfies Finished)}\n`,
    () => process.exit(0),
  );
}
