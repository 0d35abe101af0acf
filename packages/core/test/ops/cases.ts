import type { Session } from "../../src/engines/engine.ts";
import type { Example, OpName, Parameters, Ref } from "../../src/ops/op.ts";
import { signature } from "../../src/ops/signature.ts";
import type { ProgramBuilder } from "../../src/program/builder.ts";
import type { Precision } from "../../src/program/data.ts";
import { isFree } from "../../src/program/names.ts";
import type { Program } from "../../src/program/program.ts";
import type { Block, Dtype, Shape } from "../../src/shape/block.ts";
import { blockOf } from "./bits.ts";
import { examplesOf, type Library, library, opNames } from "./library.ts";

/** One example of one op in one precision; a metric also with the total from which it goes on. */
export interface Case {
  readonly op: OpName;
  readonly precision: Precision;
  readonly example: Example;
  readonly start: number;
  /** Tells cases apart, and says which one failed. */
  readonly key: string;
}

export const precisions: readonly Precision[] = ["float64", "float32"];

/** The stored totals that metrics go on from: their usual start, one that keeps -0, one that absorbs small rows. */
const starts = [0, -0, 1e16];

/** Every example of every op of the registry. */
export const cases: readonly Case[] = opNames.flatMap((op) =>
  examplesOf(op).flatMap((example, number) =>
    precisions.flatMap((precision) =>
      (library.ops[op].kind === "metric" ? starts : [0]).map((start) => ({
        op,
        precision,
        example,
        start,
        key: `${op}, example ${number}, ${precision}${Object.is(start, 0) ? "" : `, from ${Object.is(start, -0) ? "-0" : start}`}`,
      })),
    ),
  ),
);

/** The element type in which a program of this precision has each operand. */
export function dtypesOf(op: OpName, precision: Precision): Dtype[] {
  return signature(library.ops[op].signature).operands.map(({ dtype }) => dtype ?? precision);
}

/** The operands' names, in the order of the signature. */
export function operandsOf(op: OpName): string[] {
  return signature(library.ops[op].signature).operands.map((operand) => operand.name);
}

export function isMetric(op: OpName): boolean {
  return library.ops[op].kind === "metric";
}

/** Appends one step of an op that is known by name only. */
export function append(
  b: ProgramBuilder,
  op: OpName,
  operands: readonly Ref[],
  parameters?: Parameters,
): Ref {
  const emit = b.ops as unknown as Record<string, (...given: unknown[]) => Ref>;
  return emit[op]!(...operands, parameters);
}

/** What the array of an operand is called: like it, unless printed programs have that word themselves, as they have `rows`. */
export function arrayOf(operand: string): string {
  return isFree(operand) ? operand : `${operand}_`;
}

/** Declares an operand: as weights, so that any shape and any numbers may be written into it, or as whole numbers. */
export function declare(b: ProgramBuilder, op: OpName, operand: string, shape: Shape): Ref {
  const { dtype } = signature(library.ops[op].signature).operands.find((each) => each.name === operand)!;
  const name = arrayOf(operand);
  return dtype === undefined ? b.weights(name, shape) : b.input(name, shape, dtype);
}

/** A program of one step. */
export function oneStep({ ProgramBuilder }: Library, { op, precision, example }: Case): Program {
  const b = new ProgramBuilder("one_step", precision);
  const operands = operandsOf(op).map((name, i) => declare(b, op, name, example.inputs[i]!.shape));
  const result = append(b, op, operands, example.parameters);
  if (isMetric(op)) b.metric("result", result);
  else b.name("result", result);
  return b.build();
}

/** The example's numbers by operand, in float64; whoever stores them rounds. */
export function numbersOf({ op, example }: Case): Record<string, Block> {
  return Object.fromEntries(
    operandsOf(op).map((operand, i) => {
      const { shape, values } = example.inputs[i]!;
      return [arrayOf(operand), blockOf("float64", shape, values)];
    }),
  );
}

/** What an engine makes of a case. */
export function run(from: Library, engine: string, each: Case): Block {
  const session = from.engines[engine]!.open(oneStep(from, each), { keep: "all" });
  writeCase(session, each);
  session.run({ accumulate: true });
  return session.read("result");
}

function writeCase(session: Session, each: Case): void {
  session.write(numbersOf(each));
  if (isMetric(each.op)) session.write({ result: each.start });
}
