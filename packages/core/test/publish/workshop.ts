import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** The packages that are published. */
export const names = ["core", "lessons", "native"] as const;

/** What they depend on, besides each other; koffi brings a binary for the machine. */
const outside = ["picocolors", "koffi"];

/** The packages as npm would hand them out, and a folder in which nothing but they are installed. */
export interface Workshop {
  /** A copy of the repository with nothing in it but the sources, compiled anew. */
  readonly copy: string;
  readonly tarballs: Readonly<Record<string, string>>;
  /** What each tarball holds. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly installed: string;
}

/** Runs a command to its end and gives what it printed. Throws with all that it wrote where it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { cwd, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout: string; stderr: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`);
  }
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/**
 * Compiles and packs the packages outside the repository, so that nothing left over from earlier builds can
 * slip in or hide a fault, and installs the tarballs into an empty folder, without a network.
 */
export async function openWorkshop(): Promise<Workshop> {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "streetlight-packages-")));
  for (const name of names)
    cpSync(join(root, "packages", name), join(copy, "packages", name), {
      recursive: true,
      filter: (from) => !/\/(dist|test|node_modules|tsconfig\.tsbuildinfo)$/.test(from),
    });
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.base.json"), "utf8"));
  // `npm run check` checks the types; here they are only written down.
  writeJson(join(copy, "tsconfig.base.json"), { compilerOptions: { ...compilerOptions, noCheck: true } });
  const modules = join(copy, "node_modules");
  mkdirSync(join(modules, "@streetlight"), { recursive: true });
  for (const name of [...outside, "@types", "undici-types"])
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  symlinkSync(join(copy, "packages/core"), join(modules, "@streetlight/core"));
  await run(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-b", "packages/lessons", "packages/native"],
    copy,
  );

  const tars = join(copy, "tarballs");
  mkdirSync(tars);
  const binaries = readdirSync(join(root, "node_modules/@koromix")).map((name) => `@koromix/${name}`);
  const folders = [
    ...names.map((name) => join(copy, "packages", name)),
    ...[...outside, ...binaries].map((name) => join(root, "node_modules", name)),
  ];
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", tars, ...folders];
  const packed = Object.values(JSON.parse(await run("npm", pack, copy)) as Record<string, Packed>);

  const installed = join(copy, "installed");
  mkdirSync(installed);
  writeJson(join(installed, "package.json"), { private: true });
  const all = readdirSync(tars).map((file) => join(tars, file));
  const quietly = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...quietly, ...all], installed);
  const of = <Value>(value: (each: Packed) => Value) =>
    Object.fromEntries(packed.map((each) => [each.name, value(each)]));
  return {
    copy,
    tarballs: of(({ filename }) => join(tars, filename)),
    files: of(({ files }) => files.map(({ path }) => path)),
    installed,
  };
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}
