import { definitionOf } from "../../ops/definitions.ts";
import type { Op, OpName } from "../../ops/op.ts";
import { signature } from "../../ops/signature.ts";
import { ops } from "../../ops/table.ts";
import { maskInNumpy } from "../../random/mask.ts";
import type { Dtype, Shape } from "../../shape/block.ts";
import { python as number } from "../../text/scalar.ts";
import { phases, rowCount } from "../data.ts";
import type { Printable } from "../fold.ts";
import { snakeCase } from "../names.ts";
import { elementCode, isComparison, type PythonStyle } from "./expression.ts";
import { statements } from "./listing.ts";
import { prelude } from "./prelude.ts";
import { hostWords, renamed } from "./rename.ts";
import {
  countsRows,
  hasCountedMasks,
  type PrintOptions,
  planScript,
  type Run,
  type Script,
  type Start,
  type Use,
} from "./script.ts";

/** Writes a program as Python with NumPy; in the exact style with the reference's bits, whatever BLAS NumPy has. */
export function printPython(program: Printable, dialect: "numpy" | "exact", options: PrintOptions): string {
  const style = dialect === "exact" && program.data.precision === "float32" ? "exact32" : dialect;
  const script = renamed(planScript(program, style, options, snakeCase), hostWords.python);
  const masks = script.run && hasCountedMasks(script.run) ? [...maskInNumpy.split("\n"), ""] : [];
  const definitions = [...script.uses.flatMap((use) => define(use, style)), ...masks];
  const body = script.run === undefined ? phaseLines(script, style) : runLines(script, script.run, style);
  const text = [...definitions, ...body].join("\n");
  return `${["import numpy as np", "", ...prelude(text, style), text].join("\n").trimEnd()}\n`;
}

/** What is written, and how. */
interface Written {
  readonly program: Printable;
  readonly style: PythonStyle;
}

function phaseLines({ program, functionName }: Script, style: PythonStyle): string[] {
  return phases.flatMap((phase) => {
    const own = program.lines.filter((line) => line.phase === phase);
    return own.length === 0
      ? []
      : [`# ${phase}`, ...own.flatMap((line) => statements(line, program, style, functionName))];
  });
}

function runLines(script: Script, run: Run, style: PythonStyle): string[] {
  const { program } = script;
  const written: Written = { program, style };
  const { course } = run;
  const lines: string[] = [];
  if (run.seed !== undefined) lines.push(`np.random.seed(${JSON.stringify(run.seed)})`, "");
  for (const { name, variable, shape, values, dtype } of run.examples)
    lines.push(`${course ? variable : name} = ${literal(written, shape, values, dtype)}`);
  if (course?.order) lines.push(`order = np.array([${Array.from(course.order).join(", ")}])`);
  lines.push("", ...run.starts.flatMap((start) => startLines(written, start)), "");

  const noise = (number: string) =>
    run.masks.map(({ name, key, columns, rate, kept }) => {
      const rows = run.examples[0] ? `len(${run.examples[0].name})` : "0";
      if (run.chance) return `${name} = ${bookMask(rows, columns, kept, style)}`;
      return `${name} = dropout_mask(${key}, ${number}, ${rows}, ${columns}, ${plain(rate)}, ${plain(kept)}, np.${program.data.precision})`;
    });
  const zero = run.metrics.map(({ name }) => `${name} = 0.0`);
  const body = phaseLines(script, style);
  const counting = (rows: string) => (countsRows(body) ? [`${rowCount} = ${rows}`] : []);
  const reports = run.metrics.map(({ name, label }) => `print(f'${inString(label ?? name)} : {${name}}')`);
  if (course === undefined) {
    const rows = run.examples[0] ? `len(${run.examples[0].name})` : "0";
    const results = run.outputs.map((name) => `print(${name})`);
    return [...lines, ...zero, ...counting(rows), ...noise("0"), ...body, "", ...results, ...reports];
  }

  const { rows, batch, batchesPerEpoch } = course;
  const epochs = course.to / Math.max(1, batchesPerEpoch);
  const ordered = course.order !== undefined;
  const slice = ordered ? "rows" : `i:i + ${batch}`;
  const inner = [
    // np.take's wrap mode reads the order cyclically.
    ...(ordered
      ? [
          `rows = np.take(order, np.arange(iteration * ${rows} + i, iteration * ${rows} + min(i + ${batch}, ${rows})), mode='wrap')`,
        ]
      : []),
    ...run.examples.map(
      ({ name, variable }) =>
        `${name} = ${variable}[${ordered || rows % batch === 0 ? slice : `i:min(i + ${batch}, ${rows})`}]`,
    ),
    ...run.starts.flatMap(({ array, byBatch }) =>
      byBatch ? [`${array.name} = ${byBatch.variable}[iteration * ${batchesPerEpoch} + i // ${batch}]`] : [],
    ),
    ...counting(ordered ? "len(rows)" : `min(${batch}, ${rows} - i)`),
    ...noise(`iteration * ${batchesPerEpoch} + i // ${batch}`),
    ...body,
  ];
  const report =
    run.report === 1 ? reports : [`if iteration % ${run.report} == ${run.report - 1}:`, ...indent(reports)];
  return [
    ...lines,
    `for iteration in range(${epochs}):`,
    ...indent([
      ...zero,
      `for i in range(0, ${rows}, ${batch}):`,
      ...indent(inner),
      ...(reports.length > 0 ? report : []),
    ]),
  ];
}

