import { compile, type Evaluate, type Functions, parse, type Round, substitute } from "../ops/language.ts";
import { type Argument, resultShape } from "../ops/signature.ts";
import type { Precision } from "../program/data.ts";
import { type Block, block } from "../shape/block.ts";
import { formatShape, type Size, type SizeShape, sameShape, withRows } from "../shape/size.ts";
import { FileError, isCount, isRecord } from "../trace/stored.ts";
import { isExpression, isNames } from "./form.ts";
import { kernels } from "./kernels.ts";

/** A step of a file, checked and ready to run. */
export interface PreparedStep {
  /** What it computes, in a run of any number of rows. */
  readonly shape: SizeShape;
  readonly run: (inputs: readonly Block[], rows: number) => Block;
}

const exact: Round = (value) => value;

/** Prepares one step that reads the given arrays. Throws an error that says what is wrong with it. */
export function prepareStep(
  step: Readonly<Record<string, unknown>>,
  given: readonly Argument[],
  precision: Precision,
  functions: Functions,
): PreparedStep {
  const round = precision === "float32" ? Math.fround : exact;
  return step.kernel === undefined
    ? elementwiseStep(step, given, precision, round, functions)
    : kernelStep(step, given, precision, round, functions);
}

function elementwiseStep(
  { expression, operands, parameters = {} }: Readonly<Record<string, unknown>>,
  given: readonly Argument[],
  precision: Precision,
  round: Round,
  functions: Functions,
): PreparedStep {
  if (!isNames(operands) || operands.length !== given.length)
    throw new FileError('"operands" must name each of the arrays read');
  const shape = given
    .map((each) => each.shape)
    .reduce((one, other) => (other.length > one.length ? other : one));
  for (const each of given)
    if (each.shape.length > 0 && !sameShape(each.shape, shape))
      throw new FileError(
        `${each.name} is ${formatShape(each.shape)}, but must be ${formatShape(shape)} or a scalar`,
      );
  const evaluate = compiled(expression, operands, parameters, round, functions);
  return {
    shape,
    run: (inputs, rows) => {
      const output = block(precision, withRows(shape, rows));
      const values = inputs.map(() => 0);
      for (let place = 0; place < output.data.length; place++) {
        for (const [operand, input] of inputs.entries())
          values[operand] = input.data[input.shape.length > 0 ? place : 0]!;
        output.data[place] = evaluate(values);
      }
      return output;
    },
  };
}

function compiled(
  text: unknown,
  operands: readonly string[],
  parameters: unknown,
  round: Round,
  functions: Functions,
): Evaluate {
  if (!isExpression(text)) throw new FileError('"expression" must be a text, and not a very long one');
  if (!isRecord(parameters) || !Object.values(parameters).every(Number.isFinite))
    throw new FileError('"parameters" must be finite numbers by name');
  const expression = substitute(parse(text, functions), parameters as Record<string, number>);
  return compile(expression, operands, round, functions);
}

function kernelStep(
  { kernel, sizes = {} }: Readonly<Record<string, unknown>>,
  reads: readonly Argument[],
  precision: Precision,
  round: Round,
  functions: Functions,
): PreparedStep {
  const found = kernels.get(kernel as string);
  if (found === undefined) throw new FileError(`there is no kernel ${JSON.stringify(kernel)}`);
  const missing = found.calls?.find((name) => !functions.has(name));
  if (missing !== undefined) throw new FileError(`${kernel} calls ${missing}, which "functions" must define`);
  const { size } = found;
  const given = isRecord(sizes) ? sizes : {};
  if (Object.keys(given).join() !== (size ?? "") || !Object.values(given).every(isSize))
    throw new FileError(`${kernel} takes ${size === undefined ? "no" : `the size ${size} as its`} "sizes"`);
  const shape = resultShape(kernel as string, found.signature, reads, given as Record<string, Size>);
  return {
    shape,
    run: (inputs, rows) => {
      const output = block(precision, withRows(shape, rows));
      found.run(inputs, output, round, functions);
      return output;
    },
  };
}

function isSize(value: unknown): value is Size {
  return value === "batch" || isCount(value);
}
