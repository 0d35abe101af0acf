import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import ts from "typescript";
import { expect, test } from "vitest";
import * as core from "../../src/index.ts";
import * as predict from "../../src/predict/index.ts";
import * as print from "../../src/program/print/index.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A TypeScript block of a page and what the page says that it prints. */
interface Example {
  readonly code: string;
  readonly prints: string | undefined;
}

function examples(page: string): Example[] {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, language, code], position) => {
    if (language !== "ts") return [];
    const next = blocks[position + 1];
    return [{ code: code!, prints: next?.[1] === "text" ? next[2] : undefined }];
  });
}

/** A page's blocks as one program, as a reader would type them in one after the other. */
function compile(blocks: readonly Example[]): string {
  const source = blocks.map(({ code }, position) => `${code}\n;mark(${position});\n`).join("");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  const withNode = outputText.replaceAll(
    /^import (\{[^}]*\}) from ("node:[\w/]+");$/gm,
    "const $1 = process.getBuiltinModule($2);",
  );
  return withNode.replaceAll(
    /^import \{([^}]*)\} from "@streetlight\/(?:core\/)?(core|predict|print)";$/gm,
    (_, names: string, entry: string) => `const {${names.replaceAll(" as ", ": ")}} = $${entry};`,
  );
}

async function run(blocks: readonly Example[]): Promise<string[]> {
  const printed: string[] = [""];
  const log = (...values: unknown[]): void => {
    const text = values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" ");
    printed[printed.length - 1] += `${text}\n`;
  };
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  const entries = [core, predict, print, { log }, () => printed.push("")];
  await new AsyncFunction("$core", "$predict", "$print", "console", "mark", compile(blocks))(...entries);
  return printed;
}

const pages = [
  "README.md",
  "packages/core/README.md",
  "packages/native/README.md",
  "docs/programs.md",
  "docs/arrays.md",
  "docs/training.md",
  "docs/traces.md",
  "docs/checks.md",
  "docs/building.md",
  "docs/engines.md",
  "docs/files.md",
];

test.each(pages)("%s: every block runs and prints what the page says", async (page) => {
  const blocks = examples(page);
  const printed = await run(blocks);
  expect(blocks.length).toBeGreaterThan(0);
  for (const [position, { prints }] of blocks.entries())
    if (prints !== undefined) expect(printed[position]!.trimEnd()).toBe(prints.trimEnd());
});

test.each(pages)("%s: every block is sound TypeScript", (page) => {
  const folder = mkdtempSync(join(root, "node_modules/.docs-"));
  try {
    const file = join(folder, "page.ts");
    const code = examples(page).map((example) => example.code);
    writeFileSync(file, `${code.join("\n")}\nexport {};\n`);
    const program = ts.createProgram([file], {
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      types: ["node"],
      paths: {
        "@streetlight/core": [join(root, "packages/core/src/index.ts")],
        "@streetlight/core/print": [join(root, "packages/core/src/program/print/index.ts")],
        "@streetlight/core/predict": [join(root, "packages/core/src/predict/index.ts")],
      },
    });
    const found = ts
      .getPreEmitDiagnostics(program)
      .map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
    expect(found).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([...pages, "docs/tour.md", "CONTRIBUTING.md", "CHANGELOG.md"])(
  "%s: what it points to is there",
  (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) =>
      join(root, dirname(page), link!),
    );
    const rows = page === "docs/tour.md" ? text.matchAll(/^\| \d+ +\| ([^|]+)\|/gm) : [];
    const sources = [...rows].flatMap(([, files]) =>
      [...files!.matchAll(/`([^`]+)`/g)].map(([, file]) => join(root, "packages/core/src", file!)),
    );
    expect(page === "docs/tour.md" ? sources.length : 1).toBeGreaterThan(0);
    expect([...links, ...sources].filter((path) => !existsSync(path))).toEqual([]);
  },
);

test("the README's two lines are what CI runs", () => {
  const lines = [
    ...readFileSync(join(root, "README.md"), "utf8").matchAll(/^(npm (?:ci|run setup) && .*?)\s+#/gm),
  ];
  const ci = readFileSync(join(root, ".ci/run"), "utf8");
  expect(lines).toHaveLength(2);
  for (const [, line] of lines) expect(ci.split("\n")).toContain(line);
});
