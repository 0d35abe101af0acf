import { FileError } from "../files/stored.ts";
import type { Course } from "../program/loop.ts";
import { isWord } from "../random/arguments.ts";
import type { Hashed } from "./recording.ts";

/** The two words of a hash. */
export type Mark = readonly [number, number];

/** Without marks, more batches than this are not played: 2^20. */
const mostUnmarked = 0x100000;

/** The batches that have a mark, counted from the first of so many: 0, 1, 2, 4, 8, … */
function* marked(batches: number): Generator<number> {
  if (batches > 0) yield 0;
  for (let batch = 1; batch < batches; batch *= 2) yield batch;
}

/** The hashes of what the marked batches begin with, out of those of all batches and the end. */
export function marksOf(hashes: Uint32Array): Mark[] {
  return [...marked(hashes.length / 2 - 1)].map((batch) => markAt(hashes, batch));
}

export function markAt(hashes: Uint32Array, batch: number): Mark {
  return [hashes[2 * batch]!, hashes[2 * batch + 1]!];
}

export function isMark(value: unknown): value is Mark {
  return Array.isArray(value) && value.length === 2 && value.every(isWord);
}

/**
 * Checks a training against its file while it is played, and throws `FileError` at the first hash that is another. Whoever writes
 * marks that hold up to some batch has played as far: so a file takes its reader no more than about twice what it took its
 * writer, or it is refused before.
 */
export function checkedMarks(given: unknown, end: Mark, { from, to }: Pick<Course, "from" | "to">): Hashed {
  const batches = to - from;
  if (given === undefined && batches > mostUnmarked)
    throw new FileError(
      `the trace's "loop" has ${batches} batches, but a file of version 1 at most ${mostUnmarked}`,
    );
  const expected = new Map([[batches, end]]);
  if (given !== undefined) {
    const places = [...marked(batches)];
    if (!Array.isArray(given) || given.length !== places.length || !given.every(isMark))
      throw new FileError(
        `the trace's "marks" must be ${places.length} hashes, as "loop" has ${batches} batches`,
      );
    for (const [k, place] of places.entries()) expected.set(place, given[k]!);
  }
  return (batch, [first, second]) => {
    const mark = expected.get(batch);
    if (mark === undefined || (mark[0] === first && mark[1] === second)) return;
    if (batch === batches)
      throw new FileError("this trace does not end where it was recorded to end: the file was changed");
    throw new FileError(
      `this trace is not what was recorded when ${batch} batches have run: the file was changed`,
    );
  };
}
