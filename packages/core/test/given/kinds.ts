import { runInNewContext } from "node:vm";

/** Four numbers in every way that a caller may have them; each is one axis of the same four. */
export const numbers = [3, 0, 200, 7];

/** `values` holds what it is given in a kind of array; only `exact` kinds hold other numbers than bytes. */
export interface Kind {
  readonly name: string;
  readonly make: () => unknown;
}

const own = [
  "Float64Array",
  "Float32Array",
  "Int32Array",
  "Uint32Array",
  "Int16Array",
  "Uint16Array",
  "Uint8Array",
  "Uint8ClampedArray",
  ...("Float16Array" in globalThis ? ["Float16Array"] : []),
];

type Constructor = { new (buffer: ArrayBufferLike, offset?: number, length?: number): number[] } & {
  from(values: readonly number[]): number[];
  BYTES_PER_ELEMENT: number;
};
const named = (name: string) => (globalThis as unknown as Record<string, Constructor>)[name]!;

/** A get trap that puts a Proxy before each object, as deeply reactive state does. */
export function deeply<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get: (target, key, receiver) => {
      const found: unknown = Reflect.get(target, key, receiver);
      // What is frozen has to be given as it is.
      const { writable, configurable } = Object.getOwnPropertyDescriptor(target, key) ?? { writable: true };
      return writable === false && !configurable ? found : deeply(found);
    },
  });
}

export const taken: readonly Kind[] = [
  ...own.flatMap((name): Kind[] => [
    { name, make: () => named(name).from(numbers) },
    { name: `${name} of another realm`, make: () => runInNewContext(`${name}.from([${numbers}])`) },
    {
      name: `${name} that shares its memory`,
      make: () => {
        const { BYTES_PER_ELEMENT: size } = named(name);
        const shared = new (named(name))(new SharedArrayBuffer(6 * size), size, 4);
        numbers.forEach((value, k) => {
          shared[k] = value;
        });
        return shared;
      },
    },
    { name: `${name} behind a Proxy`, make: () => new Proxy(named(name).from(numbers), {}) },
  ]),
  { name: "Buffer, pooled", make: () => Buffer.from(numbers) },
  { name: "Buffer, from an offset", make: () => Buffer.from([9, 9, ...numbers, 9]).subarray(2, 6) },
  { name: "a class that extends", make: () => class Mine extends Float32Array {}.from(numbers) },
  { name: "list", make: () => [...numbers] },
  { name: "list of another realm", make: () => runInNewContext(`[${numbers}]`) },
  { name: "list behind a Proxy", make: () => deeply([...numbers]) },
  { name: "frozen list", make: () => Object.freeze([...numbers]) },
];

function detached(): unknown {
  const gone = Float64Array.from(numbers);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  return gone;
}

interface Resizable extends ArrayBuffer {
  resize(bytes: number): void;
}
type Resizing = new (bytes: number, options: { maxByteLength: number }) => Resizable;

/** A view of a buffer that is too short for it by now. */
function shrunk(): unknown {
  const buffer = new (ArrayBuffer as unknown as Resizing)(64, { maxByteLength: 64 });
  const view = new Float64Array(buffer, 0, 4);
  buffer.resize(8);
  return view;
}

const held = Float64Array.from(numbers);
const holding = (part: object) => ({
  dtype: "float64",
  data: held,
  shape: [4],
  strides: [1],
  offset: 0,
  ...part,
});