/** NumPy draws whole numbers, which have no -0, so the exact dialects make floats of them. */
function bookMask(rows: string, columns: number, kept: number, style: PythonStyle): string {
  const bits = `np.random.randint(2, size=(${rows}, ${columns}))`;
  const drawn = kept === 1 ? bits : `${bits} * ${kept}`;
  if (style === "numpy") return drawn;
  return style === "exact" ? `${bits} * ${number(kept)}` : `np.float32(${drawn})`;
}

function startLines(written: Written, { array, drawn, given, byBatch }: Start): string[] {
  const { name } = array;
  const shape = array.shape as Shape;
  if (byBatch) return [`${byBatch.variable} = ${literal(written, [byBatch.values.length], byBatch.values)}`];
  const lines = drawn ? [`${name} = ${drawing(written, array)}`] : [];
  if (given) lines.push(`${name} = ${literal(written, shape, given.values)}`);
  else if (array.initial && "values" in array.initial)
    lines.push(`${name} = ${literal(written, shape, array.initial.values)}`);
  else if (array.initial && "value" in array.initial)
    lines.push(`${name} = ${filled(written, shape, array.initial.value)}`);
  return lines;
}

function drawing({ program, style }: Written, { shape, initial }: Start["array"]): string {
  const cast = program.data.precision === "float32" ? ".astype(np.float32)" : "";
  const written = (text: string) => (cast === "" ? text : `(${text})${cast}`);
  if (initial && "normal" in initial) {
    const [mean, deviation] = initial.normal;
    const factor = deviation === 1 ? "" : `${plain(deviation)} * `;
    const drawn = `${factor}${style === "numpy" ? "np.random.randn" : "_randn"}(${shape.join(", ")})`;
    // A deviation of 0 draws zeros of either sign, of which adding a mean of 0 makes 0.
    return written(style !== "numpy" && mean === 0 ? `${drawn} + 0.0` : `${drawn}${offset(mean)}`);
  }
  const [low, high] = (initial as { uniform: readonly [number, number] }).uniform;
  const factor = high - low === 1 ? "" : `${plain(high - low)} * `;
  return written(`${factor}np.random.random(${tuple(shape as Shape)})${offset(low)}`);
}

function offset(value: number): string {
  return value === 0 ? "" : value < 0 ? ` - ${plain(-value)}` : ` + ${plain(value)}`;
}

