import { resultShape } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, type SizeShape, sameShape } from "../shape/size.ts";
import { checkArray } from "./checkArray.ts";
import { type ArrayDeclaration, type ProgramData, phases, type Step } from "./data.ts";
import { checkFields, fail, isRecord } from "./form.ts";
import { checkName } from "./names.ts";
import { parameterProblem, shown } from "./parameters.ts";

/**
 * Checks that data from anywhere are a program that every engine can run: known ops and phases in order, names
 * that are identifiers, arrays written before they are read and by one step, shapes that fit. Throws `ProgramError`,
 * `NameError` or `ShapeError` for the first thing that is wrong, and nothing else, whatever the data are.
 */
export function checkProgram(data: ProgramData): void {
  checkForm(data);
  const arrays = new Map<string, ArrayDeclaration>();
  for (const array of data.arrays) {
    checkArray(data.name, data.precision, array);
    if (arrays.has(array.name)) fail(`${data.name}: array ${array.name} is declared twice`);
    arrays.set(array.name, array);
  }
  const written = new Set<string>();
  const views = new Views();
  let phase = 0;
  for (const [position, step] of data.steps.entries()) {
    const place = `${data.name}: step ${position}`;
    checkStepForm(place, step);
    if (phases.indexOf(step.phase) < phase)
      fail(`${place} belongs to ${step.phase}, but steps of ${phases[phase]} came before it`);
    phase = phases.indexOf(step.phase);
    for (const name of step.reads) {
      const array = arrays.get(name) ?? fail(`${place} reads ${name}, which is not declared`);
      if (isComputed(array) && !written.has(name)) fail(`${place} reads ${name} before it is written`);
      if (array.role === "metric")
        fail(`${place} reads ${name}: a metric is a running total, which no step may read`);
      const stale = views.replaced(name);
      if (stale !== undefined)
        fail(`${place} reads ${name}, which shows ${stale}, after ${stale} is rewritten: read it before`);
    }
    const target = arrays.get(step.writes) ?? fail(`${place} writes ${step.writes}, which is not declared`);
    if (step.answers !== undefined && !arrays.has(step.answers))
      fail(`${place} answers ${step.answers}, which is not declared`);
    checkWrite(place, step, target, written);
    checkStepShape(place, step, target, arrays);
    written.add(step.writes);
    views.note(step, isComputed(target));
  }
  for (const array of arrays.values())
    if (isComputed(array) && !written.has(array.name))
      fail(`${data.name}: no step writes ${array.name}; one must, since its role is ${array.role}`);
}

/** The outermost form: what every reader of program data may rely on before it looks at arrays and steps. */
function checkForm(data: ProgramData): void {
  if (!isRecord(data) || data.format !== "streetlight-program")
    fail('not a program: "format" must be "streetlight-program"');
  if (data.version !== 1) fail(`program version ${shown(data.version)} is not known here: only version 1 is`);
  if (typeof data.name !== "string" || !Array.isArray(data.arrays) || !Array.isArray(data.steps))
    fail('a program has a "name", a list of "arrays" and a list of "steps"');
  checkName(data.name, "a program");
  checkFields(data.name, data, ["format", "version", "name", "precision", "arrays", "steps"]);
  if (data.precision !== "float64" && data.precision !== "float32")
    fail(`${data.name}: "precision" must be "float64" or "float32", not ${shown(data.precision)}`);
}

/** Whether a step computes the array; the others are there from the start. */
function isComputed(array: ArrayDeclaration): boolean {
  return !["input", "target", "weights", "state", "setting", "noise"].includes(array.role);
}

function checkStepForm(place: string, step: Step): void {
  checkFields(place, step, ["phase", "op", "reads", "writes", "parameters", "answers"]);
  if (!phases.includes(step.phase)) fail(`${place} has the unknown phase ${shown(step.phase)}`);
  if (typeof step.op !== "string" || !Object.hasOwn(ops, step.op))
    fail(`${place} has the unknown op ${shown(step.op)}`);
  if (!Array.isArray(step.reads) || !step.reads.every((name) => typeof name === "string"))
    fail(`${place}: "reads" must be a list of names, not ${shown(step.reads)}`);
  if (typeof step.writes !== "string") fail(`${place}: "writes" must be a name, not ${shown(step.writes)}`);
  if (step.answers !== undefined && typeof step.answers !== "string")
    fail(`${place}: "answers" must be a name, not ${shown(step.answers)}`);
  if (step.parameters !== undefined && !isRecord(step.parameters))
    fail(`${place}: "parameters" must be a record, not ${shown(step.parameters)}`);
  const problem = parameterProblem(step.op, step.parameters);
  if (problem !== undefined) fail(`${place}: ${problem}`);
}

function checkWrite(place: string, step: Step, target: ArrayDeclaration, written: ReadonlySet<string>): void {
  const { role, name } = target;
  if (written.has(name)) fail(`${place} writes ${name}, which an earlier step has written`);
  const metricOp = ops[step.op].kind === "metric";
  if (metricOp !== (role === "metric"))
    fail(
      `${place}: ${step.op} cannot write ${name}, whose role is ${role}: ` +
        "metric ops write metrics, and nothing else does",
    );
  if (isComputed(target)) return;
  if (step.phase !== "update" || (role !== "weights" && role !== "state"))
    fail(`${place} writes ${name}: only update may rewrite, and only weights and states`);
}

function checkStepShape(
  place: string,
  step: Step,
  target: ArrayDeclaration,
  arrays: ReadonlyMap<string, ArrayDeclaration>,
): void {
  const given = step.reads.map((name) => arrays.get(name)!);
  let shape: SizeShape;
  try {
    shape = resultShape(step.op, ops[step.op].signature, given, step.parameters);
  } catch (error) {
    if (error instanceof ShapeError) throw error.at(place);
    throw error;
  }
  if (!sameShape(shape, target.shape))
    throw new ShapeError(
      `${place}: ${step.op} gives ${formatShape(shape)} but ${target.name} is ${formatShape(target.shape)}`,
    );
}

/**
 * Which arrays are another look at weights or states. Printed programs rewrite in place, so such an array must not
 * be read when what it shows has been rewritten.
 */
class Views {
  readonly #shows = new Map<string, string>();
  readonly #rewritten = new Set<string>();

  note({ op, reads, writes }: Step, computed: boolean): void {
    const source = reads[0]!;
    if (ops[op].kind === "view" || ops[op].noun === "spread")
      this.#shows.set(writes, this.#shows.get(source) ?? source);
    if (!computed) this.#rewritten.add(writes);
  }

  /** What the array shows, where that has been rewritten since. */
  replaced(name: string): string | undefined {
    const source = this.#shows.get(name);
    return source !== undefined && this.#rewritten.has(source) ? source : undefined;
  }
}
