import { FileError, isCount, isRecord } from "../files/stored.ts";
import { compile, type Evaluate, parse, type Round, substitute } from "../ops/language.ts";
import { type Argument, resultShape } from "../ops/signature.ts";
import type { Precision } from "../program/data.ts";
import { type Block, block, count } from "../shape/block.ts";
import { formatShape, type Size, type SizeShape, sameShape, withRows } from "../shape/size.ts";
import { isExpression, isNames } from "./form.ts";
import type { Callable } from "./functions.ts";
import { kernels } from "./kernels.ts";
import { costOf } from "./work.ts";

/** A step of a file, checked and ready to run. */
export interface PreparedStep {
  /** What it computes, in a run of any number of rows. */
  readonly shape: SizeShape;
  /** How many operations it takes for so many rows. */
  readonly work: (rows: number) => number;
  readonly run: (inputs: readonly Block[], rows: number) => Block;
}

const exact: Round = (value) => value;

/**
 * Prepares one step that reads the given arrays. `spend` is told of an expression's letters before it is read. Throws an error that
 * says what is wrong with it.
 */
export function prepareStep(
  step: Readonly<Record<string, unknown>>,
  given: readonly Argument[],
  precision: Precision,
  callable: Callable,
  spend: (letters: number) => void,
): PreparedStep {
  const round = precision === "float32" ? Math.fround : exact;
  return step.kernel === undefined
    ? elementwiseStep(step, given, precision, round, callable, spend)
    : kernelStep(step, given, precision, round, callable);
}

function elementwiseStep(
  { expression: text, operands, parameters = {} }: Readonly<Record<string, unknown>>,
  given: readonly Argument[],
  precision: Precision,
  round: Round,
  { functions, costs }: Callable,
  spend: (letters: number) => void,
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
  if (!isExpression(text)) throw new FileError('"expression" must be a text, and not a very long one');
  if (!isRecord(parameters) || !Object.values(parameters).every(Number.isFinite))
    throw new FileError('"parameters" must be finite numbers by name');
  spend(text.length);
  const expression = substitute(parse(text, functions), parameters as Record<string, number>);
  const operations = costOf(expression, costs).operations + operands.length;
  const evaluate: Evaluate = compile(expression, operands, round, functions);
  return {
    shape,
    work: (rows) => operations * count(withRows(shape, rows)),
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

function kernelStep(
  { kernel, sizes = {} }: Readonly<Record<string, unknown>>,
  reads: readonly Argument[],
  precision: Precision,
  round: Round,
  { functions, costs }: Callable,
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
  const called = (found.calls ?? []).reduce((sum, name) => sum + costs.get(name)!.operations, 1);
  // Each number of the result, times the terms of its sum: a product has as many as its left array has columns.
  const terms: SizeShape = kernel === "matmul" ? reads[0]!.shape.slice(1) : [];
  const most = [shape, ...reads.map((read) => read.shape)];
  return {
    shape,
    work: (rows) =>
      called *
      (count(withRows([...shape, ...terms], rows)) +
        most.reduce((sum, each) => sum + count(withRows(each, rows)), 0)),
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
