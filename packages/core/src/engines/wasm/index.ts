/** For engines that build on this one, such as `@streetlight/native`. */
export type { WasmMemory } from "./host.ts";
export type { Outside, OutsideProduct } from "./outside.ts";
export { missing, type Variant, wasm, wasmEngine } from "./wasm.ts";
