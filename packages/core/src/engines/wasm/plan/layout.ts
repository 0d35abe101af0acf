import { ops } from "../../../ops/table.ts";
import type { ArrayDeclaration, ProgramData } from "../../../program/data.ts";
import { count, type Data } from "../../../shape/block.ts";
import { makeRoom, mebibytes, withRoom } from "../../../shape/room.ts";
import { withRows } from "../../../shape/size.ts";
import { SessionError } from "../../engine.ts";
import { type WasmMemory, webAssembly } from "../host.ts";
import { elementBytes } from "../kernels/context.ts";

const page = 65536;
/** What WebAssembly can address. */
const most = 65536 * page;
/** Where a memory of fewer pages is refused, it is addresses that are missing. */
const small = 256;
/** Arrays begin where a line of the cache does. */
const line = 64;
/** What the host has no room for; it may reserve 10 GiB of addresses for each memory, however little of it is used. */
const whole = "the WebAssembly memory of this session";

/** How many memories are in use, and of how many the host last had no more. */
let used = 0;
let full = Number.POSITIVE_INFINITY;

/** Whether the host had no further memory when as many were in use as now: to ask again takes it a quarter of a second. */
export function isFull(): boolean {
  if (used >= full) makeRoom();
  return used >= full;
}

const typedArrays = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/** One linear memory: the arrays of a session, then room for kernels and loops, then the data that `fit` gathers from. */
export class Layout {
  memory: WasmMemory;
  /** Whether threads share the memory. */
  readonly shared: boolean;
  readonly #places = new Map<
    string,
    { readonly address: number; readonly array: ArrayDeclaration; readonly length: number }
  >();
  readonly #views = new Map<string, Data>();
  #end = line;

  constructor(arrays: readonly ArrayDeclaration[], capacity: number, shared: boolean) {
    for (const array of arrays) {
      const length = count(withRows(array.shape, capacity));
      this.#places.set(array.name, {
        address: this.reserve(length * elementBytes[array.dtype]),
        array,
        length,
      });
    }
    this.shared = shared;
    this.memory = newMemory(this.#end, shared);
  }

  address(name: string): number {
    return this.#places.get(name)!.address;
  }

  /** Where so many bytes may lie, after all that was reserved before. `grow` makes them usable. */
  reserve(bytes: number): number {
    const address = this.#end;
    this.#end = Math.ceil((address + bytes) / line) * line;
    if (this.#end > most)
      throw new SessionError(
        `the arrays take more than ${mebibytes(this.#end)}, but WebAssembly has ${mebibytes(most)}: ` +
          "open the session with a smaller capacity, load fewer rows, or make layers narrower",
      );
    return address;
  }

  /** Takes back what was reserved from an address on. */
  release(address: number): void {
    this.#end = address;
  }

  /** Makes the memory reach as far as what is reserved. Views into it are made anew. */
  grow(): void {
    const missing = Math.ceil((this.#end - this.memory.buffer.byteLength) / page);
    if (missing <= 0) return;
    withRoom(whole, this.#end, () => this.memory.grow(missing));
    this.#views.clear();
  }

  /** An array's numbers, for the most rows. */
  data(name: string): Data {
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const { address, array, length } = this.#places.get(name)!;
    const view = new typedArrays[array.dtype](this.memory.buffer, address, length);
    this.#views.set(name, view);
    return view;
  }

  /** Lets go of the memory. */
  close(): void {
    used--;
    this.#views.clear();
    this.memory = { buffer: new ArrayBuffer(0), grow: () => 0 };
  }

  /** Numbers of a type anywhere in memory. */
  at(dtype: ArrayDeclaration["dtype"], address: number, length: number): Data {
    return new typedArrays[dtype](this.memory.buffer, address, length);
  }
}

function newMemory(bytes: number, shared: boolean): WasmMemory {
  const limits = { initial: Math.ceil(bytes / page), maximum: most / page, shared };
  try {
    const memory = withRoom(whole, bytes, () => new webAssembly!.Memory(limits));
    used++;
    return memory;
  } catch (error) {
    if (limits.initial < small) full = used;
    throw error;
  }
}

/** The most that a kernel of these programs puts down for itself: copies of columns, flags of rows, results to be copied. */
export function scratchBytes(programs: readonly ProgramData[], capacity: number): number {
  let bytes = 0;
  for (const { arrays, steps } of programs) {
    const declared = new Map(arrays.map((array) => [array.name, array]));
    const sizeOf = (name: string) => withRows(declared.get(name)!.shape, capacity);
    for (const { op, reads, writes } of steps) {
      const packed = op === "matmul" ? sizeOf(reads[0]!)[1]! * widestTile : 0;
      const flags = op === "scatterRows" ? sizeOf(writes)[0]! : 0;
      const apart =
        ops[op].kind === "structured" && isRewritten(declared.get(writes)!) ? count(sizeOf(writes)) * 8 : 0;
      bytes = Math.max(bytes, packed + flags + apart);
    }
  }
  return bytes;
}

/** Bytes of a term of a tile: three vectors. */
const widestTile = 3 * 16;

function isRewritten({ role }: ArrayDeclaration): boolean {
  return role === "weights" || role === "state";
}
