import { readFileSync, realpathSync } from "node:fs";
import { SessionError } from "@streetlight/core";
import koffi from "koffi";

/** A library of the Basic Linear Algebra Subprograms, loaded. */
export interface Library {
  /** For a reader: `OpenBLAS 0.3.21 SkylakeX`. */
  readonly name: string;
  readonly product: Readonly<Record<"float32" | "float64", Gemm>>;
  /** Sets how many threads a product uses; undefined where the library decides by itself. */
  readonly setThreads: ((threads: number) => void) | undefined;
}

/**
 * `cblas_sgemm` and `cblas_dgemm`: `c = alpha · a · b + beta · c`. Matrices are raw addresses; orders and transpositions are
 * the numbers of cblas.h (101 row after row, 111 as it lies, 112 transposed).
 */
export type Gemm = (
  order: number,
  transposeA: number,
  transposeB: number,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  beta: number,
  c: number,
  ldc: number,
) => void;

/** Where libraries are looked for, first come first served. `STREETLIGHT_BLAS` names one to use instead. */
const places: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0",
    "/usr/lib/aarch64-linux-gnu/openblas-pthread/libopenblas.so.0",
    "libopenblas.so.0",
    "libopenblas.so",
  ],
  darwin: [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
  ],
  win32: ["libopenblas.dll", "openblas.dll"],
};

function candidates(): readonly string[] {
  const named = process.env.STREETLIGHT_BLAS;
  return named ? [named] : (places[process.platform] ?? []);
}

/** Loads the first library that is there. Throws `SessionError` that says how to install one. */
export function loadLibrary(paths: readonly string[] = candidates()): Library {
  const problems: string[] = [];
  for (const path of paths) {
    try {
      nameCoreType(path);
      return described(koffi.load(path), path);
    } catch (error) {
      problems.push(`${path}: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  throw new SessionError(
    "no BLAS library was found: apt-get install libopenblas0-pthread, brew install openblas, or name one in " +
      `STREETLIGHT_BLAS; until then the engine wasm does the same work (tried ${problems.join("; ")})`,
  );
}

function described(library: ReturnType<typeof koffi.load>, path: string): Library {
  const gemm = (letter: "s" | "d", number: "float" | "double"): Gemm =>
    library.func(
      `void cblas_${letter}gemm(int, int, int, int, int, int, ${number}, uint64_t, int, uint64_t, int, ${number}, uint64_t, int)`,
    ) as Gemm;
  const product = { float32: gemm("s", "float"), float64: gemm("d", "double") };
  try {
    const config = library.func("const char *openblas_get_config()") as () => string;
    const core = library.func("const char *openblas_get_corename()") as () => string;
    const set = library.func("void openblas_set_num_threads(int)") as (threads: number) => void;
    const version = /OpenBLAS [\d.]+/.exec(config())?.[0] ?? "OpenBLAS";
    return { name: `${version} ${core()}`, product, setThreads: onChange(set) };
  } catch {
    // Accelerate and others have no such functions.
    return { name: path.split("/").pop()!, product, setThreads: undefined };
  }
}

/** Passes a number on where it is another than before: the library has one for the whole process. */
function onChange(set: (threads: number) => void): (threads: number) => void {
  let now: number | undefined;
  return (threads) => {
    if (threads !== now) set(threads);
    now = threads;
  };
}

/**
 * OpenBLAS before 0.3.24 takes processors newer than itself for the oldest of their kind, and is eight times too slow there.
 * So unless the user has said which it is, it is told by what the processor can do, before it is loaded.
 */
function nameCoreType(path: string): void {
  if (process.env.OPENBLAS_CORETYPE !== undefined || process.platform !== "linux" || process.arch !== "x64")
    return;
  const version = /r0\.3\.(\d+)\.so/.exec(realPath(path))?.[1];
  if (version === undefined || Number(version) >= 24) return;
  const type = coreType(cpuinfo());
  if (type !== undefined) process.env.OPENBLAS_CORETYPE = type;
}

/** Empty where it cannot be read, as in a hardened container: then the library decides by itself. */
function cpuinfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** OpenBLAS's name for processors that can do what `/proc/cpuinfo` lists; undefined for older ones than it surely knows. */
export function coreType(cpuinfo: string): string | undefined {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(" "));
  const has = (...names: string[]) => names.every((name) => flags.has(name));
  if (has("avx512f", "avx512dq", "avx512bw", "avx512vl")) return "SkylakeX";
  return has("avx2", "fma") ? "Haswell" : undefined;
}
