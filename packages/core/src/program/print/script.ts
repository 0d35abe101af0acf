import { definitionOf } from "../../ops/definitions.ts";
import type { OpName, Parameters } from "../../ops/op.ts";
import { ops } from "../../ops/table.ts";
import { type Flat, flatten, type Numbers } from "../../shape/numbers.ts";
import { ShapeError } from "../../shape/shapeError.ts";
import { formatShape, sameShape, withRows } from "../../shape/size.ts";
import { type ArrayDeclaration, rowCount } from "../data.ts";
import type { Printable } from "../fold.ts";
import { isDrawn } from "../initial.ts";
import { type Course, checkLength, checkSetting, type Loop, listOf, plotCourse } from "../loop.ts";
import { NameError } from "../names.ts";
import { type Chance, type Mask, masksOf } from "../noise.ts";
import { inWholeType } from "../wholeNumbers.ts";
import { type FunctionName, printerOf, type Style } from "./expression.ts";

/** What makes a printed program a complete script. */
export interface PrintOptions {
  /** Inputs and targets by name, and any weights, states or settings that shall not start as declared. */
  readonly data?: Readonly<Record<string, Numbers>>;
  /** How to train; `report` says after how many epochs the metrics are printed. Without it the data are one batch. */
  readonly loop?: Loop & { readonly report?: number };
  /** Where random weights start. */
  readonly seed?: number | readonly number[];
  /** `"book"` for masks as the book draws them. */
  readonly chance?: Chance | undefined;
}

/** A function that the printed program defines. */
export interface Use {
  readonly name: string;
  readonly op: OpName;
  readonly parameters: Parameters | undefined;
  /** Whether every reader of its result multiplies it. */
  readonly multiplied: boolean;
}

/** Everything about a script that does not depend on the language. */
export interface Script {
  readonly program: Printable;
  readonly uses: readonly Use[];
  readonly functionName: FunctionName;
  /** Undefined where only the phases of one batch are printed. */
  readonly run?: Run;
}

export interface Run {
  readonly seed: number | readonly number[] | undefined;
  /** Noise, drawn for each batch; the book's from the generator of the weights. */
  readonly masks: readonly Mask[];
  readonly chance: Chance | undefined;
  readonly examples: readonly (Flat &
    Pick<ArrayDeclaration, "name" | "dtype"> & { readonly variable: string })[];
  /** Weights, states and settings, in order of declaration. */
  readonly starts: readonly Start[];
  readonly course?: Course;
  readonly loop?: Loop;
  readonly report: number;
  readonly metrics: readonly ArrayDeclaration[];
  /** What predict computes and none of its steps reads. */
  readonly outputs: readonly string[];
}

export interface Start {
  readonly array: ArrayDeclaration;
  readonly rewritten: boolean;
  /** The numbers given for it, which replace how it is declared to start. */
  readonly given?: Flat;
  /** Drawn by the script, even if then replaced, so that the arrays after it are drawn right. */
  readonly drawn: boolean;
  /** A setting with a value for each batch: the variable that holds them. */
  readonly byBatch?: { readonly variable: string; readonly values: readonly number[] };
}

/** Gathers and checks what a script needs. Throws errors that name the array or the field of the options. */
export function planScript(
  program: Printable,
  style: Style,
  options: PrintOptions,
  casing: (op: string) => string,
): Script {
  const { uses, functionName } = functionsOf(program, style, casing);
  if (options.data === undefined) {
    const idle = (["loop", "seed"] as const).find((option) => options[option] !== undefined);
    if (idle)
      throw new TypeError(
        `print: ${idle} needs data to run on: give data, an array of numbers for each input`,
      );
    return { program, uses, functionName };
  }
  return { program, uses, functionName, run: planRun(program, options.data, options, style) };
}

function planRun(
  program: Printable,
  data: Readonly<Record<string, Numbers>>,
  { loop, seed, chance }: PrintOptions,
  style: Style,
): Run {
  const { arrays, steps } = program.data;
  const variable = (wanted: string): string => (program.has(wanted) ? variable(`${wanted}_`) : wanted);
  const given = new Map(
    Object.entries(data).map(([name, numbers]) => {
      return [name, inWholeType(name, program.array(name), flatten(name, numbers))] as const;
    }),
  );
  for (const name of given.keys()) {
    const { role, initial } = program.array(name);
    if (role !== "input" && role !== "target" && (initial === undefined || role === "noise"))
      throw new NameError(`print: data.${name}: ${name} is computed by the program: leave it out`);
  }
  const rows = checkShapes(program, given);
  if (style === "typescript") refuseEmpty(program, rows);

  const settings = new Map(Object.entries(loop?.settings ?? {}));
  for (const name of settings.keys()) checkSetting(program.array(name));
  const examples = arrays
    .filter(({ role }) => role === "input" || role === "target")
    .map(({ name, dtype }) => ({ name, dtype, variable: variable(`data_${name}`), ...given.get(name)! }));
  const masks = masksOf(program.data, seed, chance);
  const draws =
    (chance !== undefined && masks.length > 0) ||
    arrays.some((array) => isDrawn(array) && !given.has(array.name));
  const missing = arrays.find((array) => isDrawn(array) && !given.has(array.name));
  if (missing && seed === undefined)
    throw new TypeError(
      `print: ${missing.name} starts with random numbers: give a seed, or its numbers in data`,
    );

  const course = loop && plotCourse(loop, rows);
  if (course && course.from > 0)
    throw new RangeError("print: a printed loop starts at the first batch: leave out from");
  const epochs = course ? course.to / Math.max(1, course.batchesPerEpoch) : 0;
  if (!Number.isInteger(epochs))
    throw new RangeError("print: a printed loop runs whole epochs: give epochs instead of to");
  const report = loop?.report ?? (epochs >= 10 ? 10 : 1);
  if (!Number.isInteger(report) || report < 1)
    throw new RangeError(`print: report is ${report}, but must be a whole number of epochs, at least 1`);
  if (course) for (const [name, values] of settings) checkLength(name, values, course);

  const rewritten = new Set(steps.map((step) => step.writes));
  const starts = arrays
    .filter((array) => array.initial !== undefined && array.role !== "noise")
    .map((array): Start => {
      const { name } = array;
      const setting = settings.get(name);
      const replaced =
        typeof setting === "number" ? { shape: [], values: Float64Array.of(setting) } : given.get(name);
      return {
        array,
        rewritten: rewritten.has(name),
        drawn: draws && isDrawn(array),
        ...(replaced === undefined ? {} : { given: replaced }),
        ...(setting === undefined || typeof setting === "number"
          ? {}
          : {
              byBatch: {
                variable: variable(`${name}_by_batch`),
                values: Array.from(listOf(`settings.${name}`, setting)),
              },
            }),
      };
    });
  return {
    seed: draws ? seed : undefined,
    masks,
    chance,
    examples,
    starts,
    ...(course === undefined ? {} : { course }),
    ...(loop === undefined ? {} : { loop }),
    report,
    metrics: arrays.filter(({ role }) => role === "metric"),
    outputs: program.outputs,
  };
}

