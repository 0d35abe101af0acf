import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LastLine } from "./scripts/lastLine.ts";

const core = fileURLToPath(new URL("packages/core/src/index.ts", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@streetlight/core": core } },
  test: {
    include: ["packages/*/test/**/*.test.ts"],
    testTimeout: 60_000,
    maxWorkers: 2,
    reporters: ["default", new LastLine()],
  },
});
