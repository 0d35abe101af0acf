import type { Both, Known } from "../program/known.ts";
import { unknownName } from "../program/names.ts";
import type { Engine, Programs, Session, SessionOptions } from "./engine.ts";
import { reference } from "./reference/reference.ts";

const engines: Readonly<Record<string, Engine>> = { reference };

/** How a session opens, and in which engine. */
export interface OpenOptions<Kept extends string = string> extends SessionOptions<Kept> {
  /** Which engine runs the programs; default `"reference"`. */
  readonly engine?: string;
}

/**
 * Loads one or more programs in an engine, over one memory. Throws `NameError` where there is no such engine or no such array to keep,
 * `SessionError` where programs declare an array differently.
 */
export async function openSession<Names extends string, Kept extends Known<Names> = Known<Names>>(
  programs: Programs<Names>,
  options: OpenOptions<Kept> = {},
): Promise<Session<Both<Names, Kept>>> {
  const { engine = "reference", ...rest } = options;
  const found = Object.hasOwn(engines, engine) ? engines[engine] : undefined;
  if (found === undefined) throw unknownName("engine", engine, "this library", Object.keys(engines));
  return found.open(programs, rest);
}
