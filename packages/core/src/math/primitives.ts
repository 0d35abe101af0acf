/** An exact operation on one number. */
export interface Primitive {
  readonly says: string;
  readonly reference: (x: number) => number;
}

/** How printed programs that use a primitive define it. */
interface Printed {
  /** Of whole arrays. */
  readonly numpy: string;
  readonly typescript: string;
}

/** The eight bytes of a double. */
const bits = new DataView(new ArrayBuffer(8));

/**
 * The parts of a double: a sign bit, 11 bits that hold the exponent plus 1023, 52 bits of the significand behind its 1.
 * Each operation is defined by what it does to these bits, for NaN, infinity and subnormal numbers too, but only
 * on normal numbers does it mean what its name says.
 */
export const primitives = {
  pow2: {
    says: "2 to the power of k, for a whole k from -1022 to 1023; other k are not allowed",
    reference: (k) => {
      bits.setInt32(0, (k + 1023) << 20);
      bits.setInt32(4, 0);
      return bits.getFloat64(0);
    },
  },
  exponent: {
    says: "the whole number k for which |x| = 2^k m with m from 1 up to but not including 2",
    reference: (x) => {
      bits.setFloat64(0, x);
      return ((bits.getInt32(0) >>> 20) & 2047) - 1023;
    },
  },
  significand: {
    says: "the number m from 1 up to but not including 2 for which |x| = 2^k m with a whole k",
    reference: (x) => {
      bits.setFloat64(0, x);
      bits.setInt32(0, (bits.getInt32(0) & 0xfffff) | 0x3ff00000);
      return bits.getFloat64(0);
    },
  },
} as const satisfies Record<string, Primitive>;

export type PrimitiveName = keyof typeof primitives;

export const primitiveTexts: Readonly<Record<PrimitiveName, Printed>> = {
  pow2: {
    numpy: `def _pow2(k):
    return ((np.asarray(k) + 1023).astype(np.int64) << 52).view(np.float64)`,
    typescript: `function _pow2(k: number): number {
  _bits.setInt32(0, (k + 1023) << 20);
  _bits.setInt32(4, 0);
  return _bits.getFloat64(0);
}`,
  },
  exponent: {
    numpy: `def _exponent(x):
    return (np.asarray(x, np.float64).view(np.int64) >> 52 & 2047) - 1023.0`,
    typescript: `function _exponent(x: number): number {
  _bits.setFloat64(0, x);
  return ((_bits.getInt32(0) >>> 20) & 2047) - 1023;
}`,
  },
  significand: {
    numpy: `def _significand(x):
    return (np.asarray(x, np.float64).view(np.int64) & 0xfffffffffffff | 0x3ff0000000000000).view(np.float64)`,
    typescript: `function _significand(x: number): number {
  _bits.setFloat64(0, x);
  _bits.setInt32(0, (_bits.getInt32(0) & 0xfffff) | 0x3ff00000);
  return _bits.getFloat64(0);
}`,
  },
};

/** What the TypeScript of the primitives reads and writes the bits of a double through. */
export const typescriptBits = "const _bits = new DataView(new ArrayBuffer(8));";
