import { readFileSync } from "node:fs";
import { signature } from "../../src/ops/signature.ts";
import { type Block, isWhole } from "../../src/shape/block.ts";
import { runPython } from "../oracle/python.ts";
import { bits, elements, fromBits } from "./bits.ts";
import { type Case, cases, dtypesOf } from "./cases.ts";
import { library } from "./library.ts";

interface Reply {
  /** Ops of the registry that the oracle does not know, and the other way round. */
  readonly missing: readonly string[];
  readonly superfluous: readonly string[];
  readonly answers: readonly (readonly string[])[];
}

/** What a case must give: its shape, and of each element the bits or, after a `~`, how far from them it may lie. */
export interface Wanted {
  readonly shape: readonly number[];
  readonly elements: readonly string[];
}

export type Oracle = ReadonlyMap<string, Wanted>;

/** Whether a result is what is wanted. */
export function agrees(found: Block, { shape, elements: wanted }: Wanted): boolean {
  const values = elements(found);
  return (
    found.shape.join() === shape.join() &&
    values.length === wanted.length &&
    values.every((value, i) => elementAgrees(value, wanted[i]!))
  );
}

function elementAgrees(value: number, wanted: string): boolean {
  const [digits, slack] = wanted.split("~") as [string, string | undefined];
  if (slack === undefined || bits(value) === digits) return bits(value) === digits;
  const middle = fromBits(digits);
  return Math.abs(value - middle) <= fromBits(slack) && !(value === 0 && middle === 0);
}

/** How it is shown in a failure. */
export function shownWanted({ shape, elements: wanted }: Wanted): string {
  return `[${shape.join(" ")}] ${wanted.map((each) => each.split("~").map(fromBits).join(" within ")).join(" ")}`;
}

/** Asks the definitions in `oracle.py` about every case, in one process. Throws where an op has no definition. */
export function askOracle(): Oracle {
  const script = readFileSync(new URL("oracle.py", import.meta.url), "utf8");
  const asked = cases.map(({ op, precision, example, start }) => ({
    op,
    precision,
    start: bits(start),
    parameters: example.parameters ?? {},
    inputs: example.inputs.map(({ shape, values }, i) => ({
      shape,
      ...(isWhole(dtypesOf(op, precision)[i]) ? { whole: values } : { bits: values.map(bits) }),
    })),
  }));
  const { missing, superfluous, answers } = JSON.parse(runPython(script, asked)) as Reply;
  if (missing.length > 0) throw new Error(`oracle.py defines no ${missing.join(", ")}`);
  if (superfluous.length > 0)
    throw new Error(`oracle.py defines ${superfluous.join(", ")}, which are no ops`);
  return new Map(cases.map((each, i) => [each.key, { shape: shapeOf(each), elements: answers[i]! }]));
}

/** The shape that the signature gives; the oracle's nested lists cannot tell 0 × 3 from 0 × 2. */
function shapeOf({ op, example }: Case): number[] {
  const { operands, result } = signature(library.ops[op].signature);
  const sizes = new Map<string, readonly (number | string)[]>();
  for (const [name, size] of Object.entries(example.parameters ?? {})) sizes.set(name, [size]);
  for (const [position, { pattern }] of operands.entries()) {
    const { shape } = example.inputs[position]!;
    const rest = pattern.indexOf("...");
    for (const [axis, symbol] of pattern.entries())
      sizes.set(symbol, axis === rest ? shape.slice(axis) : [shape[axis]!]);
  }
  return result.flatMap((symbol) => sizes.get(symbol)!) as number[];
}
