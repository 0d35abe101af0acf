import { lineText } from "../program/print/listing.ts";
import { flatten, type Numbers } from "../shape/numbers.ts";
import { placeOf } from "../shape/place.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import { TraceError } from "../trace/place.ts";
import type { Trace } from "../trace/trace.ts";
import { firstParting, printedDigits } from "./agreement.ts";
import { NumbersReport, type PartingNumber } from "./numbersReport.ts";
import { type Given, slipsBehind } from "./slips.ts";

/** How near a learner's numbers must be. */
export interface NumbersCheck {
  /**
   * How far a number may part, relative to its size, or to 1 in arrays that NumPy prints without exponents. Default 1e-8, which
   * suits numbers typed from a printout of 8 digits.
   */
  readonly tolerance?: number;
}

/**
 * Compares a learner's own numbers with those of a trace at its place, in the order in which the program computes them,
 * and says where they part first and which usual slip gives just those numbers.
 *
 *     console.log(`${checkNumbers(trace, { layer_1_delta: [[-0.07928672, 0.16505257, -0.3783277]] })}`);
 *
 * A list of numbers stands for an array of one row or one column as well. Throws `NameError` for an unknown array,
 * `TraceError` for one that the trace has not come to compute, `ShapeError` for one of another shape.
 */
export function checkNumbers(
  trace: Trace,
  theirs: Readonly<Record<string, Numbers>>,
  { tolerance = printedDigits }: NumbersCheck = {},
): NumbersReport {
  if (!(tolerance >= 0))
    throw new RangeError(`checkNumbers: tolerance is ${tolerance}, but must be at least 0`);
  const given = inOrder(trace, theirs);
  if (given.size === 0)
    throw new RangeError("checkNumbers: give at least one array, as in { layer_1: [[0.5, 0]] }");
  const agreed: string[] = [];
  for (const [array, numbers] of given) {
    const ours = trace.read(array)!;
    const position = firstParting(numbers, ours.toTyped(), tolerance);
    if (position === undefined) {
      agreed.push(array);
      continue;
    }
    const soFar = new Map([...given].slice(0, agreed.length + 1));
    const line = trace.program.lines.find(({ writes }) => writes === array);
    const parting: PartingNumber = {
      array,
      dtype: ours.dtype,
      element: placeOf(position, ours.shape),
      theirs: numbers[position]!,
      ours: ours.toTyped()[position]!,
      slips: slipsBehind(trace, soFar, tolerance),
    };
    const computed = line && { phase: line.phase, line: lineText(line) };
    return new NumbersReport(agreed, tolerance, computed ? { ...parting, ...computed } : parting);
  }
  return new NumbersReport(agreed, tolerance);
}

/** What a batch is given first, then what its steps compute. */
function inOrder(trace: Trace, theirs: Readonly<Record<string, Numbers>>): Given {
  const { steps } = trace.program.data;
  const { epoch, batch, step: place } = trace.position;
  const computedAt = (name: string): number => {
    trace.program.array(name);
    const position = steps.findIndex(({ writes }) => writes === name);
    // Before their update, weights are what the batch was given.
    return position < place ? position : -1;
  };
  const names = Object.keys(theirs).map((name) => ({ name, at: computedAt(name) }));
  return new Map(
    [...names]
      .sort((a, b) => a.at - b.at)
      .map(({ name }) => {
        const ours = trace.read(name);
        if (ours === undefined)
          throw new TraceError(
            `${name} is not computed yet at epoch ${epoch}, batch ${batch}, step ${place}: ` +
              `go forward to step ${steps.findIndex(({ writes }) => writes === name) + 1}`,
          );
        const { shape, values } = flatten(name, theirs[name]!);
        const lean = (sizes: readonly number[]) => sizes.filter((size) => size !== 1);
        const fits =
          sameShape(shape, ours.shape) ||
          (shape.length < ours.shape.length && sameShape(lean(shape), lean(ours.shape)));
        if (!fits)
          throw new ShapeError(
            `${name} is ${formatShape(ours.shape)} here, but the numbers given for it are ${formatShape(shape)}` +
              (sameShape([...shape].reverse(), ours.shape) ? ": is a .T missing?" : ""),
          );
        return [name, values];
      }),
  );
}
