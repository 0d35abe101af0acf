import { readFileSync } from "node:fs";

/**
 * The most memory that this process ever held, in bytes. On Linux it is the kernel's high-water mark for the program that runs
 * now; `getrusage` would count what the harness held when it started this process.
 */
export function peakMemory(): number {
  if (process.platform === "linux") {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
