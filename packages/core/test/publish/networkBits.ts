import { printChapter } from "../../../lessons/src/index.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { build, type Recipe } from "../engines/randomNetworks.ts";

// Runs in Node and, bundled, in a browser's worker.

/** What a network's training comes to: a hash of its bits by the way it was trained, or what it says. */
export interface Bits {
  /** As JSON. */
  readonly recipe: string;
  readonly reference: string;
  readonly wasm: string;
  /** On two threads, where there are threads. */
  readonly shared: string;
}

export interface Told {
  readonly chapter: readonly string[];
  /** How many networks were trained by two threads. */
  readonly onTwoThreads: number;
  readonly networks: readonly Bits[];
}

/** The chapter's lines, and networks, trained. */
export async function told(recipes: readonly Recipe[]): Promise<Told> {
  const chapter: string[] = [];
  await printChapter((line) => chapter.push(line));
  const found: Bits[] = [];
  let onTwoThreads = 0;
  for (const each of recipes) {
    const shared = await trained(wasm, each, 2);
    if (/, 2 threads$/m.test(shared.plan)) onTwoThreads++;
    found.push({
      recipe: JSON.stringify(each),
      reference: (await trained(reference, each, 1)).hash,
      wasm: (await trained(wasm, each, 1)).hash,
      shared: shared.hash,
    });
  }
  return { chapter, onTwoThreads, networks: found };
}

async function trained(engine: Engine, each: Recipe, threads: number) {
  const { program, data, loops, capacity, chance } = build(each);
  const { keep, seed } = each;
  const session = engine.open(program, {
    capacity,
    seed,
    threads,
    ...(chance && { chance }),
    ...(keep === "all" ? { keep } : {}),
  });
  await session.ready;
  session.load(data);
  const reports = loops.flatMap((loop) =>
    session.fit(loop).flatMap(({ epoch, rows, metrics }) => [epoch, rows, ...Object.values(metrics)]),
  );
  const arrays = program.data.arrays
    .filter(
      ({ name, role }) =>
        keep === "all" || ["weights", "state"].includes(role) || program.outputs.includes(name),
    )
    .map(({ name }) => session.read(name).toTyped());
  const plan = session.plan();
  session.close();
  return { plan, hash: await hashOf([Float64Array.from(reports), ...arrays]) };
}

/** SHA-256 of all the numbers as float64, in which each number of a smaller type is exact; WebAssembly leaves the bits of NaN open. */
async function hashOf(arrays: readonly ArrayLike<number>[]): Promise<string> {
  const view = new DataView(new ArrayBuffer(8 * arrays.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const array of arrays)
    for (let k = 0; k < array.length; k++, at += 8) {
      const value = array[k]!;
      if (Number.isNaN(value)) view.setUint32(at, 0x7ff80000, true);
      else view.setFloat64(at, value, true);
    }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", view.buffer));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
