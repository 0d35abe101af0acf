import { resultShape } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import { type ArrayDeclaration, type ProgramData, phases, roles, rowCount, type Step } from "./data.ts";
import { checkName } from "./names.ts";

/** Data that are not a program. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

/**
 * Checks that data from anywhere are a program that every engine can run: known ops and phases in order, names
 * that are identifiers, arrays written before they are read and by one step, shapes that fit.
 */
export function checkProgram(data: ProgramData): void {
  if (!isRecord(data) || data.format !== "streetlight-program")
    throw new ProgramError('not a program: "format" must be "streetlight-program"');
  if (data.version !== 1)
    throw new ProgramError(
      `program version ${JSON.stringify(data.version)} is not known here: only version 1 is`,
    );
  if (typeof data.name !== "string" || !Array.isArray(data.arrays) || !Array.isArray(data.steps))
    throw new ProgramError('a program has a "name", a list of "arrays" and a list of "steps"');
  if (data.precision !== "float64" && data.precision !== "float32")
    throw new ProgramError(
      `${data.name}: "precision" must be "float64" or "float32", not ${JSON.stringify(data.precision)}`,
    );

  const arrays = new Map<string, ArrayDeclaration>();
  for (const array of data.arrays) {
    checkArray(data.name, array);
    if (arrays.has(array.name)) throw new ProgramError(`${data.name}: array ${array.name} is declared twice`);
    arrays.set(array.name, array);
  }
  const written = new Set<string>();
  let phase = 0;
  for (const [position, step] of data.steps.entries()) {
    const place = `${data.name}: step ${position}`;
    checkStepForm(place, step);
    if (phases.indexOf(step.phase) < phase)
      throw new ProgramError(
        `${place} belongs to ${step.phase}, but steps of ${phases[phase]} came before it`,
      );
    phase = phases.indexOf(step.phase);
    for (const name of step.reads) {
      const array = arrays.get(name);
      if (!array) throw new ProgramError(`${place} reads ${name}, which is not declared`);
      if (isComputed(array) && !written.has(name))
        throw new ProgramError(`${place} reads ${name} before it is written`);
    }
    const target = arrays.get(step.writes);
    if (!target) throw new ProgramError(`${place} writes ${step.writes}, which is not declared`);
    checkWrite(place, step, target, written);
    checkStepShape(place, step, target, arrays);
    written.add(step.writes);
  }
  for (const array of arrays.values())
    if (isComputed(array) && !written.has(array.name))
      throw new ProgramError(`${data.name}: no step writes ${array.name}, which is a ${array.role}`);
}

/** Whether a step computes the array; the others are there from the start. */
function isComputed(array: ArrayDeclaration): boolean {
  return !["input", "target", "weights", "state", "setting", "noise"].includes(array.role);
}

function checkArray(program: string, array: ArrayDeclaration): void {
  if (!isRecord(array) || typeof array.name !== "string")
    throw new ProgramError(`${program}: an array has no name`);
  if (array.name !== rowCount) checkName(array.name);
  const place = `${program}: array ${array.name}`;
  if (!roles.includes(array.role))
    throw new ProgramError(`${place} has the unknown role ${JSON.stringify(array.role)}`);
  if (!["float64", "float32"].includes(array.dtype))
    throw new ProgramError(`${place} has the unknown dtype ${JSON.stringify(array.dtype)}`);
  const sizes: unknown = array.shape;
  if (
    !Array.isArray(sizes) ||
    !sizes.every((size) => size === "batch" || (Number.isInteger(size) && size >= 0))
  )
    throw new ProgramError(
      `${place} has the shape ${JSON.stringify(sizes)}: sizes are whole numbers or "batch"`,
    );
  for (const value of initialNumbers(array))
    if (!Number.isFinite(value) || Object.is(value, -0))
      throw new ProgramError(`${place} starts with ${value}: initial numbers are finite and not -0`);
}

function initialNumbers({ initial }: ArrayDeclaration): readonly number[] {
  if (initial === undefined) return [];
  if ("value" in initial) return [initial.value];
  if ("values" in initial) return initial.values;
  return "uniform" in initial ? initial.uniform : initial.normal;
}

function checkStepForm(place: string, step: Step): void {
  if (!isRecord(step) || !phases.includes(step.phase))
    throw new ProgramError(`${place} has the unknown phase ${JSON.stringify(step?.phase)}`);
  if (!Object.hasOwn(ops, step.op))
    throw new ProgramError(`${place} has the unknown op ${JSON.stringify(step.op)}`);
  if (!Array.isArray(step.reads)) throw new ProgramError(`${place} has no list of arrays that it reads`);
}

function checkWrite(place: string, step: Step, target: ArrayDeclaration, written: ReadonlySet<string>): void {
  const { role, name } = target;
  if (written.has(name)) throw new ProgramError(`${place} writes ${name}, which an earlier step has written`);
  const metricOp = ops[step.op].kind === "metric";
  if (metricOp !== (role === "metric"))
    throw new ProgramError(
      `${place}: ${step.op} cannot write ${name}, which is ${role}; metrics are written by metric ops`,
    );
  if (isComputed(target)) return;
  if (step.phase !== "update" || (role !== "weights" && role !== "state"))
    throw new ProgramError(`${place} writes ${name}: only update may rewrite, and only weights and states`);
}

function checkStepShape(
  place: string,
  step: Step,
  target: ArrayDeclaration,
  arrays: ReadonlyMap<string, ArrayDeclaration>,
): void {
  const given = step.reads.map((name) => ({ name, shape: arrays.get(name)!.shape }));
  const shape = resultShape(step.op, ops[step.op].signature, given, step.parameters);
  if (!sameShape(shape, target.shape))
    throw new ShapeError(
      `${place}: ${step.op} gives ${formatShape(shape)} but ${target.name} is ${formatShape(target.shape)}`,
    );
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
