/** What this engine asks of its host, where the language's own library does not declare it. */
export interface WasmMemory {
  /** A `SharedArrayBuffer`, which is used alike, where threads share it. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Compiled code; opaque. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

export type WasmFunction = (...given: number[]) => void;

export interface WasmGlobal {
  value: number;
}

interface WasmHost {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly e: Readonly<Record<string, WasmMemory | ((...given: number[]) => void)>> },
  ) => { readonly exports: Readonly<Record<string, WasmFunction | WasmGlobal>> };
  validate(bytes: Uint8Array): boolean;
}

/** Undefined where the host has no WebAssembly, or forbids it. */
export const webAssembly = (globalThis as { readonly WebAssembly?: WasmHost }).WebAssembly;
