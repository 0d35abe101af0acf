import { readFileSync } from "node:fs";
import type { Block } from "@streetlight/core";

/**
 * An IDX file of bytes, as MNIST has them, as rows of all that follows the first axis. The block is a view of the file as it was
 * read: two zeros, the type 8 (bytes), the number of axes, their sizes as big-endian words, the bytes.
 */
export function readIdx(path: string): Block {
  const file = readFileSync(path);
  if (file.readUInt16BE(0) !== 0 || file[2] !== 8) throw new Error(`${path} is no IDX file of bytes`);
  const axes = file[3]!;
  const sizes = Array.from({ length: axes }, (_, axis) => file.readUInt32BE(4 + 4 * axis));
  const width = sizes.slice(1).reduce((product, size) => product * size, 1);
  const data = new Uint8Array(file.buffer, file.byteOffset + 4 + 4 * axes, file.length - 4 - 4 * axes);
  const [shape, strides] =
    axes === 1
      ? [[sizes[0]!], [1]]
      : [
          [sizes[0]!, width],
          [width, 1],
        ];
  return { dtype: "uint8", data, shape, strides, offset: 0 };
}
