import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../../", import.meta.url));
const core = join(packages, "core/src");

/** Rooms in the order in which data flow: a file imports its own room and those before it. */
const order = [
  "shape",
  "math",
  "text",
  "random",
  "files",
  "ops",
  "array",
  "program",
  "layers",
  "losses",
  "optimizers",
  "engines",
  "trace",
  "checks",
  "train",
  "predict",
  "network",
  "types.ts",
  "index.ts",
];

/** Beyond the order, what a room may never see. */
const never: readonly (readonly [from: RegExp, to: RegExp, why: string])[] = [
  [
    /^(layers|losses|optimizers)\//,
    /^(engines|array|random|math)\//,
    "layers, losses and optimizers append steps; they hold no numbers",
  ],
  [/^engines\/(?!open\.ts)/, /^engines\/open\.ts/, "only open.ts loads an engine"],
  [/^engines\/(?!open\.ts|reference\/)/, /^engines\/reference\//, "engines do not know each other"],
  [/^engines\/(?!open\.ts|wasm\/)/, /^engines\/wasm\//, "engines do not know each other"],
  [/^program\//, /^array\//, "programs are data; eager arrays are beside them"],
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(path: string): { specifier: string; typeOnly: boolean }[] {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022);
  return file.statements.flatMap((statement) => {
    if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) return [];
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement;
    const names = ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : statement.exportClause;
    const listed =
      names && (ts.isNamedImports(names) || ts.isNamedExports(names)) ? [...names.elements] : undefined;
    const typeOnly =
      (clause !== undefined && "isTypeOnly" in clause && clause.isTypeOnly === true) ||
      (listed !== undefined && listed.length > 0 && listed.every((name) => name.isTypeOnly));
    return [{ specifier: moduleSpecifier.text, typeOnly }];
  });
}

const files = sources(core);
const imports: readonly Import[] = files.flatMap((path) =>
  importsOf(path)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier, typeOnly }) => ({
      from: relative(core, path),
      to: relative(core, join(dirname(path), specifier)),
      typeOnly,
    })),
);

const room = (file: string): string => file.split("/")[0]!;
test("every import leads to a file", () => {
  const known = new Set(files.map((path) => relative(core, path)));
  expect(imports.filter(({ to }) => !known.has(to)).map(({ from, to }) => `${from} imports ${to}`)).toEqual(
    [],
  );
});

const isOwnEngine = ({ from, to }: Import): boolean =>
  dirname(from) === dirname(to) && room(from) === "engines" && dirname(from) !== "engines";

test("every room stands in the order", () => {
  expect(
    [...new Set(files.map((path) => room(relative(core, path))))].filter((each) => !order.includes(each)),
  ).toEqual([]);
});

test("imports go up the order, never down", () => {
  const down = imports.filter(({ from, to }) => order.indexOf(room(to)) > order.indexOf(room(from)));
  expect(down.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test.each(never.map(([from, to, why]) => ({ from, to, why })))("$why", ({ from, to }) => {
  const wrong = imports.filter((each) => from.test(each.from) && to.test(each.to) && !isOwnEngine(each));
  expect(wrong.map((each) => `${each.from} imports ${each.to}`)).toEqual([]);
});

test("ops import no other op, but for types and the registry's readers", () => {
  const described = files.map((path) => relative(core, path)).filter((path) => /^ops\//.test(path));
  const registered = new Set(imports.filter(({ from }) => from === "ops/registry.ts").map(({ to }) => to));
  const wrong = imports.filter(
    ({ from, to, typeOnly }) =>
      registered.has(from) && (registered.has(to) || to === "ops/registry.ts") && !typeOnly,
  );
  expect(described.length).toBeGreaterThan(0);
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test("no circles, type-only imports within ops aside", () => {
  const edges = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) {
    if (typeOnly && room(from) === "ops" && room(to) === "ops") continue;
    edges.set(from, [...(edges.get(from) ?? []), to]);
  }
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (path.includes(file) || done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

test("core imports nothing but itself and has no dependencies", () => {
  const outside = files.flatMap((path) =>
    importsOf(path)
      .filter(({ specifier }) => !specifier.startsWith("."))
      .map(({ specifier }) => `${relative(core, path)} imports ${specifier}`),
  );
  expect(outside).toEqual([]);
  const manifest = JSON.parse(readFileSync(join(packages, "core/package.json"), "utf8"));
  expect(manifest.dependencies ?? {}).toEqual({});
  expect(manifest.peerDependencies ?? {}).toEqual({});
});

test("core uses no chance, no clock and only the exact part of Math", () => {
  const exact = new Set("PI abs sqrt floor ceil trunc fround min max imul clz32 sign".split(" "));
  // Printed programs and the expression printer write these words as text; comments and strings are no uses.
  const wrong = files.flatMap((path) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node)) {
        const [object, name] = [node.expression.getText(file), node.name.text];
        if (object === "Math" && !exact.has(name)) found.push(`Math.${name}`);
        if (object === "Date" || object === "performance") found.push(`${object}.${name}`);
      }
      if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken)
        found.push("**");
      if (ts.isNewExpression(node) && ["Function", "Date"].includes(node.expression.getText(file)))
        found.push("new");
      if (ts.isCallExpression(node) && node.expression.getText(file) === "eval") found.push("eval");
      ts.forEachChild(node, visit);
    };
    const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
    visit(file);
    return found.map((what) => `${relative(core, path)} uses ${what}`);
  });
  expect(wrong).toEqual([]);
});

test("index.ts is a list on one screen", () => {
  const text = readFileSync(join(core, "index.ts"), "utf8");
  expect(text.split("\n").length).toBeLessThanOrEqual(90);
  expect(text.replace(/\/\/.*|export [^;]*;/g, "").trim()).toBe("");
});
