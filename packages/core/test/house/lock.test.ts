import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: true;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = fileURLToPath(new URL("../../../../package-lock.json", import.meta.url));
const packages = Object.entries(
  (JSON.parse(readFileSync(lock, "utf8")) as { readonly packages: Readonly<Record<string, Locked>> })
    .packages,
);
/** All that are installed from the registry: the others are this repository's own. */
const installed = packages.filter(([path, { link }]) => path.includes("node_modules/") && !link);

test("the lock file has a SHA-512 hash of every package, those of other platforms too", () => {
  expect(installed.length).toBeGreaterThan(50);
  // 64 bytes in base64. npm leaves the hash out of what it has not seen, such as programs for other platforms.
  const hashed = /^sha512-[A-Za-z0-9+/]{86}==$/;
  expect(installed.filter(([, { integrity = "" }]) => !hashed.test(integrity)).map(([path]) => path)).toEqual(
    [],
  );
});

test("the lock file lists every program for another platform that a package may ask for", () => {
  const known = new Set(installed.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + 13)));
  const asked = installed.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});
