/**
 * A hash for dropout masks that counts instead of drawing: an element's number depends only on the seed, the array's
 * name, the batch, the row and the column, so it is the same on every engine, thread and machine, in any order.
 * The mixing is the finalizer of MurmurHash3 (Appleby 2011); the odd constant is 2^32 divided by the golden ratio.
 */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const stride = 0x9e3779b9;

/** The key of an array's masks: all its randomness that does not change from batch to batch. */
export function maskKey(seed: number | readonly number[], name: string): number {
  const words = typeof seed === "number" ? [seed] : seed;
  let key = mix(words.length);
  for (const word of words) key = mix(key ^ word);
  for (const letter of name) key = mix(key ^ letter.charCodeAt(0));
  return key;
}

/**
 * Fills `rows × columns` numbers, row after row: each is `kept` with probability `1 - rate`, and otherwise 0.
 */
export function fillMask(
  into: { [position: number]: number },
  {
    key,
    batch,
    rows,
    columns,
    rate,
    kept,
  }: { key: number; batch: number; rows: number; columns: number; rate: number; kept: number },
): void {
  const threshold = (1 - rate) * 0x100000000;
  const ofBatch = mix(key + Math.imul(batch, stride));
  for (let row = 0; row < rows; row++) {
    const ofRow = mix(ofBatch + Math.imul(row, stride));
    for (let column = 0; column < columns; column++)
      into[row * columns + column] = mix(ofRow + Math.imul(column, stride)) < threshold ? kept : 0;
  }
}

/** The same in NumPy, for printed programs. */
export const maskInNumpy = `def mix(h):
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85ebca6b)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xc2b2ae35)
    return h ^ (h >> np.uint32(16))

def dropout_mask(key, number, rows, columns, rate, kept, dtype):
    step = lambda count: (np.arange(count) * 0x9e3779b9 & 0xffffffff).astype(np.uint32)
    of_batch = mix(np.array([key + number * 0x9e3779b9 & 0xffffffff], np.uint32))
    of_row = mix(of_batch + step(rows))
    h = mix(of_row[:, None] + step(columns))
    return np.where(h < (1 - rate) * 2.0 ** 32, kept, 0.0).astype(dtype)`;

/** The same in TypeScript, for printed programs. */
export const maskInTypescript = `function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function dropoutMask(key: number, number: number, rows: number, columns: number, rate: number, kept: number): number[][] {
  const ofBatch = mix(key + Math.imul(number, 0x9e3779b9));
  return Array.from({ length: rows }, (_, row) => {
    const ofRow = mix(ofBatch + Math.imul(row, 0x9e3779b9));
    return Array.from({ length: columns }, (_, column) =>
      mix(ofRow + Math.imul(column, 0x9e3779b9)) < (1 - rate) * 0x100000000 ? round(kept) : 0,
    );
  });
}`;
