import {
  compile,
  type Expression,
  type ExpressionFunction,
  parse,
  type Round,
  substitute,
} from "../ops/expression.ts";
import type { ElementwiseOp, MetricOp, Parameters } from "../ops/op.ts";
import { signature } from "../ops/signature.ts";
import { python } from "../text/scalar.ts";

/** Why finite numbers gave one that is not: they outgrew the precision, or a function has no value there. */
export type Cause = { readonly kind: "growth" } | { readonly kind: "domain"; readonly says: string };

const growth: Cause = { kind: "growth" };

/**
 * Finds the operation inside an op's expression that first leaves the finite numbers: from the outermost inwards,
 * along operands that are not finite, to one whose operands are.
 */
export function causeIn(
  op: ElementwiseOp | MetricOp,
  parameters: Parameters,
  values: readonly number[],
  round: Round,
): Cause {
  const names = signature(op.signature).operands.map(({ name }) => name);
  const given = { ...op.parameters, ...parameters } as Record<string, number>;
  const numberOf = (expression: Expression) => compile(expression, names, round)(values);
  const search = (expression: Expression): Cause => {
    if (expression.kind !== "apply") return growth;
    const { operator } = expression;
    const [condition, yes, no] = expression.operands;
    if (operator === "select") return search(numberOf(condition!) !== 0 ? yes! : no!);
    const inner = expression.operands.find((operand) => !Number.isFinite(numberOf(operand)));
    if (inner !== undefined) return search(inner);
    const [first, second] = expression.operands.map(numberOf);
    return domain(operator, first!, second);
  };
  return search(substitute(parse(op.expression), given));
}

function domain(operator: string, first: number, second: number | undefined): Cause {
  const says = (text: string): Cause => ({ kind: "domain", says: text });
  switch (operator as ExpressionFunction | "/") {
    case "/":
      if (second !== 0) return says(`a division by ${python(second!)}, which is too small`);
      return says(first === 0 ? "a division of 0 by 0" : "a division by 0");
    case "log":
    case "log1p": {
      const operand = operator === "log" ? first : 1 + first;
      return says(`the logarithm of ${operand === 0 ? "0" : `a negative number, ${python(operand)}`}`);
    }
    case "sqrt":
      return says(`the square root of a negative number, ${python(first)}`);
    case "exp":
    case "expm1":
      return says(`exp of ${python(first)}, which is beyond the largest number`);
    default:
      return growth;
  }
}
