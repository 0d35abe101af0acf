import { atom, call } from "../../ops/code.ts";
import type { Op } from "../../ops/op.ts";
import { ops } from "../../ops/table.ts";
import { phases } from "../data.ts";
import type { Folded, Line, Printable } from "../fold.ts";
import { snakeCase } from "../names.ts";
import {
  elementCode,
  expressionCode,
  type FunctionName,
  isComparison,
  operandCodes,
  type PythonStyle,
} from "./expression.ts";

/** The four phases, each with its lines as the book writes them. */
export function listing(program: Pick<Printable, "lines" | "array">): string {
  return phases
    .map((phase) => ({ phase, own: program.lines.filter((line) => line.phase === phase) }))
    .filter(({ own }) => own.length > 0)
    .map(({ phase, own }) => [phase, ...own.flatMap((line) => rows(line, program)).map((row) => `  ${row}`)])
    .map((each) => each.join("\n"))
    .join("\n");
}

/** A line as the book writes it: `weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)`. */
export function lineText(line: Line): string {
  return `${pythonLine(line, "numpy", (op) => snakeCase(op))}${remark(line.expression)}`;
}

function rows(line: Line, program: Pick<Printable, "array">): string[] {
  const [first, ...others] = statements(line, program, "numpy", (op) => snakeCase(op));
  return [`${first}${remark(line.expression)}`, ...others];
}

/** What a listing, which defines no functions, says of those that are not what their names are known for. */
function remark(expression: Folded): string {
  const found = [...new Set(variants(expression))];
  return found.length === 0 ? "" : `  # ${found.join("; ")}`;
}

/** The functions of a line with other numbers than usual, as `relu2deriv: output >= 0`. */
function variants({ step, operands }: Folded): string[] {
  const within = operands.flatMap((operand) => (typeof operand === "string" ? [] : variants(operand)));
  const op: Op = ops[step.op];
  if (!("expression" in op) || op.print?.numpy !== undefined) return within;
  const { expression, parameters = {} } = op;
  const unusual = Object.entries(step.parameters ?? {}).some(
    ([name, value]) => parameters[name] !== value && new RegExp(`\\b${name}\\b`).test(expression),
  );
  if (!unusual) return within;
  return [...within, `${snakeCase(step.op)}: ${elementCode(op, step.parameters, "numpy").text}`];
}

/**
 * A line as Python statements: one, or two where it ends with a mask, as the book has it: `layer_1 = relu(…)` and then
 * `layer_1 *= layer_1_mask * 2`.
 */
export function statements(
  line: Line,
  program: Pick<Printable, "array">,
  style: PythonStyle,
  functionName: FunctionName,
): string[] {
  const { step, operands } = line.expression;
  const [before, mask] = operands;
  if (step.op !== "multiply" || typeof before !== "object" || !isMask(mask!, program) || !isFresh(before))
    return [pythonLine(line, style, functionName)];
  const [, masking] = operandCodes(line.expression, style, functionName);
  return [
    pythonLine({ ...line, expression: before }, style, functionName),
    `${line.writes} *= ${masking!.text}`,
  ];
}

/** Whether an operand is noise of 0s and 1s, or a multiple of it. */
function isMask(operand: string | Folded, program: Pick<Printable, "array">): boolean {
  if (typeof operand === "object")
    return operand.step.op === "multiplyByNumber" && isMask(operand.operands[0]!, program);
  const { initial } = program.array(operand);
  return initial !== undefined && "bits" in initial;
}

/** Whether Python computes an array of numbers that is its own, which may be multiplied in place. */
function isFresh({ step }: Folded): boolean {
  const op: Op = ops[step.op];
  if (op.kind === "view" || op.broadcast !== undefined) return false;
  return op.kind !== "elementwise" || !isComparison(op, step.parameters);
}

/** A line as a Python statement. */
export function pythonLine(line: Line, style: PythonStyle, functionName: FunctionName): string {
  const { writes, expression } = line;
  const { step, operands } = expression;
  if (ops[step.op].kind === "metric") {
    if (style === "numpy") return `${writes} += ${expressionCode(expression, style, functionName).text}`;
    const terms = operandCodes(expression, style, functionName);
    return `${writes} = ${call(functionName(step.op, step.parameters), atom(writes), ...terms).text}`;
  }
  const operator = { add: "+=", subtract: "-=" }[step.op as string];
  if (operator !== undefined && operands[0] === writes) {
    const [, change] = operandCodes(expression, style, functionName);
    return `${writes} ${operator} ${change!.text}`;
  }
  return `${writes} = ${expressionCode(expression, style, functionName).text}`;
}
