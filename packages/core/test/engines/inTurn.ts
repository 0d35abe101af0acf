import type { Engine } from "../../src/engines/engine.ts";
import { engineInOrder, wasm } from "../../src/engines/wasm/wasm.ts";

/** Every order in which two or three threads can compute one after the other, from barrier to barrier. */
export const orders: readonly (readonly number[])[] = [2, 3].flatMap((threads) => permutations(threads));

/** `wasm` with as many threads as there are places in the order, which compute one after the other. */
export function inOrder(order: readonly number[]): Engine {
  const { name, contract } = wasm;
  const engine = engineInOrder({ name, contract }, order);
  const threads = order.length;
  return { ...engine, open: (programs, options, why) => engine.open(programs, { ...options, threads }, why) };
}

function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((rest) =>
    Array.from({ length: count }, (_, place) => [...rest.slice(0, place), count - 1, ...rest.slice(place)]),
  );
}
