import type { ElementaryFunction } from "../../src/math/functions.ts";
import { call } from "../../src/ops/code.ts";
import type { ElementwiseOp } from "../../src/ops/op.ts";
import { elementCode, type Style } from "../../src/program/print/expression.ts";
import { prelude } from "../../src/program/print/prelude.ts";
import { runPython } from "../oracle/python.ts";
import { fromHex, hex } from "../random/bits.ts";

/** An op that is one expression of one operand, as printers meet it. */
export function opOf(expression: string): ElementwiseOp {
  return {
    kind: "elementwise",
    noun: "value",
    signature: "x[...] -> [...]",
    expression,
    gradient: {},
    print: { numpy: (x) => call("value", x) },
  };
}

/** An expression in x as program text, and the functions that it needs. */
export function printed(
  expression: string,
  style: Style,
): { readonly code: string; readonly before: string } {
  const code = elementCode(opOf(expression), {}, style, false).text;
  return { code, before: prelude(code, style).join("\n") };
}

const runner = `
import json, sys
import numpy as np
asked = json.load(sys.stdin)
def array(digits, kind): return np.frombuffer(bytes.fromhex(digits), ">f8").astype(kind)
answers = []
for script in asked["scripts"]:
    names = {"np": np}
    exec(script["before"], names)
    with np.errstate(all=asked["errors"], under="ignore"):
        result = eval(script["code"], names, {"x": array(script["x"], script["kind"])})
    assert result.dtype == script["kind"], (script["code"], result.dtype)
    answers.append(result.astype(">f8").tobytes().hex())
print(json.dumps(answers))
`;

/** One expression for real NumPy: what it is, and its arguments. */
export interface Asked {
  readonly expression: string;
  readonly x: readonly number[];
  readonly style?: Style;
}

/** Evaluates printed NumPy texts on whole arrays. Floating-point errors raise if `errors` says so. */
export function askNumpy(asked: readonly Asked[], errors: "ignore" | "raise" = "ignore"): number[][] {
  const scripts = asked.map(({ expression, x, style = "exact" }) => ({
    ...printed(expression, style),
    x: x.map(hex).join(""),
    kind: style === "exact32" ? "float32" : "float64",
  }));
  const answers = JSON.parse(runPython(runner, { scripts, errors })) as string[];
  return answers.map((digits) => digits.match(/.{16}/g)!.map(fromHex));
}

/** The places at which two lists of numbers differ in their bits; all NaNs are one. */
export function differences(
  name: ElementaryFunction | string,
  x: readonly number[],
  found: readonly number[],
  wanted: readonly number[],
): string[] {
  if (found.length !== wanted.length) return [`${name}: ${found.length} results, not ${wanted.length}`];
  return x.flatMap((each, i) =>
    Object.is(found[i], wanted[i]) ? [] : [`${name}(${each}) is ${found[i]}, not ${wanted[i]}`],
  );
}
