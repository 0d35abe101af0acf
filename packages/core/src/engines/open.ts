import { recordOf } from "../program/given.ts";
import type { Both, Known } from "../program/known.ts";
import { unknownName } from "../program/names.ts";
import { RoomError } from "../shape/room.ts";
import { type Engine, type Programs, type Session, SessionError, type SessionOptions } from "./engine.ts";

/** An engine by name, or `"auto"` for the fastest that is here and gives the numbers that are asked for. */
export type EngineName = "auto" | "reference" | "wasm" | "native";

/** How a session opens, and in which engine. */
export interface OpenOptions<Kept extends string = string> extends SessionOptions<Kept> {
  /** Which engine runs the programs; default `"auto"`. */
  readonly engine?: EngineName | undefined;
}

/** Each engine is loaded when it is first asked for. */
const engines: Readonly<Record<Exclude<EngineName, "auto">, () => Promise<Engine>>> = {
  reference: async () => (await import("./reference/reference.ts")).reference,
  wasm: async () => (await import("./wasm/wasm.ts")).wasm,
  native: loadNative,
};

/**
 * Loads one or more programs in an engine, over one memory. `"auto"` takes `wasm`, which has the reference's bits; with `fast`, which allows
 * others, `native` where that is installed. `session.plan()` says what was taken and why. Throws `NameError` for an unknown engine,
 * `SessionError` where the engine cannot run here or programs declare an array differently.
 */
export async function openSession<Names extends string, Kept extends Known<Names> = Known<Names>>(
  programs: Programs<Names>,
  options: OpenOptions<Kept> = {},
): Promise<Session<Both<Names, Kept>>> {
  const { engine: name = "auto", ...rest } = recordOf("openSession", options, "{ seed: 1 }");
  if (typeof name !== "string" || (name !== "auto" && !Object.hasOwn(engines, name)))
    throw unknownName("engine", String(name), "this library", ["auto", ...Object.keys(engines)]);
  if (options.fast !== undefined && typeof options.fast !== "boolean")
    throw new SessionError(`fast is ${JSON.stringify(options.fast)}, but must be true or false`);
  if (name !== "auto") return whenReady((await engines[name]()).open(programs, rest));
  const { engine, why } = await chosen(options.fast ?? false);
  try {
    return await whenReady(engine.open(programs, rest, why));
  } catch (error) {
    // Where addresses are few, as under `ulimit -v`, the reference may find the room that WebAssembly does not.
    if (!((error as Error).cause instanceof RoomError)) throw error;
    return (await engines.reference()).open(programs, rest, `auto: reference, since ${crowded}`);
  }
}

const crowded = "the host has no memory for a further session in WebAssembly";

async function whenReady<Opened extends Session>(session: Opened): Promise<Opened> {
  try {
    await session.ready;
  } catch (error) {
    session.close();
    throw error;
  }
  return session;
}

/** Asking for a module that is there takes longer than a small training. */
let loaded: typeof import("./wasm/wasm.ts") | undefined;

async function chosen(fast: boolean): Promise<{ readonly engine: Engine; readonly why: string }> {
  let besides = "the reference's bits are asked for";
  if (fast) {
    try {
      return {
        engine: await engines.native(),
        why: "auto: native, since fast is allowed and it is installed",
      };
    } catch (error) {
      besides = `native is not here (${(error as Error).message})`;
    }
  }
  loaded ??= await import("./wasm/wasm.ts");
  const { isFull, missing, wasm } = loaded;
  const problem = missing() ?? (isFull() ? crowded : undefined);
  return problem === undefined
    ? { engine: wasm, why: `auto: wasm, since ${besides}` }
    : { engine: await engines.reference(), why: `auto: reference, since ${problem}` };
}

/** From a package of its own, which a bundler is not to look for: it runs in Node.js only, and is optional. */
async function loadNative(): Promise<Engine> {
  const name = "@streetlight/native";
  let loaded: { readonly native: () => Engine };
  try {
    loaded = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as typeof loaded;
  } catch (error) {
    throw new SessionError(
      `the engine native is not installed: npm install ${name}, or use the engine wasm (${(error as Error).message})`,
    );
  }
  return loaded.native();
}
