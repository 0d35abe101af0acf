import { type WasmModule, webAssembly } from "./host.ts";

/** Modules by what they were compiled from, the last used at the end: a second session of a network starts at full speed. */
const modules = new Map<string, Compiled>();

export interface Compiled {
  readonly module: WasmModule;
  /** About how many operations a batch has. */
  readonly operations: number;
}

/** How many modules are kept; a network that trains and predicts needs about four. */
const most = 64;

/** The module of a key, written and compiled unless it is known. */
export function compiledModule(
  key: string,
  write: () => { readonly bytes: Uint8Array; readonly operations: number },
): Compiled {
  let compiled = modules.get(key);
  if (compiled === undefined) {
    const { bytes, operations } = write();
    compiled = { module: new webAssembly!.Module(bytes), operations };
  }
  modules.delete(key);
  modules.set(key, compiled);
  if (modules.size > most) modules.delete(modules.keys().next().value!);
  return compiled;
}
