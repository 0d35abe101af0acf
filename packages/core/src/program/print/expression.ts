import { atom, binding, type Code, call, infix, minus } from "../../ops/code.ts";
import { type Comparison, comparisons, type Expression, parse, substitute } from "../../ops/expression.ts";
import type { Op, OpName, Parameters, Printer } from "../../ops/op.ts";
import { signature } from "../../ops/signature.ts";
import { ops } from "../../ops/table.ts";
import type { Size } from "../../shape/size.ts";
import { rowCount } from "../data.ts";
import { type Folded, isBroadcast } from "../fold.ts";

/**
 * `numpy` reads as the book does; `exact` is NumPy with the reference's bits; `typescript` has them too. `exact32` is
 * `exact` in float32, where plain numbers are typed: NumPy 1 makes float64 of a float32 scalar and a plain number.
 */
export type Style = PythonStyle | "typescript";
export type PythonStyle = "numpy" | "exact" | "exact32";

/** The function that stands for an op with these parameters; the second variant of an op is called `relu2deriv_2`. */
export type FunctionName = (op: OpName, parameters: Parameters | undefined) => string;

/** How a line's expression is written. */
export function expressionCode(folded: Folded, style: Style, functionName: FunctionName): Code {
  const { step } = folded;
  const op: Op = ops[step.op];
  const printer = printerOf(op, style);
  // Of whole numbers NumPy makes float64, unless it computes with float32 or is told afterwards.
  const whole =
    style === "exact32" && signature(op.signature).operands.every(({ dtype }) => dtype !== undefined);
  const single = (code: Code, wanted: boolean) => (whole && wanted ? call("np.float32", code) : code);
  const codes = operandCodes(folded, style, functionName).map((code) =>
    single(code, op.kind === "elementwise"),
  );
  const code = printer
    ? print(printer, [...codes, ...parameterCodes(op, step.parameters, true, style)])
    : call(functionName(step.op, step.parameters), ...codes);
  return single(code, op.kind !== "elementwise");
}

/** The operands as they are written, and after them the sizes that the step is given. */
export function operandCodes(folded: Folded, style: Style, functionName: FunctionName): Code[] {
  const code = (operand: string | Folded): Code =>
    typeof operand === "string" ? variable(operand, style) : expressionCode(operand, style, functionName);
  /** What NumPy's broadcasting spreads by itself, through several spreads of a scalar. */
  const broadcast = (operand: string | Folded): Code => {
    const printer = typeof operand === "string" ? undefined : ops[operand.step.op].broadcast;
    return printer === undefined
      ? code(operand)
      : print(printer, [broadcast((operand as Folded).operands[0]!)]);
  };
  const operands = folded.operands.map((operand) => {
    return style !== "typescript" && isBroadcast(operand, folded) ? broadcast(operand) : code(operand);
  });
  return [...operands, ...parameterCodes(ops[folded.step.op], folded.step.parameters, false, "numpy")];
}

/** The number of rows is a plain number in printed programs; the other arrays have a type. */
function variable(name: string, style: Style): Code {
  return style === "exact32" && name === rowCount ? call("np.float32", atom(name)) : atom(name);
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

/** The sizes a step is given, as operands of the printed call, or its numeric options, which are part of a function instead. */
function parameterCodes(op: Op, given: Parameters | undefined, options: boolean, style: Style): Code[] {
  return Object.entries({ ...op.parameters, ...given })
    .filter(([name]) => Object.hasOwn(op.parameters ?? {}, name) === options)
    .map(([, value]) => literal(value, style, false));
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
  return isCompared(substitute(parse(op.expression), values));
}

type Apply = Expression & { readonly kind: "apply" };

function isCompared(expression: Expression): expression is Apply & { readonly operator: Comparison } {
  return expression.kind === "apply" && comparisons.includes(expression.operator as Comparison);
}

const functions = {
  numpy: { abs: "np.abs", sqrt: "np.sqrt", min: "np.minimum", max: "np.maximum", floor: "np.floor" },
  typescript: { abs: "Math.abs", sqrt: "Math.sqrt", min: "Math.min", max: "Math.max", floor: "Math.floor" },
} as const;

function literal(value: Size, style: Style, round: boolean): Code {
  const number = atom(String(value));
  return style === "exact32" ? call("np.float32", number) : round ? call("round", number) : number;
}

/** An expression as program text. */
export function written(expression: Expression, style: Style, round: boolean): Code {
  if (expression.kind === "name") return atom(expression.name);
  if (expression.kind === "literal") return literal(expression.value, style, round);
  const { operator } = expression;
  const operands = expression.operands.map((operand) => written(operand, style, round));
  const [first, second, third] = operands as [Code, Code, Code];
  const rounded = (code: Code): Code => (round ? call("round", code) : code);
  // The functions of the prelude are float64.
  const single = (code: Code): Code => (style === "exact32" ? call("np.float32", code) : rounded(code));
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
        ? {
            text: `(${condition(expression.operands[0]!, round)} ? ${second.text} : ${third.text})`,
            binds: binding.atom,
          }
        : call("np.where", first, second, third);
    case "min":
    case "max":
      if (style === "exact" || style === "exact32") return call(`_${operator}`, first, second);
      return rounded(call(functions[style][operator], first, second));
    case "abs":
    case "sqrt":
    case "floor":
      return rounded(call(functions[style === "typescript" ? "typescript" : "numpy"][operator], ...operands));
    case "pow2":
    case "exponent":
    case "significand":
      return single(call(`_${operator}`, first));
    case ">":
    case ">=":
    case "<":
    case "<=":
    case "==":
      return style === "typescript"
        ? call("Number", compared(operator, operands, style))
        : compared(operator, operands, style);
    default:
      return style === "numpy" ? call(`np.${operator}`, first) : single(call(`_${operator}`, first));
  }
}

function compared(operator: Comparison, [left, right]: readonly Code[], style: Style): Code {
  return infix(style === "typescript" && operator === "==" ? "===" : operator, left!, right!);
}

/** What TypeScript's `?` asks. */
function condition(expression: Expression, round: boolean): string {
  const code = (operand: Expression) => written(operand, "typescript", round);
  return isCompared(expression)
    ? compared(expression.operator, expression.operands.map(code), "typescript").text
    : `${code(expression).text} !== 0`;
}
