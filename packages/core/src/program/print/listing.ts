import { atom, call } from "../../ops/code.ts";
import { ops } from "../../ops/table.ts";
import { phases } from "../data.ts";
import type { Line } from "../fold.ts";
import { snakeCase } from "../names.ts";
import { expressionCode, type FunctionName, operandCodes, type PythonStyle } from "./expression.ts";

/** The four phases, each with its lines as the book writes them. */
export function listing(lines: readonly Line[]): string {
  return phases
    .map((phase) => ({ phase, own: lines.filter((line) => line.phase === phase) }))
    .filter(({ own }) => own.length > 0)
    .map(({ phase, own }) => [phase, ...own.map((line) => `  ${lineText(line)}`)].join("\n"))
    .join("\n");
}

/** A line as the book writes it: `weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)`. */
export function lineText(line: Line): string {
  return pythonLine(line, "numpy", (op) => snakeCase(op));
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
