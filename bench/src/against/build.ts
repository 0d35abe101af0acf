import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { say } from "../harness/progress.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** What is measured. */
const packages = ["core", "native"] as const;

/** Names that git gives to a commit. Throws with git's own words where there is none of that name. */
export function resolved(commit: string): string {
  return git("rev-parse", "--verify", "--short=12", `${commit}^{commit}`);
}

/** Puts a commit's files into a folder and compiles them there. */
export function buildCommit(commit: string, folder: string): void {
  git("clone", "--quiet", "--shared", "--no-checkout", root, folder);
  git("-C", folder, "checkout", "--quiet", "--detach", git("rev-parse", commit));
  compile(folder);
}

/** The same with the files as they lie in the working tree, but for those that git ignores. */
export function buildWorkingTree(folder: string): void {
  const listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", ":/");
  for (const file of listed.split("\0")) {
    if (!file || !lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile()) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  compile(folder);
}

/** Both builds are compiled from nothing, by the same commands, in folders whose names are of one length. */
function compile(folder: string): void {
  say(`bench: compiling ${folder}`);
  install(folder);
  const projects = packages
    .map((name) => `packages/${name}`)
    .filter((path) => existsSync(join(folder, path, "tsconfig.json")));
  run(folder, process.execPath, ["node_modules/typescript/bin/tsc", "-b", ...projects]);
}

/**
 * The dependencies that the lock file names: those that are installed here where it is the same file, and else npm's. The
 * workspace's own packages are the folder's own in either case.
 */
function install(folder: string): void {
  const lock = (path: string) => readFileSync(join(path, "package-lock.json"), "utf8");
  if (lock(folder) !== lock(root)) {
    const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    say(`bench: its lock file differs from this one: npm ci ${quietly[0]}`);
    run(folder, "npm", ["ci", ...quietly]);
    return;
  }
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@streetlight"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")))
    if (!name.startsWith(".") && name !== "@streetlight")
      symlinkSync(join(root, "node_modules", name), join(modules, name), "junction");
  for (const name of packages)
    symlinkSync(join(folder, "packages", name), join(modules, "@streetlight", name), "junction");
}

function git(...args: string[]): string {
  return run(root, "git", args).trim();
}

/** Throws what the command says where it fails. */
function run(cwd: string, command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 28,
      shell: process.platform === "win32",
    });
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error([message.split("\n")[0], stdout?.trim(), stderr?.trim()].filter(Boolean).join("\n"));
  }
}
