import { readFileSync } from "node:fs";
import { signature } from "../../src/ops/signature.ts";
import { runPython } from "../oracle/python.ts";
import { bits } from "./bits.ts";
import { type Case, cases } from "./cases.ts";
import { library } from "./library.ts";

interface Reply {
  /** Ops of the registry that the oracle does not know, and the other way round. */
  readonly missing: readonly string[];
  readonly superfluous: readonly string[];
  readonly answers: readonly (readonly string[])[];
}

/** The fingerprint that each case must have, by key. */
export type Oracle = ReadonlyMap<string, string>;

/** Asks the definitions in `oracle.py` about every case, in one process. Throws where an op has no definition. */
export function askOracle(): Oracle {
  const script = readFileSync(new URL("oracle.py", import.meta.url), "utf8");
  const asked = cases.map(({ op, precision, example, start }) => ({
    op,
    precision,
    start: bits(start),
    parameters: example.parameters ?? {},
    inputs: example.inputs.map(({ shape, values }) => ({ shape, bits: values.map(bits) })),
  }));
  const { missing, superfluous, answers } = JSON.parse(runPython(script, asked)) as Reply;
  if (missing.length > 0) throw new Error(`oracle.py defines no ${missing.join(", ")}`);
  if (superfluous.length > 0)
    throw new Error(`oracle.py defines ${superfluous.join(", ")}, which are no ops`);
  return new Map(cases.map((each, i) => [each.key, `[${shapeOf(each)}] ${answers[i]!.join(" ")}`]));
}

/** The shape that the signature gives; the oracle's nested lists cannot tell 0 × 3 from 0 × 2. */
function shapeOf({ op, example }: Case): string {
  const { operands, result } = signature(library.ops[op].signature);
  const sizes = new Map<string, readonly (number | string)[]>();
  for (const [name, size] of Object.entries(example.parameters ?? {})) sizes.set(name, [size]);
  for (const [position, { pattern }] of operands.entries()) {
    const { shape } = example.inputs[position]!;
    const rest = pattern.indexOf("...");
    for (const [axis, symbol] of pattern.entries())
      sizes.set(symbol, axis === rest ? shape.slice(axis) : [shape[axis]!]);
  }
  return result.flatMap((symbol) => sizes.get(symbol)!).join(" ");
}
