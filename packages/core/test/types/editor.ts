import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** How a strict project that uses the library compiles; it sees the sources. */
export const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  types: [],
  paths: {
    "@streetlight/core": [join(root, "packages/core/src/index.ts")],
    "@streetlight/core/print": [join(root, "packages/core/src/program/print/index.ts")],
    "@streetlight/core/predict": [join(root, "packages/core/src/predict/index.ts")],
  },
};

const page = join(root, "packages/core/page.ts");

/** An editor with one page open, on which programs are typed. A place on it is marked `⟨name⟩`. */
export class Editor {
  #text = "";
  #version = 0;
  readonly #service: ts.LanguageService;

  constructor() {
    const { fileExists, readFile, readDirectory, directoryExists, getDirectories } = ts.sys;
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => [page],
      getScriptVersion: (path) => (path === page ? String(this.#version) : "0"),
      getScriptSnapshot: (path) => {
        const text = path === page ? this.#text : readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => dirname(page),
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (path) => path === page || fileExists(path),
      readFile,
      readDirectory,
      directoryExists,
      getDirectories,
    });
  }

  /** Opens a program. */
  type(program: string): Typed {
    const places = new Map<string, number>();
    let text = "";
    for (const [position, part] of program.split(/⟨(\w+)⟩/).entries())
      if (position % 2 === 0) text += part;
      else places.set(part, text.length);
    this.#text = text;
    this.#version++;
    const at = (place: string): number => {
      const found = places.get(place);
      if (found === undefined) throw new RangeError(`no place is marked ${place}`);
      return found;
    };
    const service = this.#service;
    return {
      problems: () =>
        [...service.getSyntacticDiagnostics(page), ...service.getSemanticDiagnostics(page)].map((each) =>
          ts.flattenDiagnosticMessageText(each.messageText, "\n"),
        ),
      completions: (place) =>
        (service.getCompletionsAtPosition(page, at(place), undefined)?.entries ?? [])
          .map(({ name }) => name)
          .sort(),
      hover: (place) =>
        ts.displayPartsToString(service.getQuickInfoAtPosition(page, at(place))?.displayParts ?? []),
      program: () => service.getProgram()!,
    };
  }
}

/** A program as an editor sees it. */
export interface Typed {
  /** What the compiler says of it. */
  problems(): string[];
  /** What is offered at a place, in alphabetical order. */
  completions(place: string): string[];
  /** What is shown of the name that begins at a place. */
  hover(place: string): string;
  program(): ts.Program;
}
