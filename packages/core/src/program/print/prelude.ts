import type { Definition } from "../../math/definition.ts";
import { type ElementaryFunction, functions as elementary } from "../../math/functions.ts";
import { type PrimitiveName, primitiveTexts, typescriptBits } from "../../math/primitives.ts";
import { parse } from "../../ops/expression.ts";
import { gaussianInNumpy, nearestLogInNumpy, randnInNumpy } from "../../random/normalText.ts";
import { type Style, written } from "./expression.ts";

/**
 * The functions of `math/` that a printed text calls, each once and after those that it calls itself.
 *
 * They are called as in expressions with an underscore in front, `_exp`, `_pow2`: no array or op is, for their names
 * begin with a letter. So an op `exp` may be defined by `_exp(x)`.
 */
export function prelude(text: string, style: Style): string[] {
  const seen = new Set<string>();
  const definitions: string[] = [];
  const visit = (calling: string): void => {
    for (const [, name] of calling.matchAll(/\b_(\w+)/g)) {
      if (seen.has(name!)) continue;
      seen.add(name!);
      const definition = mathText(name!, style);
      if (definition === undefined) continue;
      visit(definition);
      definitions.push(definition, "");
    }
  };
  visit(text);
  return definitions;
}

/** IEEE 754's of whole arrays: of two zeros NumPy's own give either. */
const extremes = {
  max: `def _max(a, b):
    return np.where((a == 0) & (b == 0), a + b, np.maximum(a, b))`,
  min: `def _min(a, b):
    return np.where((a == 0) & (b == 0), -(-a - b), np.minimum(a, b))`,
} as const;

/** The draws of normal numbers, which only Python's exact dialects print. */
const normals = {
  randn: randnInNumpy,
  gaussian: gaussianInNumpy,
  nearest_log: nearestLogInNumpy,
} as const;

function mathText(name: string, style: Style): string | undefined {
  if (Object.hasOwn(extremes, name)) return extremes[name as keyof typeof extremes];
  if (Object.hasOwn(primitiveTexts, name))
    return primitiveTexts[name as PrimitiveName][style === "typescript" ? "typescript" : "numpy"];
  if (name === "bits" && style === "typescript") return typescriptBits;
  if (Object.hasOwn(normals, name)) return normals[name as keyof typeof normals];
  if (!Object.hasOwn(elementary, name)) return undefined;
  const { operand, says, source, ulps, upTo, steps, result } = elementary[
    name as ElementaryFunction
  ] as Definition;
  const about = `${says}; error at most ${ulps} ulp${upTo === undefined ? "" : ` up to ${upTo}`}; after ${source}`;
  const code = (text: string) => written(parse(text), style === "typescript" ? style : "exact", false).text;
  if (style === "typescript")
    return [
      `/** ${about} */`,
      `function _${name}(${operand}: number): number {`,
      ...steps.map(([step, text]) => `  const ${step} = ${code(text)};`),
      `  return ${code(result)};`,
      "}",
    ].join("\n");
  return [
    `def _${name}(${operand}):`,
    `    # ${about}`,
    // Float64 in every program; a float32 program rounds the result where it calls.
    `    ${operand} = np.asarray(${operand}, np.float64)`,
    ...steps.map(([step, text]) => `    ${step} = ${code(text)}`),
    `    return ${code(result)}`,
  ].join("\n");
}
