import type { OpName, Parameters } from "../ops/op.ts";
import { resultShape } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import {
  type ArrayDeclaration,
  type Precision,
  type ProgramData,
  rowCount,
  type Step,
} from "../program/data.ts";
import { snakeCase } from "../program/names.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { sameShape, withRows } from "../shape/size.ts";

/** What learners get wrong most often. */
export type SlipKind =
  | "transpose"
  | "slope"
  | "alpha"
  | "sum or mean"
  | "sign"
  | "factor"
  | "updated weights"
  | "another batch"
  | "precision";

/** A program with one slip in it. */
export interface Alteration {
  readonly kind: SlipKind;
  readonly says: string;
  readonly data: ProgramData;
  /** The step that was altered; its array is the same, and a step may have been added after it. */
  readonly step: number;
  readonly added: number;
}

const factor = "slip_factor";
const before = "before_slip";

/**
 * Every usual slip that one step of a program allows; `elements` is how many numbers its array has in this batch, where it has
 * several for each row.
 */
export function* alterationsOf(
  data: ProgramData,
  position: number,
  elements: number | undefined,
): Generator<Alteration> {
  const step = data.steps[position]!;
  const array = (name: string) => data.arrays.find((each) => each.name === name)!;
  const writer = (name: string) => data.steps.find(({ writes }) => writes === name);
  const replaced = (kind: SlipKind, says: string, change: Partial<Step>, value = 1): Alteration => {
    const { parameters: _, ...rest } = step;
    const steps = data.steps.map((each, k) => (k === position ? { ...rest, ...change } : each));
    return { kind, says, data: withFactor({ ...data, steps }, value), step: position, added: 0 };
  };
  const passOn = (kind: SlipKind, says: string, operand: string): Alteration =>
    replaced(kind, says, { op: "scale", reads: [factor, operand] });

  if (step.op === "matmul")
    for (const [operand, name] of step.reads.entries()) {
      const view = writer(name);
      if (view?.op !== "transpose") continue;
      const source = view.reads[0]!;
      const reads = step.reads.map((read, k) => (k === operand ? source : read));
      if (fits(step.op, reads.map(array), array(step.writes)))
        yield replaced("transpose", `${source} instead of ${source}.T`, { reads });
    }

  if (step.op === "multiply")
    for (const [operand, name] of step.reads.entries()) {
      const slope = writer(name);
      if (slope === undefined || ops[slope.op].noun !== "slope") continue;
      const call = `${snakeCase(slope.op)}(${slope.reads.join(", ")})`;
      yield passOn("slope", `${call} left out`, step.reads[1 - operand]!);
    }

  const [first, second] = step.reads;
  if (step.op === "scale" && array(first!).role === "setting")
    yield passOn("alpha", `${first} left out`, second!);
  if (step.op === "divideByScalar" && second === rowCount) {
    yield passOn("sum or mean", "a sum over the rows instead of their mean", first!);
    if (elements !== undefined)
      yield replaced(
        "sum or mean",
        "a mean over all numbers instead of one over the rows",
        { reads: [first!, factor] },
        elements,
      );
  }

  const rewritten = ["weights", "state"].includes(array(step.writes).role);
  const { kind } = ops[step.op];
  if (step.phase === "predict" || rewritten || kind === "view" || kind === "metric") return;
  const appended = (kind: SlipKind, says: string, op: OpName, reads: string[], value = 1): Alteration => {
    const honest = { ...array(step.writes), name: before, inline: true as const };
    const steps = data.steps.flatMap((each, k) =>
      k === position
        ? [
            { ...each, writes: before },
            { phase: step.phase, op, reads, writes: step.writes },
          ]
        : [each],
    );
    const arrays = [...data.arrays, honest];
    return { kind, says, data: withFactor({ ...data, arrays, steps }, value), step: position, added: 1 };
  };
  yield appended("sum or mean", "a mean over the rows instead of their sum", "divideByScalar", [
    before,
    rowCount,
  ]);
  // What np.mean does where no axis is named.
  if (elements !== undefined)
    yield appended(
      "sum or mean",
      "a mean over all numbers instead of a sum over the rows",
      "divideByScalar",
      [before, factor],
      elements,
    );
  yield appended("sign", "the other sign", "scale", [factor, before], -1);
  yield appended("factor", "a factor 2", "scale", [factor, before], 2);
  yield appended("factor", "a factor 1/2", "scale", [factor, before], 0.5);
}

/** The steps that an array is computed from in one batch, the nearest first. */
export function stepsBehind({ steps }: ProgramData, array: string): number[] {
  const found = new Set<number>();
  const visit = (name: string, end: number): void => {
    const position = steps.findIndex(({ writes }, k) => writes === name && k < end);
    if (position < 0 || found.has(position)) return;
    found.add(position);
    for (const read of steps[position]!.reads) visit(read, position);
  };
  visit(array, steps.length);
  return [...found].sort((a, b) => b - a);
}

/** The same program for batches of so many rows only, so that shapes that fit by chance fit. Noise keeps its rows open. */
export function forRows(data: ProgramData, rows: number): ProgramData {
  if (data.arrays.some(({ role }) => role === "noise")) return data;
  const sized = (parameters: Parameters): Parameters =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, size]) => [name, size === "batch" ? rows : size]),
    );
  return {
    ...data,
    arrays: data.arrays.map((array) => ({ ...array, shape: withRows(array.shape, rows) })),
    steps: data.steps.map((step) =>
      step.parameters === undefined ? step : { ...step, parameters: sized(step.parameters) },
    ),
  };
}

export function inPrecision(data: ProgramData, precision: Precision): ProgramData {
  const arrays = data.arrays.map((array) =>
    array.role !== "metric" && array.dtype === data.precision ? { ...array, dtype: precision } : array,
  );
  return { ...data, precision, arrays };
}

/** Declares the number that an altered step scales by, and the number of rows. */
function withFactor(data: ProgramData, value: number): ProgramData {
  const declared: ArrayDeclaration = { name: factor, role: "setting", shape: [], dtype: data.precision };
  const rows: ArrayDeclaration = { ...declared, name: rowCount };
  const hasRows = data.arrays.some(({ name }) => name === rowCount);
  return {
    ...data,
    arrays: [{ ...declared, initial: { value } }, ...(hasRows ? [] : [rows]), ...data.arrays],
  };
}

function fits(op: OpName, given: readonly ArrayDeclaration[], result: ArrayDeclaration): boolean {
  try {
    return sameShape(resultShape(op, ops[op].signature, given), result.shape);
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}
