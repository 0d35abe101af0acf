import { recordOf } from "../../program/given.ts";
import { type Contract, type Engine, SessionError, type SessionOptions } from "../engine.ts";
import { EngineSession } from "../session.ts";
import { Body } from "./code/body.ts";
import type { Code } from "./code/code.ts";
import { f32x4 } from "./code/instructions.ts";
import { moduleBytes } from "./code/moduleBytes.ts";
import { onlyOneThread, webAssembly } from "./host.ts";
import { type Manner, WasmMachine } from "./machine.ts";
import type { Outside } from "./outside.ts";
import { isFull, Layout } from "./plan/layout.ts";

/** What makes an engine of this kind another than `wasm`. */
export interface Variant {
  readonly name: string;
  readonly contract: Contract;
  readonly outside?: Outside;
  /** For a reader: who computes what. */
  readonly remarks?: readonly string[];
}

/** An engine that compiles programs to WebAssembly; large products may be computed outside of it. */
export function wasmEngine(variant: Variant): Engine {
  return engineInOrder(variant);
}

/** For tests: where there is an `order`, threads compute one after the other, as `inTurn.ts` says. */
export function engineInOrder(
  { name, contract, outside, remarks = [] }: Variant,
  order?: readonly number[],
): Engine {
  return {
    name,
    contract,
    open: (programs, given = {}, why) => {
      const options = recordOf("open", given, "{ seed: 1 }");
      const problem = missing();
      if (problem !== undefined)
        throw new SessionError(`the engine ${name} cannot run here: ${problem}; use the engine reference`);
      // Threads are the library's then.
      const found = outside ? mannerOf({ ...options, threads: 1 }, "small ") : mannerOf(options);
      const manner: Manner = { ...found, name, order, outside, remarks: [...remarks, ...found.remarks] };
      let layout: Layout;
      return new EngineSession(
        programs,
        options,
        {
          contract: manner.fast ? { ...contract, sums: "any" } : contract,
          storage: (arrays, capacity) => {
            layout = new Layout(arrays, capacity, manner.threads > 1);
            return (array) => layout.data(array);
          },
          machine: (plan) => new WasmMachine(plan, layout, manner),
        },
        why,
      );
    },
  };
}

/**
 * Compiles programs to WebAssembly with SIMD; the numbers are the reference's, bit for bit. With `fast`, where the host has relaxed
 * SIMD, a product's multiplications are fused with its additions, in the reference's order.
 */
export const wasm = wasmEngine({
  name: "wasm",
  contract: { precisions: ["float64", "float32"], sums: "as written", unitsInTheLastPlace: 0 },
});

export { isFull };

let lacking: { readonly what: string | undefined } | undefined;

/** What this engine lacks here; undefined where it can run. */
export function missing(): string | undefined {
  lacking ??= { what: whatIsMissing() };
  return lacking.what;
}

function whatIsMissing(): string | undefined {
  if (webAssembly === undefined) return "there is no WebAssembly";
  if (!validates((x) => f32x4.add(x, x))) return "WebAssembly has no SIMD";
  try {
    new webAssembly.Module(moduleOf((x) => f32x4.add(x, x)));
  } catch (error) {
    // A page's content security policy may forbid it, which `validate` does not tell.
    return `WebAssembly does not compile (${(error as Error).message})`;
  }
  return undefined;
}

function mannerOf({ fast = false, threads = 1 }: SessionOptions, small = ""): Omit<Manner, "name"> {
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new SessionError(`threads is ${threads}, but must be a whole number from 1 to 64`);
  const alone = threads > 1 ? onlyOneThread() : undefined;
  const fuses = fast && validates((x) => f32x4.relaxedMadd(x, x, x));
  const remarks = [
    ...(alone === undefined ? [] : [`one thread instead of ${threads}: ${alone}`]),
    ...(fast && !fuses
      ? [`${small}products are exact although fast is allowed: the host has no relaxed SIMD`]
      : []),
  ];
  return { fast: fuses, threads: alone === undefined ? threads : 1, remarks };
}

/** Whether the host takes a module with such code on four float32 numbers. */
function validates(code: (x: Code) => Code): boolean {
  return webAssembly!.validate(moduleOf(code));
}

function moduleOf(code: (x: Code) => Code): Uint8Array {
  const body = new Body(["v128"]);
  const functions = [body.function(code(body.parameter(0).get), "v128")];
  return moduleBytes({ pages: 1, shared: false, imports: [], functions, globals: [], exports: new Map() });
}
