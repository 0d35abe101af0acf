import { type WasmModule, webAssembly } from "./host.ts";
import type { OutsideProduct } from "./outside.ts";

/** Modules by what they were compiled from, the last used at the end: a second session of a network starts at full speed. */
const modules = new Map<string, Compiled>();

export interface Compiled {
  readonly module: WasmModule;
  /** About how many operations a batch has. */
  readonly operations: number;
  readonly products: readonly OutsideProduct[];
}

/** How many modules are kept; a network that trains and predicts needs about four. */
const most = 64;

/** The module of a key, written and compiled unless it is known. */
export function compiledModule(
  key: string,
  write: () => Omit<Compiled, "module"> & { readonly bytes: Uint8Array },
): Compiled {
  let compiled = modules.get(key);
  if (compiled === undefined) {
    const { bytes, ...rest } = write();
    compiled = { module: new webAssembly!.Module(bytes), ...rest };
  }
  modules.delete(key);
  modules.set(key, compiled);
  if (modules.size > most) modules.delete(modules.keys().next().value!);
  return compiled;
}
