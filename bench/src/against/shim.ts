import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * Exports that had other names before, as `now: ["before", "long before"]`, so that both builds can be measured. A change of name is
 * noted here until no build of before is compared with any more.
 */
export const formerNames: Readonly<Record<string, readonly string[]>> = {};

/**
 * Puts the contenders' programs beside a build, so that they import it under the names of today. Between the two stands a
 * package of the same name that exports again what the build exports: a name that the build lacks is the former one, or else
 * an object that says so when it is used, and the work that needs it is not measured.
 */
export async function besideBuild(programs: string, folder: string): Promise<string> {
  const runner = join(folder, "runner");
  cpSync(programs, join(runner, "dist"), { recursive: true });
  writeFileSync(join(runner, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const core = dirname(fileURLToPath(import.meta.resolve("@streetlight/core/package.json")));
  const shim = join(runner, "node_modules/@streetlight/core");
  mkdirSync(shim, { recursive: true });
  const build = join(folder, "packages/core");
  const theirs = entriesOf(build);
  const manifest = { name: "@streetlight/core", version: manifestOf(build).version, type: "module" };
  const exported: Record<string, string> = { "./package.json": "./package.json" };
  for (const [entry, file] of Object.entries(entriesOf(core))) {
    const wanted = Object.keys(await import(pathToFileURL(join(core, file)).href));
    const source = theirs[entry] && pathToFileURL(join(build, theirs[entry])).href;
    const there = source === undefined ? [] : Object.keys(await import(source));
    const name = `${entry.replace(/\W/g, "") || "index"}.js`;
    writeFileSync(join(shim, name), shimText(source, wanted, there));
    exported[entry] = `./${name}`;
  }
  writeFileSync(join(shim, "package.json"), JSON.stringify({ ...manifest, exports: exported }));
  return runner;
}

/** A module with all the names that are wanted, from a build that has those that are there. */
export function shimText(
  source: string | undefined,
  wanted: readonly string[],
  there: readonly string[],
  former = formerNames,
): string {
  const has = new Set(there);
  const lines = source === undefined ? [] : [`export * from ${JSON.stringify(source)};`];
  for (const name of wanted.filter((each) => !has.has(each))) {
    const before = former[name]?.find((each) => has.has(each));
    lines.push(
      before === undefined
        ? `export const ${name} = absent("${name}");`
        : `export { ${before} as ${name} } from ${JSON.stringify(source)};`,
    );
  }
  return `${lines.join("\n")}
function absent(name) {
  const refuse = () => { throw new Error(\`this build exports no \${name}\`); };
  return new Proxy(function () {}, { apply: refuse, construct: refuse, get: refuse });
}
`;
}

/** The file of each entry, as the package says. */
function entriesOf(folder: string): Record<string, string> {
  if (!existsSync(join(folder, "package.json"))) return {};
  const { exports = {} } = manifestOf(folder);
  return Object.fromEntries(
    Object.entries(exports).flatMap(([entry, conditions]) =>
      typeof conditions === "object" && conditions.default?.endsWith(".js")
        ? [[entry, conditions.default]]
        : [],
    ),
  );
}

function manifestOf(folder: string) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly version: string;
    readonly exports?: Readonly<Record<string, string | { readonly default?: string }>>;
  };
}
