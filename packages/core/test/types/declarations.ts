import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const core = fileURLToPath(new URL("../../", import.meta.url));

/** What a package's user compiles against: the declarations of the two entries and all that they lead to. */
export interface Declarations {
  readonly checker: ts.TypeChecker;
  /** The files that the entries lead to, by their places in `src`. */
  readonly files: ReadonlyMap<string, ts.SourceFile>;
  /** What the entries export, by name. */
  readonly exported: ReadonlyMap<string, ts.Symbol>;
  /** What the compiler says of them. */
  readonly problems: readonly string[];
}

const out = join(core, "declarations");

/** Writes the declarations as the build does, but into memory, and reads them as a strict project does. */
export function declarationsOf(entries: readonly string[]): Declarations {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2022.d.ts"],
    types: [],
  };
  const written = new Map<string, string>();
  const sources = ts.createProgram(
    entries.map((entry) => join(core, "src", `${entry}.ts`)),
    {
      ...options,
      noCheck: true,
      declaration: true,
      emitDeclarationOnly: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(core, "src"),
      outDir: out,
    },
  );
  sources.emit(undefined, (path, text) => written.set(path, text));

  const host = ts.createCompilerHost({});
  const { getSourceFile, fileExists, readFile, directoryExists } = host;
  const program = ts.createProgram({
    rootNames: entries.map((entry) => join(out, `${entry}.d.ts`)),
    options,
    host: {
      ...host,
      fileExists: (path) => written.has(path) || fileExists(path),
      readFile: (path) => written.get(path) ?? readFile(path),
      directoryExists: (path) =>
        [...written.keys()].some((file) => dirname(file).startsWith(path)) || directoryExists!(path),
      getSourceFile: (path, ...rest) => {
        const text = written.get(path);
        return text === undefined
          ? getSourceFile(path, ...rest)
          : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      },
    },
  });
  const checker = program.getTypeChecker();
  const files = new Map(
    program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(out))
      .map((file) => [file.fileName.slice(out.length + 1).replace(/\.d\.ts$/, ""), file]),
  );
  const exported = new Map<string, ts.Symbol>();
  for (const entry of entries)
    for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(files.get(entry)!)!))
      exported.set(symbol.name, resolved(checker, symbol));
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
  return { checker, files, exported, problems };
}

/** What an import or export stands for. */
export function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The nodes of a file or a declaration, from the outermost. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}
