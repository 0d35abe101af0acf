import type { Session } from "../../src/engines/engine.ts";
import type { Example, ExampleInput, Op, OpName, Parameters, Ref } from "../../src/ops/op.ts";
import { type Signature, signature } from "../../src/ops/signature.ts";
import { count, type Shape } from "../../src/shape/block.ts";
import { testNumbers } from "../random/bits.ts";
import { blockOf, elements } from "./bits.ts";
import { append, arrayOf, declare, isMetric, operandsOf } from "./cases.ts";
import { examplesOf, type Library, library as original } from "./library.ts";

/**
 * A partial derivative may differ from the central difference by this much, relative to the larger of it and 1.
 * The numbers are near 1 and the ops smooth, so the difference errs by h² f‴/6 ≈ 1e-10 and, through the rounding
 * of a loss of at most 1000, by 1000 · 2^-53 / h ≈ 1e-8.
 */
const tolerance = 1e-6;
const step = 1e-5;

/** The operands that an op can be differentiated by, and those it cannot. */
export function rulesOf(op: OpName): { with: string[]; without: string[] } {
  const hasRule = (name: string) => Object.hasOwn(original.ops[op].gradient, name);
  const names = operandsOf(op);
  const stops = (original.ops[op] as Op).stops === true;
  return { with: names.filter(hasRule), without: stops ? [] : names.filter((name) => !hasRule(name)) };
}

/** Every partial derivative of an op at several points is what central differences say. Yields those that are not. */
export function* checkGradients(library: Library, engine: string, op: OpName): Generator<string> {
  const names = rulesOf(op).with;
  if (names.length === 0) return;
  for (const example of pointsOf(op)) {
    const { session, gradients } = differentiated(library, engine, op, example, names);
    session.run();
    const analytic = new Map(names.map((name) => [name, session.read(gradients.get(name)!)]));
    for (const name of names) {
      const { shape, values } = example.inputs[operandsOf(op).indexOf(name)]!;
      const found = analytic.get(name)!;
      const at = `${op} by ${name} at ${JSON.stringify(example)}`;
      if (found.shape.join() !== shape.join()) {
        yield `${at}: the derivative is [${found.shape.join(" ")}]`;
        continue;
      }
      for (const [i, partial] of elements(found).entries()) {
        const numeric = difference(session, op, name, shape, values, i);
        if (!(Math.abs(partial - numeric) <= tolerance * Math.max(1, Math.abs(numeric))))
          yield `${at}: partial ${i} is ${partial}, by differences ${numeric}`;
      }
    }
  }
}

interface Differentiated {
  readonly session: Session;
  /** The array that holds the derivative by each operand. */
  readonly gradients: ReadonlyMap<string, string>;
}

/**
 * A program whose loss is Σ mixing · op(operands), with another weight for every element so that no two partials
 * may be confused; or, for a metric, the op itself.
 */
function differentiated(
  library: Library,
  engine: string,
  op: OpName,
  example: Example,
  by: readonly string[],
): Differentiated {
  const b = new library.ProgramBuilder("differentiated");
  const operands = operandsOf(op).map((name, i) => declare(b, op, name, example.inputs[i]!.shape));
  const loss = lossOf(b, op, append(b, op, operands, example.parameters));
  const refs = by.map((name) => operands[operandsOf(op).indexOf(name)]!);
  const found = b.gradient(loss, { by: refs });
  // A faulty rule may hand back an operand, which has its name.
  const named = new Map<Ref, string>(operands.map((ref, i) => [ref, arrayOf(operandsOf(op)[i]!)]));
  const gradients = new Map<string, string>();
  for (const [i, ref] of refs.entries()) {
    const gradient = found.get(ref)!;
    // Both operands of add have one derivative, which is one array.
    if (!named.has(gradient)) {
      named.set(gradient, `by_${by[i]}`);
      b.name(`by_${by[i]}`, gradient);
    }
    gradients.set(by[i]!, named.get(gradient)!);
  }
  const session = library.engines[engine]!.open(b.build(), { keep: "all" });
  for (const [i, name] of operandsOf(op).entries()) {
    const { shape, values } = example.inputs[i]!;
    session.write({ [arrayOf(name)]: blockOf("float64", shape, values) });
  }
  return { session, gradients };
}

