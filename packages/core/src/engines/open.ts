import { unknownName } from "../program/names.ts";
import type { Program } from "../program/program.ts";
import type { Engine, Session, SessionOptions } from "./engine.ts";
import { reference } from "./reference/reference.ts";

/** Each engine is loaded when it is first asked for; the reference is always there. */
const engines: Readonly<Record<string, () => Promise<Engine>>> = {
  reference: async () => reference,
  wasm: async () => (await import("./wasm/wasm.ts")).wasm,
};

export interface OpenOptions extends SessionOptions {
  /** Which engine runs the programs; default `"reference"`. */
  readonly engine?: string;
}

/** Loads one or more programs in an engine. Throws `NameError` where there is no such engine. */
export async function openSession(
  programs: Program | readonly Program[],
  options: OpenOptions = {},
): Promise<Session> {
  const { engine = "reference", ...rest } = options;
  const found = Object.hasOwn(engines, engine) ? engines[engine] : undefined;
  if (found === undefined) throw unknownName("engine", engine, "this library", Object.keys(engines));
  const session = (await found()).open(programs, rest);
  await session.ready;
  return session;
}
