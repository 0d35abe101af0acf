import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LastLine } from "./scripts/lastLine.ts";

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: "@streetlight/core/print", replacement: source("core/src/program/print/index.ts") },
      { find: "@streetlight/core/wasm", replacement: source("core/src/engines/wasm/index.ts") },
      { find: "@streetlight/native", replacement: source("native/src/index.ts") },
      { find: "@streetlight/core", replacement: source("core/src/index.ts") },
    ],
  },
  test: {
    include: ["packages/*/test/**/*.test.ts", "bench/test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "packages/*/test/**/*.long.test.ts"],
    testTimeout: 60_000,
    maxWorkers: 2,
    reporters: ["default", new LastLine()],
  },
});
