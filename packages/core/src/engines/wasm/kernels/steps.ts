import { parse, substitute } from "../../../ops/expression.ts";
import { signature } from "../../../ops/signature.ts";
import { ops } from "../../../ops/table.ts";
import type { Step } from "../../../program/data.ts";
import type { Body } from "../code/body.ts";
import type { Code } from "../code/code.ts";
import { expressionCode } from "../code/expressionCode.ts";
import { f32x4, f64x2, i16x8, i32, i32x4, v128 } from "../code/instructions.ts";
import { type Lanes, singles } from "../code/lanes.ts";
import type { Access } from "../plan/arrays.ts";
import type { Kernel } from "../plan/lower.ts";
import { type Context, elementBytes } from "./context.ts";

/** An address: code, and a number of bytes beyond it. */
export interface Address {
  readonly code: Code;
  readonly offset: number;
}

/** Where in an array's numbers some stand that are computed side by side; for elements of so many bytes. */
export interface Place {
  readonly count: number;
  readonly each: (bytes: number) => Address;
  /** Of one number for each column. */
  readonly column: (bytes: number) => Address;
  /** Of one number for each row. */
  readonly row: (bytes: number) => Address;
}

/** The numbers that all places share, read before the loop. */
export interface Scalars {
  readonly code: Code;
  readonly values: ReadonlyMap<string, Code>;
}

function accesses(step: Step, context: Context): Access[] {
  const { arrays } = context;
  if (arrays.isSpread(step.writes)) return [arrays.through(step.writes)];
  const shape = arrays.shape(step.writes);
  return step.reads.map((name) => arrays.access(name, shape));
}

/** Reads the single numbers that a kernel's steps use. */
export function scalarsOf({ steps }: Kernel, context: Context, body: Body): Scalars {
  const values = new Map<string, Code>();
  const code: Code[] = [];
  for (const { kind, name } of steps.flatMap((step) => accesses(step, context))) {
    if (kind !== "one" || values.has(name)) continue;
    const local = body.local("v128");
    code.push(local.set(context.lanes.splat(i32.const(0), context.address(name))));
    values.set(name, local.get);
  }
  return { code, values };
}

/** Whether a kernel's steps read an array by columns or by rows. */
export function readsAcross({ steps }: Kernel, context: Context): boolean {
  return steps
    .flatMap((step) => accesses(step, context))
    .some(({ kind }) => kind === "column" || kind === "row");
}

/** Computes a kernel's steps at one place and stores what must be in memory; `main` is what the main op gave there. */
export function stepsCode(
  { main, steps }: Kernel,
  place: Place,
  mainValue: Code | undefined,
  { values: scalars }: Scalars,
  context: Context,
  body: Body,
): Code {
  const { lanes, functionIndex } = context;
  const values = new Map<string, Code>();
  const code: Code[] = [];
  const keep = (name: string, value: Code): void => {
    values.set(name, value);
    if (!context.stored(name)) return;
    const { code: at, offset } = place.each(lanes.bytes);
    code.push(lanes.store(place.count, at, value, context.address(name) + offset));
  };
  const read = (access: Access): Code => {
    const { kind, name } = access;
    const known = kind === "one" ? scalars.get(name) : kind === "each" ? values.get(name) : undefined;
    if (known) return known;
    const local = body.local("v128");
    code.push(local.set(loaded(access, place, context)));
    if (kind === "each") values.set(name, local.get);
    return local.get;
  };
  if (main) keep(main.writes, mainValue!);
  for (const step of steps) {
    const operands = accesses(step, context).map(read);
    const op = ops[step.op];
    let value = operands[0]!;
    if ("expression" in op) {
      const names = signature(op.signature).operands.map(({ name }) => name);
      const parameters = { ...op.parameters, ...step.parameters } as Record<string, number>;
      const local = body.local("v128");
      const result = expressionCode(substitute(parse(op.expression), parameters), {
        body,
        lanes,
        operand: (name) => operands[names.indexOf(name)]!,
        functionIndex,
      });
      code.push(local.set(result));
      value = local.get;
    }
    keep(step.writes, value);
  }
  return code;
}

function loaded({ kind, name }: Access, place: Place, context: Context): Code {
  const { lanes } = context;
  const { dtype } = context.arrays.declaration(name);
  const { code, offset } = place[kind === "one" ? "each" : kind](elementBytes[dtype]);
  const at = context.address(name) + offset;
  if (kind === "row") return lanes.splat(code, at);
  return dtype === "uint8" ? bytesLoaded(lanes, place.count, code, at) : lanes.load(place.count, code, at);
}

/** Bytes as numbers, exactly. Two or one are read byte by byte, so that nothing is read beyond the array. */
function bytesLoaded(lanes: Lanes, count: number, code: Code, offset: number): Code {
  const byte = (k: number) => i32.load8(code, offset + k);
  const bytes =
    count === 4
      ? v128.load32(code, offset)
      : i32x4.splat(count === 2 ? i32.or(byte(0), i32.shl(byte(1), i32.const(8))) : byte(0));
  const words = i32x4.extendLow16(i16x8.extendLow8(bytes));
  return lanes === singles ? f32x4.convertI32x4(words) : f64x2.convertLowI32x4(words);
}
