import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import ts from "typescript";
import type { Engine } from "../../src/engines/engine.ts";
import type { Library } from "./library.ts";

type Module = (require: (path: string) => unknown, exports: unknown) => void;

const root = fileURLToPath(new URL("../../src/", import.meta.url));
const compiled = new Map<string, Module>();

/** The text of a file of `src`. */
export function source(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** The files of a room of `src`, such as `ops`. */
export function filesIn(room: string): string[] {
  return readdirSync(join(root, room))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${room}/${name}`)
    .sort();
}

/**
 * A copy of the library, all its modules fresh, in which one file has another text. Files that are not changed
 * are compiled once for all copies. Throws where the new text does not compile or the library does not load.
 */
export function libraryWith(file: string, text: string): Library {
  const replaced = compile(file, text);
  const loaded = new Map<string, unknown>();
  const load = (path: string): unknown => {
    if (loaded.has(path)) return loaded.get(path);
    const exports = {};
    loaded.set(path, exports);
    const body = path === file ? replaced : original(path);
    body((wanted) => load(join(dirname(path), wanted)), exports);
    return exports;
  };
  const from = <Exports>(path: string) => load(path) as Exports;
  const { ops } = from<Pick<Library, "ops">>("ops/table.ts");
  const { ProgramBuilder } = from<Pick<Library, "ProgramBuilder">>("program/builder.ts");
  const { GradientError } = from<Pick<Library, "GradientError">>("program/backpropagate.ts");
  const { reference } = from<{ reference: Engine }>("engines/reference/reference.ts");
  const loops = from<Library["loops"]>("ops/loops.ts");
  const expression = from<Library["expression"]>("ops/expression.ts");
  return { ops, loops, expression, ProgramBuilder, GradientError, engines: { reference } };
}

function original(path: string): Module {
  const known = compiled.get(path) ?? compile(path, source(path));
  compiled.set(path, known);
  return known;
}

function compile(path: string, text: string): Module {
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  if (diagnostics.length > 0)
    throw new SyntaxError(`${path}: ${ts.flattenDiagnosticMessageText(diagnostics[0]!.messageText, " ")}`);
  return runInThisContext(`(function (require, exports) { ${outputText}\n})`, { filename: path }) as Module;
}