function lossOf(b: InstanceType<Library["ProgramBuilder"]>, op: OpName, result: Ref): Ref {
  if (isMetric(op)) return b.metric("loss", result);
  const shape = b.shape(result) as Shape;
  const mixing = b.state("mixing", shape, { values: mixingFor(shape) });
  return b.name("loss", b.ops.total(b.ops.multiply(mixing, result)));
}

function mixingFor(shape: Shape): number[] {
  const next = testNumbers(11);
  return Array.from({ length: count(shape) }, () => 0.5 + next());
}

/** The loss where one element of an operand is a step larger, less that where it is a step smaller, by their distance. */
function difference(
  session: Session,
  op: OpName,
  operand: string,
  shape: Shape,
  values: readonly number[],
  element: number,
): number {
  const h = step * Math.max(1, Math.abs(values[element]!));
  const lossAt = (value: number): number => {
    session.write({
      [operand]: blockOf(
        "float64",
        shape,
        values.map((each, i) => (i === element ? value : each)),
      ),
    });
    if (isMetric(op)) session.write({ loss: 0 });
    session.run();
    return session.read("loss").data[0]!;
  };
  const up = values[element]! + h;
  const down = values[element]! - h;
  const slope = (lossAt(up) - lossAt(down)) / (up - down);
  session.write({ [operand]: blockOf("float64", shape, values) });
  return slope;
}

/** Random points of several shapes, and the op's own examples where its numbers are tame. */
function pointsOf(op: OpName): Example[] {
  const form = signature(original.ops[op].signature);
  const domain = domains[op] ?? ((input: ExampleInput) => input);
  const sizes = [
    { letters: [2, 3, 4], rest: [3] },
    { letters: [3, 3, 3], rest: [2, 3] },
    { letters: [4, 1, 2], rest: [] },
    { letters: [3, 2, 1], rest: [4, 2, 3] },
    { letters: [0, 2, 3], rest: [2, 0] },
  ];
  const next = testNumbers(5);
  const random = sizes.map((given) => {
    const { inputs, ...rest } = pointOf(form, given, next);
    return { inputs: inputs.map(domain), ...rest };
  });
  return [...random, ...examplesOf(op).filter(isTame)];
}

/** Where ops are smooth, if that is not everywhere: the nearest number of theirs to any number. */
const domains: Partial<Record<OpName, (input: ExampleInput) => ExampleInput>> = {
  log: positive,
  sqrt: positive,
};

function positive({ shape, values }: ExampleInput): ExampleInput {
  return { shape, values: values.map(Math.abs) };
}

function pointOf(
  { operands, result }: Signature,
  { letters, rest }: { readonly letters: readonly number[]; readonly rest: readonly number[] },
  next: () => number,
): Example {
  const symbols = [...new Set([...operands.flatMap(({ pattern }) => pattern), ...result])].filter(
    (symbol) => symbol !== "...",
  );
  const size = (letter: string) => letters[symbols.indexOf(letter)]!;
  const inputs = operands.map(({ pattern, dtype }) => {
    const shape = pattern.flatMap((symbol) => (symbol === "..." ? rest : [size(symbol)]));
    // Far from 0, where relu has its kink and division its pole; or the number of a table's row.
    const number = () => (next() < 0.5 ? -1 : 1) * (0.3 + 2 * next());
    const whole = () => Math.floor(size("v") * next());
    const values = Array.from({ length: count(shape) }, dtype === undefined ? number : whole);
    return { shape, values };
  });
  const free = symbols.filter((symbol) => !operands.some(({ pattern }) => pattern.includes(symbol)));
  const parameters: Parameters = Object.fromEntries(free.map((letter) => [letter, size(letter)]));
  return free.length > 0 ? { inputs, parameters } : { inputs };
}

/** Numbers among which a step of 1e-5 is small, and that stand well away from kinks and poles. */
function isTame({ inputs }: Example): boolean {
  return inputs.every(({ values }) =>
    values.every((value) => Math.abs(value) >= 0.01 && Math.abs(value) <= 100),
  );
}

