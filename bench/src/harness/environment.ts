import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import type { Registry } from "./registry.ts";

/** Where results come from. */
export interface Environment {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  /** What it can do, as far as it matters here. */
  readonly features: readonly string[];
  readonly memory: number;
  readonly system: string;
  /** The Node that contenders in JavaScript ran in, and the one that ran the harness. */
  readonly node: string;
  readonly harnessNode: string;
  readonly commit?: string;
  /** How many processes wanted to run before the bench began, on average over a minute; it should be about 0. */
  readonly loadBefore: number;
}

const telling = ["avx", "avx2", "fma", "avx512f", "avx512_vnni", "amx_tile", "asimd"];

export function environment({ node }: Pick<Registry, "node">, commit: string | undefined): Environment {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    processor: processors[0]?.model ?? process.arch,
    cores: processors.length,
    features: telling.filter((feature) => flags().has(feature)),
    memory: totalmem(),
    system: `${systemName()}, kernel ${release()}`,
    node: "version" in node ? node.version : "none",
    harnessNode: process.versions.node,
    ...(commit === undefined ? {} : { commit }),
    loadBefore: loadavg()[0]!,
  };
}

function flags(): Set<string> {
  try {
    const found = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"));
    return new Set(found?.[1]?.trim().split(" "));
  } catch {
    return new Set();
  }
}

function systemName(): string {
  try {
    const found = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"));
    return found?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}
