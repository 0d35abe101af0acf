import type { Reading } from "../array/reading.ts";
import type { GradientCheck } from "../checks/checkGradients.ts";
import type { NumbersCheck } from "../checks/checkNumbers.ts";
import type { GradientReport } from "../checks/gradientReport.ts";
import type { NonFinite } from "../checks/nonFinite.ts";
import type { NumbersReport } from "../checks/numbersReport.ts";
import type { ByName } from "../program/known.ts";
import type { Program } from "../program/program.ts";
import type { Numbers } from "../shape/numbers.ts";
import type { Score, TraceEvent } from "../trace/player.ts";
import type { State } from "../trace/state.ts";
import type { Trace } from "../trace/trace.ts";
import type { Examples } from "../train/data.ts";
import type { NetworkGradientCheck } from "./checkGradients.ts";
import type { Network } from "./network.ts";

// The code of a check is loaded when it is first asked for: a page that only trains does not carry it.

/**
 * Compares every derivative of a loss by a network's weights, as they are now, with the central difference
 * (loss(w + h) − loss(w − h)) / 2h:
 *
 *     console.log(`${await checkGradients(net, { inputs, targets }, { loss: halfSquaredError })}`);
 *
 * Or, a level below, those of a program that holds its loss as an array. Above 10,000 derivatives a seeded sample is
 * checked, and the report says so. Each costs two runs of predict and compare.
 *
 * Throws `ShapeError` or `DataError` where the data do not fit, `NameError` where the program lacks the loss or a derivative.
 */
export async function checkGradients(
  net: Network,
  data: Examples,
  check: NetworkGradientCheck,
): Promise<GradientReport>;
export async function checkGradients(program: Program, check: GradientCheck): Promise<GradientReport>;
export async function checkGradients(
  ...given: [Network, Examples, NetworkGradientCheck] | [Program, GradientCheck]
) {
  // Of now: by the time that the check is loaded, the network may have gone on.
  const weights = given.length === 3 ? weightsOf(given[0]) : undefined;
  const { checkGradients: check } = await import("./checkGradients.ts");
  return given.length === 2 ? check(...given) : check(...given, weights);
}

/**
 * Compares a learner's own numbers with those of a trace at its place, in the order in which the program computes them,
 * and says where they part first and which usual slip gives just those numbers.
 *
 *     const report = await checkNumbers(trace, { layer_1_delta: [[-0.07928672, 0.16505257, -0.3783277]] });
 *
 * A list of numbers stands for an array of one row or one column as well. Throws `NameError` for an unknown array,
 * `TraceError` for one that the trace has not come to compute, `ShapeError` for one of another shape.
 */
export async function checkNumbers<Names extends string>(
  trace: Trace<Names>,
  theirs: ByName<NoInfer<Names>, Numbers>,
  check: NumbersCheck = {},
): Promise<NumbersReport> {
  const { checkNumbers: compare } = await import("../checks/checkNumbers.ts");
  return compare(trace, theirs, check);
}

/**
 * Plays a training on the reference from the state before batch `from`, up to batch `to` (both counted from the
 * start of the training), to the first batch that leaves a weight, a state or a metric that is not finite, and that
 * batch step by step to the first number that is not. Undefined if there is none. A training does so by itself, and throws
 * `NonFiniteError`.
 */
export async function firstNonFinite(
  score: Score,
  from: number,
  to: number,
  state: State,
  events: readonly TraceEvent[] = [],
): Promise<NonFinite | undefined> {
  const { firstNonFinite: find } = await import("../checks/nonFinite.ts");
  return find(score, from, to, state, events);
}

/** Undefined for what is no network, which the check refuses. */
function weightsOf(net: Network | undefined): Readonly<Record<string, Reading>> | undefined {
  return net?.weightNames && Object.fromEntries(net.weightNames.map((name) => [name, net.read(name)]));
}
