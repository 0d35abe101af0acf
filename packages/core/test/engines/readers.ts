import { RandomState } from "../../src/array/randomState.ts";
import type { Op, OpName, Ref } from "../../src/ops/op.ts";
import { type Signature, signature } from "../../src/ops/signature.ts";
import { ops } from "../../src/ops/table.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { Program } from "../../src/program/program.ts";
import type { Block } from "../../src/shape/block.ts";
import type { Size, SizeShape } from "../../src/shape/size.ts";

/** What a batch is given: examples, which it gathers, and masks, which it draws. */
export const givenRoles = ["input", "target", "noise"] as const;
export type GivenRole = (typeof givenRoles)[number];

export interface Reader {
  readonly op: OpName;
  /** The position of the operand that is given. */
  readonly operand: number;
  readonly role: GivenRole;
}

/** Enough columns for kernels to be shared out, and rows that no number of threads divides. */
const columns = 9;
export const rows = 21;

/** Every op with every of its operands given, in every way in which it can be. */
export const readers: readonly Reader[] = (Object.keys(ops) as OpName[]).flatMap((op) =>
  operandsOf(op).flatMap(({ pattern, dtype }, operand) => {
    if (pattern.length === 0) return [];
    const roles = dtype !== undefined || pattern.join() === "n" ? givenRoles.slice(0, 2) : givenRoles;
    return roles.map((role) => ({ op, operand, role }));
  }),
);

function operandsOf(op: OpName): Signature["operands"] {
  return signature(ops[op].signature).operands;
}

/**
 * A program whose first step is the reader, so that nothing lies between it and what the batch is given; then steps that read
 * its result by rows and by columns.
 */
export function programOf({ op, operand, role }: Reader): {
  readonly program: Program;
  readonly data: Readonly<Record<string, Block>>;
} {
  const b = new ProgramBuilder("train");
  const chance = new RandomState(rows);
  // Rows to gather, though the reader may read none.
  b.input("numbers", ["batch"]);
  const data: Record<string, Block> = { numbers: chance.uniform(-1, 1, [rows]) };
  const { operands, result } = signature(ops[op].signature);
  const sizes = new Map<string, Size>();
  const first = operands[operand]!.pattern[0]!;
  if (first !== "...") sizes.set(first, "batch");
  const rest: SizeShape =
    first === "..."
      ? ["batch", columns]
      : operands.some(({ pattern }) => pattern.includes("..."))
        ? [columns]
        : [];
  const sizeOf = (letter: string): Size => {
    const known = sizes.get(letter) ?? columns;
    sizes.set(letter, known);
    return known;
  };
  const examples = (name: string, of: GivenRole, shape: SizeShape, dtype?: "int32" | "uint8"): Ref => {
    if (of === "noise") return b.noise(name, shape[1] as number, 0.5);
    const full = [rows, ...shape.slice(1)] as number[];
    data[name] =
      dtype === undefined
        ? chance.uniform(-1, 1, full)
        : chance.randint(0, dtype === "int32" ? columns : 256, full);
    return b[of](name, shape, dtype);
  };
  const given = operands.map(({ name: operandName, pattern, dtype }, position) => {
    const name = `given_${operandName}`;
    // Whole numbers are always given, a row each.
    if (dtype !== undefined && pattern[0] !== "...") sizes.set(pattern[0]!, "batch");
    const shape = pattern.flatMap((letter) => (letter === "..." ? rest : [sizeOf(letter)]));
    const of = position === operand ? role : "input";
    if (shape[0] === "batch") return examples(name, of, shape, dtype as "int32" | "uint8" | undefined);
    if (shape[1] === "batch") return b.ops.transpose(examples(name, of, [...shape].reverse()));
    return b.weights(name, shape, { uniform: [-1, 1] });
  });
  const added = Object.fromEntries(
    result.filter((letter) => letter !== "..." && !sizes.has(letter)).map((letter) => [letter, columns]),
  );
  const append = b.ops[op] as (...operands: unknown[]) => Ref;
  const found = append(...given, ...(Object.keys(added).length === 0 ? [] : [added]));
  if ((ops[op] as Op).kind === "metric") b.metric("found", found);
  else {
    b.name("found", found);
    b.name("negative", b.ops.negate(found));
    if (b.shape(found).length > 0) b.name("sums", b.ops.sumRows(found));
  }
  return { program: b.build(), data };
}
