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

/** Undefined where the host has no WebAssembly. A content security policy may still forbid to compile. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly?: WasmHost }).WebAssembly;

/** A thread of the host. */
export interface HostWorker {
  terminate(): unknown;
}

interface NodeWorker extends HostWorker {
  on(event: string, listener: (value: unknown) => void): void;
  unref(): void;
}

interface WebWorker extends HostWorker {
  onmessage: (() => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(message: unknown): void;
}

interface Host {
  readonly process?: {
    getBuiltinModule?(name: string): unknown;
    readonly permission?: { has(what: string): boolean };
  };
  readonly Worker?: new (url: string) => WebWorker;
  readonly Blob?: new (parts: readonly string[], options: { readonly type: string }) => unknown;
  readonly URL?: { createObjectURL(blob: unknown): string; revokeObjectURL(url: string): void };
  readonly document?: unknown;
  readonly crossOriginIsolated?: boolean;
}

const host = globalThis as unknown as Host;

const nodeThreads = (): (new (source: string, options: object) => NodeWorker) | undefined =>
  (host.process?.getBuiltinModule?.("worker_threads") as { Worker: never } | undefined)?.Worker;

/** Why there can be but one thread here; undefined where there can be more. */
export function onlyOneThread(): string | undefined {
  if (typeof SharedArrayBuffer === "undefined")
    return "memory cannot be shared here: the page is not cross-origin isolated";
  if (host.process?.permission?.has("worker") === false)
    return "the permission model of Node.js forbids others: allow them by --allow-worker";
  if (nodeThreads()) return undefined;
  if (host.document !== undefined) return "a page's own thread must not wait for others: train in a worker";
  return host.Worker && host.Blob && host.URL ? undefined : "the host has no threads that start from text";
}

/** Starts a thread from text. `ready` is called when it says so, `lost` with what happened when it ends by itself. */
export function startWorker(
  source: string,
  data: unknown,
  ready: () => void,
  lost: (problem: string) => void,
): HostWorker {
  const Threads = nodeThreads();
  if (Threads) {
    const worker = new Threads(source, { eval: true, workerData: data });
    worker.on("message", () => {
      // From now on a program may end without waiting for it.
      worker.unref();
      ready();
    });
    worker.on("error", (error) => lost(`failed: ${(error as Error).message}`));
    worker.on("exit", () => lost("has ended"));
    return worker;
  }
  const url = host.URL!.createObjectURL(new host.Blob!([source], { type: "text/javascript" }));
  const worker = new host.Worker!(url);
  worker.onmessage = () => {
    host.URL!.revokeObjectURL(url);
    ready();
  };
  worker.onerror = ({ message = "unknown" }) => lost(`failed: ${message}`);
  worker.postMessage(data);
  return worker;
}
