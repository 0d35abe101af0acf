import { mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

// The random tests at length (`times` in packages/core/test/long.ts), and what only they run.
const config = mergeConfig(usual, { test: { env: { STREETLIGHT_LONG: "1" }, testTimeout: 3_600_000 } });
config.test.include = [
  "packages/core/test/engines/conformance.test.ts",
  "packages/core/test/engines/randomPrograms.test.ts",
  "packages/core/test/engines/threads.test.ts",
  "packages/core/test/program/random.test.ts",
  "packages/core/test/program/hostNames.test.ts",
  "packages/core/test/network/printedExports.test.ts",
  "packages/core/test/files/fuzz.test.ts",
  "packages/core/test/files/kills.test.ts",
  "packages/*/test/**/*.long.test.ts",
];
// The usual ones leave `*.long.test.ts` out.
config.test.exclude = ["**/node_modules/**"];
export default config;