/** Checks given numbers against their declarations; returns the number of rows, which all examples share. */
function checkShapes(program: Printable, given: ReadonlyMap<string, Flat>): number {
  let rows: { count: number; name: string } | undefined;
  for (const { name, role, shape } of program.data.arrays) {
    const numbers = given.get(name);
    if (numbers === undefined) {
      if (role === "input" || role === "target")
        throw new NameError(
          `print: data has no ${name}: give numbers for it, since it is ${role === "input" ? "an input" : "a target"}`,
        );
      continue;
    }
    const count = numbers.shape[0] ?? 0;
    if (shape[0] === "batch") {
      rows ??= { count, name };
      if (rows.count !== count)
        throw new ShapeError(`${name} has ${count} rows but ${rows.name} has ${rows.count}`);
    }
    if (!sameShape(numbers.shape, withRows(shape, count)))
      throw new ShapeError(
        `${name} is ${formatShape(shape)}, but the data given for it are ${formatShape(numbers.shape)}`,
      );
  }
  return rows?.count ?? 0;
}

/** Printed TypeScript keeps matrices as lists of rows, and an empty list has forgotten how long its rows would be. */
function refuseEmpty(program: Printable, rows: number): void {
  const empty = program.data.arrays.find(({ shape }) => withRows(shape, rows).includes(0));
  if (empty)
    throw new RangeError(
      `print: ${empty.name} is ${formatShape(withRows(empty.shape, rows))}, and TypeScript's lists cannot hold ` +
        "an array without elements: print as numpy-exact",
    );
}

/** Whether masks are drawn by the hash that counts, which a script must then define. */
export function hasCountedMasks({ masks, chance }: Run): boolean {
  return masks.length > 0 && chance === undefined;
}

/** Whether lines name the number of rows, as a mean does and a spread over the rows. */
export function countsRows(lines: readonly string[]): boolean {
  return lines.some((line) => new RegExp(`\\b${rowCount}\\b`).test(line));
}

/** The functions that a program calls in a style, each variant of an op under a name of its own. */
function functionsOf(
  program: Printable,
  style: Style,
  casing: (op: string) => string,
): Pick<Script, "uses" | "functionName"> {
  const uses = new Map<string, Use>();
  const key = (op: OpName, parameters?: Parameters) => `${op} ${JSON.stringify(options(op, parameters))}`;
  const readByOthers = new Set<string>();
  for (const { op, reads } of program.data.steps)
    if (op !== "multiply") for (const name of reads) readByOthers.add(name);
  for (const step of program.data.steps) {
    const op = ops[step.op];
    if (printerOf(op, style) && definitionOf(step.op) === undefined) continue;
    const taken = (name: string) => program.has(name) || [...uses.values()].some((use) => use.name === name);
    const known = uses.get(key(step.op, step.parameters));
    uses.set(key(step.op, step.parameters), {
      name: known?.name ?? free(casing(step.op), taken),
      op: step.op,
      parameters: options(step.op, step.parameters),
      multiplied: (known?.multiplied ?? true) && !readByOthers.has(step.writes),
    });
  }
  return {
    uses: [...uses.values()],
    functionName: (op, parameters) => uses.get(key(op, parameters))?.name ?? casing(op),
  };
}

/** The name, or with `_2`, `_3`, … the first that is not taken. */
function free(name: string, taken: (name: string) => boolean): string {
  let found = name;
  for (let number = 2; taken(found); number++) found = `${name}_${number}`;
  return found;
}

/** The numeric options of a step, with defaults; sizes are operands of the call instead. */
function options(op: OpName, parameters: Parameters = {}): Parameters {
  const defaults = ops[op].parameters ?? {};
  return Object.fromEntries(
    Object.entries({ ...defaults, ...parameters }).filter(([name]) => name in defaults),
  );
}