function filled(written: Written, shape: Shape, value: number): string {
  if (shape.length === 0) return scalar(written, value);
  const type = `np.${written.program.data.precision}`;
  return value === 0
    ? `np.zeros(${tuple(shape)}, ${type})`
    : `np.full(${tuple(shape)}, ${plain(value)}, ${type})`;
}

/**
 * One number. A plain Python one neither divides by zero nor keeps float32 as NumPy's do, so only the dialect that reads
 * as the book does writes it plainly.
 */
function scalar({ program, style }: Written, value: number, dtype: Dtype = program.data.precision): string {
  return style === "numpy" && dtype === "float64" ? number(value) : `np.${dtype}(${plain(value)})`;
}

function literal(written: Written, shape: Shape, values: ArrayLike<number>, dtype?: Dtype): string {
  if (shape.length === 0) return scalar(written, values[0]!, dtype);
  const stored = dtype ?? written.program.data.precision;
  const type = stored === "float64" ? "float" : `np.${stored}`;
  if (shape.includes(0)) return `np.zeros(${tuple(shape)}, ${type})`;
  return `np.array(${nested(shape, values)}, dtype=${type})`;
}

function nested(shape: Shape, values: ArrayLike<number>): string {
  const [rows = 0, ...inner] = shape;
  const size = values.length / rows;
  const parts = Array.from({ length: rows }, (_, row) =>
    inner.length === 0
      ? plain(values[row]!)
      : nested(
          inner,
          Array.from({ length: size }, (_, i) => values[row * size + i]!),
        ),
  );
  const oneLine = `[${parts.join(", ")}]`;
  return oneLine.length <= 90 || inner.length === 0
    ? oneLine
    : `[\n${indent(parts.map((part) => `${part},`)).join("\n")}\n]`;
}

/** Text inside the quotes of an f-string. */
function inString(text: string): string {
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/[{}]/g, "$&$&");
  return escaped.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function tuple(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** A number as Python reads it; whole ones without a point, for they are converted where they stand. */
function plain(value: number): string {
  if (Number.isNaN(value)) return "np.nan";
  if (!Number.isFinite(value)) return value > 0 ? "np.inf" : "-np.inf";
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : number(value);
}

function indent(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split("\n")).map((line) => (line === "" ? line : `    ${line}`));
}

function define({ name, op: opName, parameters, multiplied }: Use, style: PythonStyle): string[] {
  const op: Op = ops[opName];
  const operands = signature(op.signature).operands.map((operand) => operand.name);
  switch (op.kind) {
    case "view":
      return [];
    case "structured": {
      return definition(opName, style);
    }
    case "elementwise": {
      const code = elementCode(op, parameters, style);
      // NumPy's comparisons are booleans, which multiply as 1 and 0 but do not subtract or change sign.
      const boolean = isComparison(op, parameters) && !(style === "numpy" && multiplied);
      return [
        `def ${name}(${operands.join(", ")}):`,
        `    return ${boolean ? numeric(code.text, style) : code.text}`,
        "",
      ];
    }
    case "metric": {
      if ("row" in op) return definition(opName, style);
      if (style === "numpy")
        return [
          `def ${name}(${operands.join(", ")}):`,
          `    return np.sum(${elementCode(op, parameters, style).text})`,
          "",
        ];
      return [
        `def ${name}(total, ${operands.join(", ")}):`,
        `    ${operands.join(", ")} = ${operands.map((operand) => `np.asarray(${operand}, float)`).join(", ")}`,
        `    for row in ${elementCode(op, parameters, "exact").text}:`,
        "        total = total + (np.add.accumulate(row)[-1] if len(row) else 0.0)",
        "    return total",
        "",
      ];
    }
  }
}

function definition(op: OpName, style: PythonStyle): string[] {
  const { numpy, exact = numpy } = definitionOf(op) ?? {};
  const text = style === "numpy" ? numpy : exact;
  return text === undefined ? [] : [...text.split("\n"), ""];
}

function numeric(comparison: string, style: PythonStyle): string {
  return style === "exact32" ? `np.float32(${comparison})` : `(${comparison}) * 1.0`;
}
