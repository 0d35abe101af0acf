import { atom, call } from "../../ops/code.ts";
import { definitionOf } from "../../ops/definitions.ts";
import type { Op } from "../../ops/op.ts";
import { signature } from "../../ops/signature.ts";
import { ops } from "../../ops/table.ts";
import { maskInTypescript } from "../../random/mask.ts";
import { MersenneTwister } from "../../random/mersenneTwister.ts";
import { RandomSource } from "../../random/source.ts";
import { count, type Dtype, type Shape } from "../../shape/block.ts";
import { phases, rowCount } from "../data.ts";
import type { Line, Printable } from "../fold.ts";
import { initialNumbers } from "../initial.ts";
import { elementCode, expressionCode, operandCodes } from "./expression.ts";
import { prelude } from "./prelude.ts";
import { hostWords, renamed } from "./rename.ts";
import {
  countsRows,
  hasCountedMasks,
  type PrintOptions,
  planScript,
  type Run,
  type Script,
  type Use,
} from "./script.ts";
import { twister } from "./twister.ts";

/** Writes a program as TypeScript that imports nothing and gives the reference's bits. */
export function printTypescript(program: Printable, options: PrintOptions): string {
  const script = renamed(
    planScript(program, "typescript", options, (op) => op),
    hostWords.typescript,
  );
  const { run } = script;
  const masks = run && hasCountedMasks(run) ? [...maskInTypescript.split("\n"), ""] : [];
  const definitions = [...script.uses.flatMap((use) => define(use, program)), ...masks];
  const lines = run === undefined ? phaseLines(script) : runLines(script, run);
  const all = [...definitions, ...lines].join("\n");
  const head = [
    ...(/\bround\(/.test(all) ? [roundText(program), ""] : []),
    ...(/\beach\(/.test(all) ? [eachText, ""] : []),
    ...(/\b(random|twisterWord)\(/.test(all) && run ? [twister(run.seed!), ""] : []),
  ];
  return `${[...head, ...prelude(all, "typescript"), ...definitions, ...lines].join("\n").trimEnd()}\n`;
}

const eachText = `function each<T>(f: (...x: number[]) => number, operands: T[]): T {
  const [first] = operands;
  if (typeof first === "number") return f(...(operands as number[])) as T;
  return (first as unknown[]).map((_, i) => each(f, (operands as unknown[][]).map((operand) => operand[i]))) as T;
}`;

function roundText(program: Printable): string {
  return program.data.precision === "float32"
    ? "const round = Math.fround;"
    : "const round = (x: number): number => x;";
}

function lineText(line: Line, { program, functionName }: Script): string {
  const { writes, expression } = line;
  const { step } = expression;
  const code =
    ops[step.op].kind === "metric"
      ? call(
          functionName(step.op, step.parameters),
          atom(writes),
          ...operandCodes(expression, "typescript", functionName),
        )
      : expressionCode(expression, "typescript", functionName);
  const again = ["weights", "state", "metric"].includes(program.array(writes).role);
  return `${again ? "" : "const "}${writes} = ${code.text};`;
}

function phaseLines(script: Script): string[] {
  return phases.flatMap((phase) => {
    const own = script.program.lines.filter((line) => line.phase === phase);
    return own.length === 0 ? [] : [`// ${phase}`, ...own.map((line) => lineText(line, script))];
  });
}

function runLines(script: Script, run: Run): string[] {
  const { program } = script;
  const { course } = run;
  const lines = run.examples.map(
    ({ name, variable, shape, values, dtype }) =>
      `const ${course ? variable : name} = ${literal(shape, values, dtype)};`,
  );
  if (course?.order) lines.push(`const order = [${Array.from(course.order).join(", ")}];`);
  lines.push("", ...startLines(program, run), "");

  const noise = (number: string) =>
    run.masks.map(({ name, key, columns, rate, kept }) => {
      const rows = run.examples[0] ? `${run.examples[0].name}.length` : "0";
      if (run.chance)
        return `const ${name} = ${listOf(rows, listOf(`${columns}`, kept === 1 ? "twisterWord() & 1" : `(twisterWord() & 1) * ${kept}`))};`;
      return `const ${name} = dropoutMask(${key}, ${number}, ${rows}, ${columns}, ${rate}, ${kept});`;
    });
  const zero = (declare: string) => run.metrics.map(({ name }) => `${declare}${name} = 0;`);
  const body = phaseLines(script);
  const counting = (rows: string) => (countsRows(body) ? [`const ${rowCount} = ${rows};`] : []);
  const reports = run.metrics.map(
    ({ name, label }) => `console.log(\`${inTemplate(label ?? name)} : \${${name}}\`);`,
  );
  if (course === undefined) {
    const rows = run.examples[0] ? `${run.examples[0].name}.length` : "0";
    const results = run.outputs.map((name) => `console.log(${name});`);
    return [...lines, ...zero("let "), ...counting(rows), ...noise("0"), ...body, "", ...results, ...reports];
  }

  const { rows, batch, batchesPerEpoch } = course;
  const epochs = course.to / Math.max(1, batchesPerEpoch);
  const end = `Math.min(i + ${batch}, ${rows})`;
  const inner = [
    ...(course.order
      ? [
          `const rows = Array.from({ length: ${end} - i }, (_, k) => order[(iteration * ${rows} + i + k) % order.length]!);`,
          ...run.examples.map(
            ({ name, variable }) => `const ${name} = rows.map((row) => ${variable}[row]!);`,
          ),
        ]
      : run.examples.map(
          ({ name, variable }) =>
            `const ${name} = ${variable}.slice(i, ${rows % batch === 0 ? `i + ${batch}` : end});`,
        )),
    ...run.starts.flatMap(({ array, byBatch }) =>
      byBatch
        ? [`const ${array.name} = ${byBatch.variable}[iteration * ${batchesPerEpoch} + i / ${batch}]!;`]
        : [],
    ),
    ...counting(`${end} - i`),
    ...noise(`iteration * ${batchesPerEpoch} + i / ${batch}`),
    ...body,
  ];
  const report =
    run.report === 1
      ? reports
      : [`if (iteration % ${run.report} === ${run.report - 1}) {`, ...indent(reports), "}"];
  return [
    ...lines,
    `for (let iteration = 0; iteration < ${epochs}; iteration++) {`,
    ...indent([
      ...zero("let "),
      `for (let i = 0; i < ${rows}; i += ${batch}) {`,
      ...indent(inner),
      "}",
      ...(reports.length > 0 ? report : []),
    ]),
    "}",
  ];
}

function startLines(program: Printable, { starts, seed = 0, masks, chance }: Run): string[] {
  // The printed generator draws uniform numbers; with normal ones among them all numbers are printed instead.
  const onlyUniform = starts.every(({ array }) => !(array.initial && "normal" in array.initial));
  const source = new RandomSource(seed);
  const numbers = initialNumbers([program.data], source);
  const words = chance && masks.length > 0 && !onlyUniform ? wordsTo(source.twister, seed) : 0;
  const passed = words > 0 ? [`for (let k = 0; k < ${words}; k++) twisterWord();`] : [];
  const lines = starts.flatMap(({ array, drawn, given, byBatch, rewritten }) => {
    const { name, initial } = array;
    const shape = array.shape as Shape;
    if (byBatch)
      return [
        `const ${byBatch.variable} = ${literal([byBatch.values.length], byBatch.values, array.dtype)};`,
      ];
    const declare = rewritten ? "let" : "const";
    if (drawn && onlyUniform && initial && "uniform" in initial) {
      const drawing = `${declare} ${name} = ${filled(shape, uniform(initial.uniform, program))};`;
      if (!given) return [drawing];
      return [drawing.replace(declare, "let"), `${name} = ${literal(shape, given.values, array.dtype)};`];
    }
    const values = given?.values ?? numbers.get(name)!;
    const constant = count(shape) > 0 && initial && "value" in initial && !given;
    const text = constant
      ? filled(shape, plain(initial.value, array.dtype))
      : literal(shape, values, array.dtype);
    return [`${declare} ${name} = ${text};`];
  });
  return [...lines, ...passed];
}

/** How many words a generator has given since it was seeded. */
function wordsTo({ key, position }: MersenneTwister, seed: number | readonly number[]): number {
  const fresh = new MersenneTwister(seed);
  let words = 0;
  while (fresh.position !== position || fresh.key.some((word, k) => word !== key[k])) {
    fresh.nextWord();
    words++;
  }
  return words;
}

function uniform([low, high]: readonly [number, number], program: Printable): string {
  const offset = low === 0 ? "" : low < 0 ? ` - ${-low}` : ` + ${low}`;
  const text = `${high - low === 1 ? "" : `${high - low} * `}random()${offset}`;
  return program.data.precision === "float32" ? `round(${text})` : text;
}

/** Text inside the backticks of a template. */
function inTemplate(text: string): string {
  return text
    .replace(/[\\`]|\$(?=\{)/g, "\\$&")
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r");
}

/** Nested lists of a shape, each element computed by the same text. */
function filled(shape: Shape, text: string): string {
  return shape.reduceRight((inner, size) => listOf(`${size}`, inner), text);
}

function listOf(length: string, text: string): string {
  return `Array.from({ length: ${length} }, () => ${text})`;
}

function literal(shape: Shape, values: ArrayLike<number>, dtype: Dtype): string {
  if (shape.length === 0) return plain(values[0]!, dtype);
  const [rows = 0, ...inner] = shape;
  if (rows === 0) return `[] as number${"[]".repeat(shape.length)}`;
  const size = values.length / rows;
  const parts = Array.from({ length: rows }, (_, row) =>
    literal(
      inner,
      Array.from({ length: size }, (_, i) => values[row * size + i]!),
      dtype,
    ),
  );
  const oneLine = `[${parts.join(", ")}]`;
  return oneLine.length <= 90 || inner.length === 0
    ? oneLine
    : `[\n${indent(parts.map((part) => `${part},`)).join("\n")}\n]`;
}

function plain(value: number, dtype: Dtype): string {
  const stored = dtype === "float32" ? Math.fround(value) : value;
  return Object.is(stored, -0) ? "-0" : String(stored);
}

function indent(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split("\n")).map((line) => (line === "" ? line : `  ${line}`));
}

function define({ name, op: opName, parameters }: Use, program: Printable): string[] {
  const op: Op = ops[opName];
  if (op.kind === "structured" || op.kind === "view" || "row" in op) {
    const text = definitionOf(opName)?.typescript;
    return text === undefined ? [] : [...text.split("\n"), ""];
  }
  const { operands } = signature(op.signature);
  const names = operands.map((operand) => operand.name);
  if (op.kind === "metric")
    return [
      `function ${name}(total: number, ${names.map((each) => `${each}: number[][]`).join(", ")}): number {`,
      `  const terms = each((${names.join(", ")}) => ${elementCode(op, parameters, "typescript").text}, [${names.join(", ")}]);`,
      "  for (const row of terms) total += row.reduce((sum, term) => sum + term, row.length === 0 ? 0 : -0);",
      "  return total;",
      "}",
      "",
    ];
  const isScalar = (position: number) => operands[position]!.pattern.length === 0;
  const arrays = names.filter((_, position) => !isScalar(position));
  const typed = names.map((each, position) => `${each}: ${isScalar(position) ? "number" : "T"}`);
  const code = elementCode(op, parameters, "typescript", program.data.precision === "float32").text;
  return [
    `function ${name}<T>(${typed.join(", ")}): T {`,
    `  return each((${arrays.join(", ")}) => ${code}, [${arrays.join(", ")}]);`,
    "}",
    "",
  ];
}
