import { runInThisContext } from "node:vm";
import ts from "typescript";
import { type Dialect, print } from "../../src/program/print/print.ts";
import type { Program } from "../../src/program/program.ts";
import type { Block } from "../../src/shape/block.ts";
import { runPython } from "../oracle/python.ts";
import { bits, fromBits } from "./bits.ts";
import { type Case, isMetric, numbersOf, oneStep } from "./cases.ts";
import { library } from "./library.ts";

/** What a printed program computed: its shape, the type of its numbers where the language says, and their bits. */
export interface Printed {
  readonly shape: readonly number[];
  readonly dtype?: string;
  readonly values: readonly number[];
}

/** The complete script that a case prints as. */
export function scriptOf(each: Case, dialect: Dialect): string {
  const program: Program = oneStep(library, each);
  return print(program, dialect, { data: numbersOf(each) });
}

/** Runs each script in a namespace of its own, all in one process, and returns the array `result` of each. */
export function runPythonScripts(scripts: readonly string[]): Printed[] {
  const reply = JSON.parse(runPython(harness, scripts)) as {
    shape: number[];
    dtype: string;
    bits: string[];
  }[];
  return reply.map(({ shape, dtype, bits: digits }) => ({ shape, dtype, values: digits.map(fromBits) }));
}

const harness = `
import contextlib, io, json, struct, sys
import numpy as np
np.seterr(all="ignore")

def run(script):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(script, script, "exec"), names)
    result = np.asarray(names["result"])
    bits = ["nan" if np.isnan(x) else struct.pack(">d", float(x)).hex() for x in result.ravel()]
    return {"shape": result.shape, "dtype": str(result.dtype), "bits": bits}

print(json.dumps([run(script) for script in json.load(sys.stdin)]))
`;

/** Strips the types, as any user would, and runs the script; its \`console.log\` goes nowhere. */
export function runTypescript(script: string): Printed {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(script, { compilerOptions: options });
  const main = runInThisContext(`(function (console) { "use strict";\n${outputText}\nreturn result; })`) as (
    console: unknown,
  ) => unknown;
  const result = main({ log: () => {} });
  return { shape: shapeOf(result), values: [result].flat(Number.POSITIVE_INFINITY) as number[] };
}

/** Nested lists forget the sizes after a size of 0, so a program with an empty array is not printed as TypeScript. */
export function isEmpty(each: Case): boolean {
  return oneStep(library, each).data.arrays.some(({ shape }) => shape.includes(0));
}

function shapeOf(list: unknown): number[] {
  return Array.isArray(list) ? [list.length, ...shapeOf(list[0])] : [];
}

/** All that a script asks of its surroundings. */
const console = "declare const console: { log(...values: unknown[]): void };\nexport {};\n";

/** The TypeScript compiler's complaints about a script under strict rules; transpiling alone would not see them. */
export function typeErrors(scripts: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    types: [],
    noEmit: true,
  };
  const files = new Map([...scripts].map(([name, script]) => [`/${name}.ts`, `${script}\n${console}`]));
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? read.call(host, name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  host.fileExists = (name) => files.has(name) || ts.sys.fileExists(name);
  return ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host)).map((each) => {
    const message = ts.flattenDiagnosticMessageText(each.messageText, "\n");
    return `${each.file?.fileName ?? ""}: ${message}`;
  });
}

/** The bits of what was printed, laid out as a fingerprint without the shape. */
export function bitsOf(values: Iterable<number>): string {
  return [...values].map(bits).join(" ");
}

/**
 * How far NumPy's plain dialect may lie from the reference in any element. BLAS and pairwise sums reorder and fuse:
 * the error of a sum of n terms is at most n units of rounding times Σ|terms|, whatever the order. Σ|terms| is
 * bounded by count · a · b for the largest operands a and b, or for a metric by count · (a + b)².
 */
export function looseness(each: Case): number {
  const largest = each.example.inputs.map(({ values }) => Math.max(1, ...values.map(Math.abs)));
  const terms = Math.max(1, ...each.example.inputs.map(({ values }) => values.length));
  const [a = 1, b = 1] = largest;
  const term = isMetric(each.op) ? (a + b) * (a + b) : a * b;
  // A metric is printed without the detour over float64.
  const unit = each.precision === "float32" ? 2 ** -23 : 2 ** -52;
  return 4 * terms * terms * term * unit;
}

export function allFinite(block: Block, each: Case): boolean {
  const inputs = each.example.inputs.flatMap(({ values }) => values);
  return [...inputs, ...block.data].every(Number.isFinite);
}
