/** The 16 hexadecimal digits of a double, first the sign; all NaNs are one. */
export function hex(value: number): string {
  return bigBits(value).toString(16).padStart(16, "0");
}

/** The double that 16 hexadecimal digits stand for. */
export function fromHex(digits: string): number {
  scratch.setBigUint64(0, BigInt(`0x${digits}`));
  return scratch.getFloat64(0);
}

/** How many doubles lie between two, counting one of them; the zeros are one double. */
export function ulpsApart(left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number.isNaN(left) && Number.isNaN(right) ? 0 : Infinity;
  const distance = place(left) - place(right);
  return Number(distance < 0n ? -distance : distance);
}

/** A generator for test data that owes nothing to what is tested (Steele's SplitMix32). */
export function testNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x100000000;
  };
}

const scratch = new DataView(new ArrayBuffer(8));

function bigBits(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

/** Doubles in order, numbered: neighbours differ by one. */
function place(value: number): bigint {
  const all = bigBits(value);
  return all >> 63n ? -(all & 0x7fffffffffffffffn) : all;
}
