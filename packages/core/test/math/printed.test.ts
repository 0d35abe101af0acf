import { describe, expect, it } from "vitest";
import { type ElementaryFunction, functions } from "../../src/math/functions.ts";
import { compile, elementary, parse } from "../../src/ops/expression.ts";
import { elementCode } from "../../src/program/print/expression.ts";
import { prelude } from "../../src/program/print/prelude.ts";
import { runPython } from "../oracle/python.ts";
import { runTypescript, typeErrors } from "../program/execute.ts";
import { argumentsOf, specialArguments } from "./arguments.ts";
import { askNumpy, differences, opOf, printed } from "./printed.ts";

const names = Object.keys(functions) as ElementaryFunction[];
const all = (name: ElementaryFunction): readonly number[] => [...argumentsOf[name], ...specialArguments];

/** Functions of functions, as ops have them. */
const composed = {
  softplus: "max(x, 0) + log1p(exp(-abs(x)))",
  sigmoid: "1 / (1 + exp(-x))",
  twice: "exp(exp(x)) - exp(x)",
  root: "exp(0.5 * log(abs(x)))",
} as const;

describe("the NumPy text has the reference's bits", () => {
  it("in float64, for every argument", () => {
    const found = askNumpy(names.map((name) => ({ expression: `${name}(x)`, x: all(name) })));
    const wrong = names.flatMap((name, i) =>
      differences(name, all(name), found[i]!, all(name).map(elementary(name))),
    );
    expect(wrong).toEqual([]);
  });

  it("in float32, and composed", () => {
    const x = all("tanh").map(Math.fround);
    const asked = [...names.map((name) => `${name}(x)`), ...Object.values(composed)].map((expression) => ({
      expression,
      x,
      style: "exact32" as const,
    }));
    const found = askNumpy(asked);
    const wrong = asked.flatMap(({ expression }, i) => {
      const evaluate = compile(parse(expression), ["x"], Math.fround);
      return differences(
        expression,
        x,
        found[i]!,
        x.map((each) => evaluate([each])),
      );
    });
    expect(wrong).toEqual([]);
  });

  it("for plain numbers and scalars too", () => {
    const before = names.map((name) => printed(`${name}(x)`, "exact").before).join("\n");
    const calls = names.flatMap((name) => [`_${name}(0.75)`, `_${name}(np.float64(0.75))`]);
    const script = `import numpy as np\n${before}\nprint(*[float(x) for x in [${calls.join(", ")}]])`;
    const found = runPython(script).trim().split(" ").map(Number);
    expect(found).toEqual(names.flatMap((name) => [elementary(name)(0.75), elementary(name)(0.75)]));
  });

  it("without a floating-point error where nothing is wrong", () => {
    const bounds: Record<ElementaryFunction, (x: number) => boolean> = {
      exp: (x) => Math.abs(x) < 708,
      expm1: (x) => x < 708,
      log: (x) => x > 1e-300,
      log1p: (x) => x > -1,
      tanh: () => true,
      cos: () => true,
    };
    const asked = names.map((name) => ({
      expression: `${name}(x)`,
      x: argumentsOf[name].filter(bounds[name]),
    }));
    expect(askNumpy(asked, "raise").map((found) => found.length)).toEqual(asked.map(({ x }) => x.length));
  });
});

describe("the TypeScript text has the reference's bits", () => {
  it.each(names)("%s", (name) => {
    const x = all(name);
    const { before, code } = printed(`${name}(x)`, "typescript");
    const text = `${before}\nconst result = [${x.map(literal).join(", ")}].map((x) => ${code});`;
    const found = runTypescript({ text, names: ["result"] }).numbers.result!;
    expect(differences(name, x, found, x.map(elementary(name)))).toEqual([]);
  });

  it.each(Object.entries(composed))("%s, in float32", (_, expression) => {
    const x = all("tanh")
      .filter((_, i) => i % 4 === 0)
      .map(Math.fround);
    const code = elementCode(opOf(expression), {}, "typescript", true).text;
    const text = [
      "const round = Math.fround;",
      ...prelude(code, "typescript"),
      `const result = [${x.map(literal).join(", ")}].map((x) => ${code});`,
    ].join("\n");
    const evaluate = compile(parse(expression), ["x"], Math.fround);
    const wanted = x.map((each) => evaluate([each]));
    expect(
      differences(expression, x, runTypescript({ text, names: ["result"] }).numbers.result!, wanted),
    ).toEqual([]);
  });

  it("compiles in strict mode", () => {
    const texts = names.map((name) => {
      const { before, code } = printed(`${name}(x)`, "typescript");
      return `${before}\nconst f = (x: number): number => ${code};\nconsole.log(f(1));`;
    });
    expect(typeErrors(texts)).toEqual([]);
  });
});

describe("a prelude", () => {
  it("defines what is called, once, and before its callers", () => {
    const { before } = printed("tanh(x) * expm1(x) + tanh(-x)", "exact");
    expect(before.match(/def \w+/g)).toEqual(["def _pow2", "def _expm1", "def _tanh"]);
    const typescript = printed("log(x)", "typescript").before;
    expect(typescript.match(/(?:function|const) _\w+/g)).toEqual([
      "const _bits",
      "function _significand",
      "function _exponent",
      "function _log",
    ]);
  });

  it("is empty where nothing is called, and in NumPy's own dialect", () => {
    expect(printed("sqrt(x) * abs(x)", "exact").before).toBe("");
    expect(printed("exp(x) + tanh(x)", "numpy")).toEqual({ code: "np.exp(x) + np.tanh(x)", before: "" });
  });
});

function literal(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}
