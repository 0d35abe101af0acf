import { type ElementaryFunction, functions } from "../../../math/functions.ts";
import type { PrimitiveName } from "../../../math/primitives.ts";
import {
  type Comparison,
  comparisons,
  type Expression,
  isElementary,
  parse,
} from "../../../ops/expression.ts";
import { Body } from "./body.ts";
import { type Code, call } from "./code.ts";
import { f32x4, f64x2, i32x4, i64x2, v128 } from "./instructions.ts";
import { doubles, type Lanes, singles } from "./lanes.ts";
import type { FunctionCode } from "./moduleBytes.ts";

/** What is defined in float64, and called as a function of a module. */
export type CalledFunction = ElementaryFunction | PrimitiveName;

/** The index of the function that computes it in these lanes. */
export type FunctionIndex = (name: CalledFunction, lanes: Lanes) => number;

/** Where an expression is computed. */
export interface Setting {
  readonly body: Body;
  readonly lanes: Lanes;
  readonly operand: (name: string) => Code;
  readonly functionIndex: FunctionIndex;
}

/**
 * An expression as code, in several lanes at once; each lane has the reference's bits, since every operation of the
 * language is one that IEEE 754 rounds correctly, or selects. What a function is called for twice is computed once: the
 * code has no branches, so what stands first in it has been computed.
 */
export function expressionCode(expression: Expression, setting: Setting): Code {
  const { lanes, body, operand, functionIndex } = setting;
  const known = new Map<string, Code>();
  const called = (each: Expression, name: CalledFunction, argument: Expression): Code => {
    const key = JSON.stringify(each);
    const found = known.get(key);
    if (found) return found;
    const local = body.local("v128");
    const value = local.tee(call(functionIndex(name, lanes), code(argument)));
    known.set(key, local.get);
    return value;
  };
  const mask = (each: Expression): Code => {
    if (each.kind === "apply" && comparisons.includes(each.operator as Comparison)) {
      const [left, right] = each.operands as [Expression, Expression];
      return lanes.comparisons[each.operator as Comparison](code(left), code(right));
    }
    // NaN is not 0.
    return lanes.comparisons["!="](code(each), lanes.constant(0));
  };
  const code = (each: Expression): Code => {
    if (each.kind === "literal") return lanes.constant(each.value);
    if (each.kind === "name") return operand(each.name);
    const { operator } = each;
    const [first, second, third] = each.operands as [Expression, Expression, Expression];
    if (isElementary(operator)) return called(each, operator, first);
    switch (operator) {
      case "+":
      case "-":
      case "*":
      case "/":
      case "min":
      case "max":
        return lanes.arithmetic[operator](code(first), code(second));
      case "negate":
      case "abs":
      case "sqrt":
      case "floor":
        return lanes.functions[operator](code(first));
      case "select": {
        const yes = code(second);
        const no = code(third);
        return v128.select(yes, no, mask(first));
      }
      case ">":
      case ">=":
      case "<":
      case "<=":
      case "==":
        return v128.and(mask(each), lanes.constant(1));
      case "pow2":
      case "exponent":
      case "significand":
        return lanes === doubles ? primitives[operator](code(first)) : called(each, operator, first);
      default:
        return operator satisfies never;
    }
  };
  return code(expression);
}

/** The doubles from 2^52 to 2^53 are the whole numbers, so 2^52's bits make a double of a small whole number. */
const magic = 4503599627370496;
const magicBits = 0x43300000;

const primitives: Readonly<Record<PrimitiveName, (x: Code) => Code>> = {
  pow2: (k) => i64x2.shl(i64x2.add(i64x2.extendLow(i32x4.truncF64x2(k)), i64x2.const(1023, 0)), 52),
  exponent: (x) =>
    f64x2.sub(
      v128.or(v128.and(i64x2.shrU(x, 52), i64x2.const(2047, 0)), i64x2.const(0, magicBits)),
      f64x2.const(magic + 1023),
    ),
  significand: (x) => v128.or(v128.and(x, i64x2.const(-1, 0xfffff)), i64x2.const(0, 0x3ff00000)),
};

/** A function of two float64 lanes: step by step as `math/` defines it, or a primitive. */
export function doubleFunction(name: CalledFunction, functionIndex: FunctionIndex): FunctionCode {
  const body = new Body(["v128"]);
  const parameter = body.parameter(0);
  if (name in primitives) return body.function(primitives[name as PrimitiveName](parameter.get), "v128");
  const { operand, steps, result } = functions[name as ElementaryFunction];
  const values = new Map<string, Code>([[operand, parameter.get]]);
  const code = (text: string): Code =>
    expressionCode(parse(text), {
      body,
      lanes: doubles,
      operand: (each) => values.get(each)!,
      functionIndex,
    });
  const statements: Code[] = [];
  for (const [step, text] of steps) {
    const value = code(text);
    const local = body.local("v128");
    values.set(step, local.get);
    statements.push(local.set(value));
  }
  return body.function([...statements, ...code(result)], "v128");
}

const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highHalf = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

/** The same of four float32 lanes: widened, two at a time, and rounded once at the end. */
export function singleFunction(name: CalledFunction, functionIndex: FunctionIndex): FunctionCode {
  const body = new Body(["v128"]);
  const x = body.parameter(0).get;
  const index = functionIndex(name, doubles);
  const half = (wide: Code) => f32x4.demote(call(index, f64x2.promoteLow(wide)));
  return body.function(v128.shuffle(half(x), half(v128.shuffle(x, x, highHalf)), lowHalves), "v128");
}

/** Widens the two low lanes of a program's numbers to float64. */
export function promoted(lanes: Lanes, value: Code): Code {
  return lanes === singles ? f64x2.promoteLow(value) : value;
}
