import { FileError } from "./fileError.ts";

/** What a reader may take for a file from a stranger. Where you trust a file that asks for more, give more. */
export interface Limits {
  /** Characters of JSON; default 2^26, about 67 million. */
  readonly size?: number;
  /** How deep lists and records of JSON may lie in each other; default 64. */
  readonly depth?: number;
  /** Bytes of memory, beside 10 times the size of the file; default 2^26, 64 MiB. */
  readonly memory?: number;
  /** Operations: to check a file, to play a trace again, or to predict a row; default 2^26, which take less than a second. */
  readonly work?: number;
}

export type Bounds = Required<Limits>;

const usual: Bounds = { size: 0x4000000, depth: 64, memory: 0x4000000, work: 0x4000000 };

/** Limits with the defaults of those left out. What is not a number allows nothing. */
export const boundsOf = (limits?: Limits): Bounds => ({ ...usual, ...limits });

/** Throws `FileError` where a file of this size asks for more bytes than it may. */
export function checkMemory(bytes: number, size: number, { memory }: Bounds): void {
  checkWithin("memory", "bytes", bytes, memory + 10 * size);
}

/** Throws `FileError` where lists and records lie deeper in each other than they may. */
export function checkDepth(depth: number, bounds: Bounds): void {
  checkWithin("depth", "levels of lists and records", depth, bounds.depth);
}

/** Throws `FileError` where a file has more characters than it may. */
export function checkSize(characters: number, { size }: Bounds): void {
  checkWithin("size", "characters", characters, size);
}

/** Throws `FileError` where a file asks for more operations than it may. */
export function checkWork(operations: number, { work }: Bounds): void {
  checkWithin("work", "operations", operations, work);
}

/** The comparison is such that NaN, which a size of 0 times infinity gives, is too many. */
function checkWithin(limit: keyof Limits, unit: string, asked: number, most: number): void {
  if (!(asked <= most))
    throw new FileError(
      `this takes about ${asked} ${unit}, but a file may take ${most}: ` +
        `if you trust it, allow more by { limits: { ${limit}: … } }`,
    );
}
