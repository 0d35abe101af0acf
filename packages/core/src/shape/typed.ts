import type { Data, Dtype } from "./block.ts";

/** Typed arrays that are taken as numbers; so is a Float16Array, where the host has it. */
export type TypedNumbers = Data | Int8Array | Uint8ClampedArray | Int16Array | Uint16Array | Uint32Array;

const constructors = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

/** For each kind of typed array the element type that holds all its numbers. */
const dtypes: Readonly<Record<string, keyof typeof constructors>> = {
  Float64Array: "float64",
  Uint32Array: "float64",
  Float32Array: "float32",
  Float16Array: "float32",
  Int32Array: "int32",
  Int16Array: "int32",
  Uint16Array: "int32",
  Int8Array: "int32",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
};

/** The element type of a typed array of the four kinds that are computed with. */
export function dtypeOf(data: Data): Exclude<Dtype, "bool"> {
  return dtypes[data[Symbol.toStringTag]]!;
}

/**
 * A typed array as one of those four kinds: seen where it is or, if it is of a kind beside them, as a copy.
 *
 * An array of another realm (an iframe, a `vm` context, a test runner's) is an instance of that realm's classes, and the
 * `slice` of Node's `Buffer` copies nothing. Both are seen through a plain array of this realm, so that all code behind this may
 * trust `instanceof` and `slice`.
 *
 * Throws a TypeError for a view of no such kind, and where its buffer was transferred or shrunk.
 */
export function dataOf(name: string, view: ArrayBufferView): Data {
  const given = view as TypedNumbers;
  const kind: string = given[Symbol.toStringTag];
  const dtype = dtypes[kind];
  if (dtype === undefined)
    throw new TypeError(`${name} is a ${kind}; give a Float64Array, Float32Array, Int32Array or Uint8Array`);
  const Own = constructors[dtype];
  if (given.length === 0) {
    checkThere(name, given);
    return new Own(0);
  }
  if (given.constructor === Own) return given as Data;
  return given.BYTES_PER_ELEMENT === Own.BYTES_PER_ELEMENT
    ? new Own(given.buffer as ArrayBuffer, given.byteOffset, given.length)
    : new Own(given);
}

/**
 * A copy of a typed array that stands behind a Proxy, through which its elements can be read but not its length; undefined for
 * anything else.
 */
export function proxiedData(given: object): Data | undefined {
  const dtype = Array.isArray(given) ? undefined : dtypes[given.constructor?.name];
  return dtype && new constructors[dtype](Object.values(given) as number[]);
}

/** An array without its buffer has length 0, as an empty one has; but its methods throw. */
function checkThere(name: string, given: TypedNumbers): void {
  try {
    given.keys();
  } catch {
    throw new TypeError(`${name} has lost its numbers: the buffer that held them was transferred or shrunk`);
  }
}
