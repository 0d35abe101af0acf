import { atom, binding, type Code, call, infix, minus } from "../../ops/code.ts";
import { type Comparison, comparisons, type Expression, parse, substitute } from "../../ops/expression.ts";
import type { Op, OpName, Parameters, Printer } from "../../ops/op.ts";
import { ops } from "../../ops/table.ts";
import { type Folded, isBroadcast } from "../fold.ts";

/** `numpy` reads as the book does; `exact` is NumPy with the reference's bits; `typescript` has them too. */
export type Style = "numpy" | "exact" | "typescript";

/** The function that stands for an op with these parameters; the second variant of an op is called `relu2deriv_2`. */
export type FunctionName = (op: OpName, parameters: Parameters | undefined) => string;

/** How a line's expression is written. */
export function expressionCode(folded: Folded, style: Style, functionName: FunctionName): Code {
  const { step } = folded;
  const op: Op = ops[step.op];
  const printer = printerOf(op, style);
  const codes = operandCodes(folded, style, functionName);
  return printer ? print(printer, codes) : call(functionName(step.op, step.parameters), ...codes);
}

/** The operands as they are written, and after them the sizes that the step is given. */
export function operandCodes(folded: Folded, style: Style, functionName: FunctionName): Code[] {
  const code = (operand: string | Folded): Code =>
    typeof operand === "string" ? atom(operand) : expressionCode(operand, style, functionName);
  const operands = folded.operands.map((operand) => {
    if (typeof operand === "string" || style === "typescript" || !isBroadcast(operand, folded))
      return code(operand);
    return print(ops[operand.step.op].broadcast!, [code(operand.operands[0]!)]);
  });
  return [...operands, ...sizes(ops[folded.step.op], folded.step.parameters)];
}

export function printerOf(op: Op, style: Style): Printer | undefined {
  if (style === "typescript") return op.print?.typescript;
  return style === "numpy"
    ? op.print?.numpy
    : (op.print?.exact ?? (op.kind === "metric" ? undefined : op.print?.numpy));
}

function print(printer: Printer, [first, second, third]: readonly Code[]): Code {
  const none = atom("");
  return printer(first ?? none, second ?? none, third ?? none);
}

/** The sizes a step is given, as operands of the printed call; numeric options are part of the function instead. */
function sizes(op: Op, parameters: Parameters = {}): Code[] {
  return Object.entries(parameters)
    .filter(([name]) => !Object.hasOwn(op.parameters ?? {}, name))
    .map(([, size]) => atom(String(size)));
}

/** An elementwise expression as program text. `round` wraps every operation where the printed program must round. */
export function elementCode(
  op: Op & { expression: string },
  parameters: Parameters | undefined,
  style: Style,
  round = false,
): Code {
  const values = { ...op.parameters, ...parameters } as Record<string, number>;
  return written(substitute(parse(op.expression), values), style, round);
}

/** Whether an op's result is a comparison, which NumPy gives as booleans. */
export function isComparison(op: Op & { expression: string }, parameters: Parameters | undefined): boolean {
  const values = { ...op.parameters, ...parameters } as Record<string, number>;
  const expression = substitute(parse(op.expression), values);
  return expression.kind === "apply" && comparisons.includes(expression.operator as Comparison);
}

const functions = {
  numpy: { abs: "np.abs", sqrt: "np.sqrt", min: "np.minimum", max: "np.maximum" },
  typescript: { abs: "Math.abs", sqrt: "Math.sqrt", min: "Math.min", max: "Math.max" },
} as const;

function written(expression: Expression, style: Style, round: boolean): Code {
  if (expression.kind === "name") return atom(expression.name);
  if (expression.kind === "literal")
    return atom(round ? `round(${expression.value})` : String(expression.value));
  const { operator } = expression;
  const operands = expression.operands.map((operand) => written(operand, style, round));
  const [first, second, third] = operands as [Code, Code, Code];
  const rounded = (code: Code): Code => (round ? call("round", code) : code);
  switch (operator) {
    case "+":
    case "-":
    case "*":
    case "/":
      return rounded(infix(operator, first, second));
    case "negate":
      return minus(first);
    case "select":
      return style === "typescript"
        ? { text: `(${first.text} !== 0 ? ${second.text} : ${third.text})`, binds: binding.atom }
        : call("np.where", first, second, third);
    case "abs":
    case "sqrt":
    case "min":
    case "max":
      return rounded(call(functions[style === "typescript" ? "typescript" : "numpy"][operator], ...operands));
    default: {
      const comparison = infix(style === "typescript" && operator === "==" ? "===" : operator, first, second);
      return style === "typescript" ? call("Number", comparison) : comparison;
    }
  }
}
