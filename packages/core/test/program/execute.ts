import { runInNewContext } from "node:vm";
import ts from "typescript";
import { runPython } from "../oracle/python.ts";

/** A printed program, and the variables whose numbers are wanted when it has ended. */
export interface Printed {
  readonly text: string;
  readonly names: readonly string[];
}

/** What a printed program printed, and its variables' numbers, row after row. */
export interface Outcome {
  readonly output: readonly string[];
  readonly numbers: Readonly<Record<string, readonly number[]>>;
}

const runner = `
import contextlib, io, json, sys
import numpy as np
np.seterr(all="ignore")
outcomes = []
for script in json.load(sys.stdin):
    names, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(script["text"], "<printed program>", "exec"), names)
        except Exception as error:
            raise RuntimeError(script["text"]) from error
    numbers = {name: [float(x).hex() for x in np.ravel(names[name])] for name in script["names"]}
    outcomes.append({"output": printed.getvalue().split("\\n")[:-1], "numbers": numbers})
print(json.dumps(outcomes))
`;

/** Runs printed Python programs one after the other in one real Python; numbers come back as their bits. */
export function runPythonPrograms(programs: readonly Printed[]): Outcome[] {
  const outcomes = JSON.parse(runPython(runner, programs)) as {
    output: string[];
    numbers: Record<string, string[]>;
  }[];
  return outcomes.map(({ output, numbers }) => ({
    output,
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, texts]) => [name, texts.map(fromHex)])),
  }));
}

/** Reads Python's `float.hex`: `-0x1.999999999999ap-4`. */
function fromHex(text: string): number {
  if (text === "nan") return NaN;
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  const [, sign, whole, fraction = "", exponent] = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text)!;
  // 53 bits fit a double, and so does the product with a power of two that is halved twice where it is too small.
  const digits = Number(`0x${whole}${fraction}`);
  const power = Number(exponent) - 4 * fraction.length;
  const value = power < -1000 ? digits * 2 ** -600 * 2 ** (power + 600) : digits * 2 ** power;
  return sign === "-" ? -value : value;
}

/** Runs a printed TypeScript program in a context that has nothing but the language and `console.log`. */
export function runTypescript({ text, names }: Printed): Outcome {
  const { outputText } = ts.transpileModule(`${text}\n[${names.join(", ")}];\n`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const output: string[] = [];
  const console = { log: (...parts: unknown[]) => output.push(parts.map(String).join(" ")) };
  const values = runInNewContext(outputText, { console }) as unknown[];
  const flat = (value: unknown): number[] =>
    typeof value === "number" ? [value] : (value as unknown[]).flatMap(flat);
  return { output, numbers: Object.fromEntries(names.map((name, place) => [name, flat(values[place])])) };
}

/** What the TypeScript compiler, in strict mode and without a DOM, says against printed programs. */
export function typeErrors(texts: readonly string[]): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    lib: ["lib.es2022.d.ts"],
    types: [],
  };
  const files = new Map(texts.map((text, place) => [`/printed/${place}.ts`, `${text}\nexport {};\n`]));
  files.set("/printed/console.d.ts", "declare const console: { log(...parts: unknown[]): void };\n");
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, version, ...rest)
      : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
}