/** What is refused, and what the error says. */
export const refused: readonly (Kind & { readonly says: RegExp })[] = [
  { name: "BigInt64Array", make: () => BigInt64Array.of(1n, 2n), says: /is a BigInt64Array; give a Float64/ },
  { name: "BigUint64Array", make: () => BigUint64Array.of(1n), says: /is a BigUint64Array; give a Float64/ },
  { name: "DataView", make: () => new DataView(new ArrayBuffer(8)), says: /is a DataView; give a Float64/ },
  { name: "a buffer", make: () => new ArrayBuffer(8), says: /is \{\}; give numbers/ },
  { name: "transferred", make: detached, says: /has lost its numbers/ },
  { name: "shrunk", make: shrunk, says: /has lost its numbers/ },
  {
    name: "hole",
    make: () => Object.assign(new Array(4), { 0: 1, 2: 3, 3: 4 }),
    says: /\[1\] is undefined; give numbers/,
  },
  { name: "sparse", make: () => Object.assign(new Array(4), { 3: 1 }), says: /\[0\] is undefined/ },
  { name: "undefined", make: () => [1, 2, undefined, 4], says: /\[2\] is undefined/ },
  { name: "null", make: () => [1, 2, null, 4], says: /\[2\] is null/ },
  { name: "text", make: () => [1, "2", 3, 4], says: /\[1\] is "2"/ },
  { name: "bigint", make: () => [1, 2n, 3, 4], says: /\[1\] is 2n/ },
  { name: "symbol", make: () => [1, Symbol("x"), 3, 4], says: /\[1\] is Symbol\(x\)/ },
  { name: "function", make: () => [1, () => 2, 3, 4], says: /\[1\] is a function/ },
  {
    name: "alike",
    make: () => ({ length: 4, 0: 1, 1: 2, 2: 3, 3: 4 }),
    says: /give (numbers|a list of numbers)/,
  },
  { name: "a set", make: () => new Set(numbers), says: /give (numbers|a list of numbers)/ },
  { name: "ragged", make: () => [[1, 2], [3]], says: /\[1\] is a list of 1, but .*\[0\] is a list of 2/ },
  {
    name: "ragged rows",
    make: () => [Float32Array.of(1, 2), Float32Array.of(3)],
    says: /\[1\] is a list of 1/,
  },
  { name: "rows lost", make: () => [held, detached()], says: /\[1\] has lost its numbers/ },
  {
    name: "data that end",
    make: () => holding({ shape: [5] }),
    says: /is 5, but its data end after 4 numbers/,
  },
  { name: "data before", make: () => holding({ strides: [-1] }), says: /is 4, but its data end/ },
  { name: "a step too far", make: () => holding({ strides: [2] }), says: /is 4, but its data end/ },
  { name: "an offset too far", make: () => holding({ offset: 1 }), says: /is 4, but its data end/ },
  { name: "data lost", make: () => holding({ data: detached() }), says: /has lost its numbers/ },
  { name: "no data", make: () => holding({ data: undefined }), says: /is not a block: .*data is undefined/ },
  { name: "a list as data", make: () => holding({ data: numbers }), says: /is not a block/ },
  {
    name: "another dtype",
    make: () => holding({ dtype: "float32" }),
    says: /is not a block: dtype is "float32"/,
  },
  {
    name: "too few strides",
    make: () => holding({ strides: [] }),
    says: /is not a block: .*strides is \[\]/,
  },
  { name: "size below 0", make: () => holding({ shape: [-1] }), says: /is not a block: .*shape is \[-1\]/ },
  { name: "size missing", make: () => holding({ shape: new Array(1) }), says: /is not a block/ },
  {
    name: "circular",
    make: () => {
      const list: unknown[] = [];
      list.push(list);
      return list;
    },
    says: /is nested more than 64 lists deep, or holds itself/,
  },
  {
    name: "circular further on",
    make: () => {
      const list: unknown[] = [1];
      list.push(list);
      return list;
    },
    says: /\[1\] is a list of 2, but .*\[0\] is a number/,
  },
  {
    name: "nested 100,000 deep",
    make: () => {
      let list: unknown = 1;
      for (let depth = 0; depth < 100_000; depth++) list = [list];
      return list;
    },
    says: /is nested more than 64 lists deep/,
  },
  {
    name: "nested further on",
    make: () => {
      let list: unknown = 1;
      for (let depth = 0; depth < 100_000; depth++) list = [list];
      return [1, list];
    },
    says: /\[1\] is a list of 1, but .*\[0\] is a number/,
  },
  {
    name: "one list again and again",
    make: () => {
      let list: unknown = [1, 2];
      for (let depth = 0; depth < 50; depth++) list = [list, list];
      return list;
    },
    says: /give so many numbers as a typed array/,
  },
];
