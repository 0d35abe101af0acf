import { type WasmModule, webAssembly } from "./host.ts";

/** Modules by what they were compiled from, the last used at the end: a second session of a network starts at full speed. */
const modules = new Map<string, WasmModule>();

/** How many modules are kept; a network that trains and predicts needs about four. */
const most = 64;

/** The module of a key, written and compiled unless it is known. */
export function compiledModule(key: string, write: () => Uint8Array): WasmModule {
  const known = modules.get(key);
  const module = known ?? new webAssembly!.Module(write());
  modules.delete(key);
  modules.set(key, module);
  if (modules.size > most) modules.delete(modules.keys().next().value!);
  return module;
}
