import type { CopySpec } from "../protocol.ts";
import { readArrays } from "./arrays.ts";
import type { Job } from "./serve.ts";

/** Copies an array: how fast memory of a size is read and written by one thread. */
export function copy({ data, bytes }: CopySpec): Job {
  const { pattern } = readArrays(data);
  const from = new Float32Array(bytes / 4).fill(pattern!.data[0]!);
  const to = new Float32Array(bytes / 4);
  return {
    reset: () => {},
    run: (times) => {
      for (let time = 0; time < times; time++) to.set(from);
      return 0;
    },
    result: () => [to.subarray(0, 1)],
    close: () => {},
  };
}