/** relu's options and, at each of `reluPoints`, the slope that its documentation promises. */
const reluPoints = [-2, -0, 0, 3, Number.NaN];
const reluSlopes: readonly { readonly options?: Parameters; readonly slopes: readonly number[] }[] = [
  // x > 0
  { slopes: [0, 0, 0, 1, 0] },
  { options: { at_zero: 0 }, slopes: [0, 0, 0, 1, 0] },
  { options: { at_zero: 0, of_output: 0 }, slopes: [0, 0, 0, 1, 0] },
  { options: { of_output: 1 }, slopes: [0, 0, 0, 1, 0] },
  { options: { at_zero: 0, of_output: 1 }, slopes: [0, 0, 0, 1, 0] },
  // x >= 0
  { options: { at_zero: 1 }, slopes: [0, 1, 1, 1, 0] },
  { options: { at_zero: 1, of_output: 0 }, slopes: [0, 1, 1, 1, 0] },
  // relu(x) >= 0, and relu(x) is never below 0
  { options: { at_zero: 1, of_output: 1 }, slopes: [1, 1, 1, 1, 0] },
];

/** The slope of relu at a kink is a choice, which differences cannot check; it is what the options say. */
export function* checkReluOptions(library: Library, engine: string): Generator<string> {
  for (const { options, slopes } of reluSlopes) {
    const example: Example = {
      inputs: [{ shape: [reluPoints.length], values: reluPoints }],
      ...(options === undefined ? {} : { parameters: options }),
    };
    const { session, gradients } = differentiated(library, engine, "relu", example, ["x"]);
    session.run();
    const found = elements(session.read(gradients.get("x")!));
    const wanted = mixingFor([reluPoints.length]).map((weight, i) => weight * slopes[i]!);
    if (!found.every((value, i) => Object.is(value, wanted[i])))
      yield `relu with ${JSON.stringify(options)}: the derivative is ${found}, not ${wanted}`;
  }
}

/** Where an op has a corner, the slope that its documentation promises; differences cannot check a choice. */
const corners: readonly {
  readonly op: OpName;
  readonly parameters?: Parameters;
  readonly at: Readonly<Record<string, readonly number[]>>;
  readonly slopes: Readonly<Record<string, readonly number[]>>;
}[] = [
  { op: "abs", at: { x: [-2, -0, 0, 3, NaN] }, slopes: { x: [-1, -0, 0, 1, NaN] } },
  { op: "leakyRelu", at: { x: [-2, -0, 0, 3] }, slopes: { x: [0.01, 0.01, 0.01, 1] } },
  { op: "leakyRelu", parameters: { slope: 2 }, at: { x: [-2, 0, 3] }, slopes: { x: [2, 2, 1] } },
  { op: "clip", at: { x: [-2, -1, 0, 1, 3] }, slopes: { x: [0, 1, 1, 1, 0] } },
  { op: "clip", parameters: { limit: 3 }, at: { x: [-2, -4, 3] }, slopes: { x: [1, 0, 1] } },
  {
    op: "maximum",
    at: { left: [1, 2, 3, 0, -0], right: [2, 2, 2, -0, 0] },
    slopes: { left: [0, 1, 1, 1, 1], right: [1, 0, 0, 0, 0] },
  },
];

/** Every op's slope at its corners is what it promises. Yields those that are not. */
export function* checkCorners(library: Library, engine: string): Generator<string> {
  for (const { op, parameters, at, slopes } of corners) {
    const inputs = operandsOf(op).map((name) => ({ shape: [at[name]!.length], values: at[name]! }));
    const example: Example = parameters === undefined ? { inputs } : { inputs, parameters };
    const { session, gradients } = differentiated(library, engine, op, example, Object.keys(slopes));
    session.run();
    for (const [name, wanted] of Object.entries(slopes)) {
      const mixing = mixingFor([wanted.length]);
      const found = elements(session.read(gradients.get(name)!));
      if (!found.every((value, i) => Object.is(value, mixing[i]! * wanted[i]!)))
        yield `${op} by ${name} at ${at[name]}: the slopes are ${found.map((value, i) => value / mixing[i]!)}, not ${wanted}`;
    }
  }
}

/** What is thrown when the loss is differentiated by an operand for which the op has no rule. */
export function refusal(library: Library, engine: string, op: OpName, operand: string): unknown {
  try {
    const [example] = pointsOf(op);
    differentiated(library, engine, op, example!, [operand]);
    return undefined;
  } catch (error) {
    return error;
  }
}
