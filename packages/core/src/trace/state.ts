import type { Session } from "../engines/engine.ts";
import { type ArrayDeclaration, rowCount } from "../program/data.ts";
import type { Program } from "../program/program.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import { type Block, block, type Shape } from "../shape/block.ts";

/**
 * What a batch hands on to the next: weights, states, settings and the metrics' partial sums, by name, and where the generator
 * of `chance: "book"` stands, if there is one.
 */
export interface State extends ReadonlyMap<string, Block> {
  readonly generator?: RandomStateSnapshot | undefined;
}

/** The arrays that a state holds, in order of declaration. */
export function stateArrays(program: Program): readonly ArrayDeclaration[] {
  return program.data.arrays.filter(
    ({ role, name }) => ["weights", "state", "setting", "metric"].includes(role) && name !== rowCount,
  );
}

export function readState(session: Session, program: Program): State {
  const { generator } = session;
  return Object.assign(new Map(stateArrays(program).map(({ name }) => [name, session.read(name)])), {
    generator,
  });
}

export function writeState(session: Session, state: State): void {
  session.write(Object.fromEntries(state));
  if (state.generator) session.generator = state.generator;
}

/** Everything in a state as arrays, for its hash. */
export function partsOf(state: State): Block[] {
  const { state: words } = state.generator ?? {};
  const generator = words && Int32Array.of(...words.key, words.pos);
  return [...state.values(), ...(generator ? [block("int32", [generator.length], generator)] : [])];
}

/** What a block and its entry in a keyframe take beside its numbers, roughly, in bytes. */
const overheadBytes = 400;

/** About how many bytes a state of this program takes, with a generator or without. */
export function stateBytes(program: Program, hasGenerator: boolean): number {
  return stateArrays(program).reduce(
    (sum, { dtype, shape }) => sum + block(dtype, shape as Shape).data.byteLength + overheadBytes,
    hasGenerator ? 8 * 624 : 0,
  );
}

/**
 * Two 32-bit hashes of the arrays' bits, FNV-1a over 32-bit words with two primes. Equal numbers have equal hashes;
 * unequal ones differ but once in 2^64.
 */
export function hashOf(arrays: Iterable<Block>): readonly [number, number] {
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (const { data } of arrays) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    for (const word of words) {
      first = Math.imul(first ^ word, 0x01000193);
      first ^= first >>> 15;
      second = Math.imul(second ^ word, 0x85ebca6b);
      second ^= second >>> 13;
    }
  }
  return [first >>> 0, second >>> 0];
}
