import { checkGradients as checkProgram, type GradientCheck } from "../checks/checkGradients.ts";
import type { GradientReport } from "../checks/gradientReport.ts";
import type { Loss } from "../losses/loss.ts";
import { Program } from "../program/program.ts";
import { asBlock, type Numbers } from "../shape/numbers.ts";
import { original } from "../shape/reachable.ts";
import { shown } from "../shape/shown.ts";
import { type Examples, examplesOf } from "../train/data.ts";
import type { Network } from "./network.ts";

/** The loss to check the derivatives of, and how closely. */
export interface NetworkGradientCheck extends Pick<GradientCheck, "tolerance" | "most" | "seed"> {
  readonly loss: Loss;
}

/** The check of a network, or a level below of a program that holds its loss as an array. */
export function checkGradients(
  net: Network,
  data: Examples,
  check: NetworkGradientCheck,
  weights?: Readonly<Record<string, Numbers>>,
): GradientReport;
export function checkGradients(program: Program, check: GradientCheck): GradientReport;
export function checkGradients(
  subject: Network | Program,
  data: Examples | GradientCheck,
  check?: NetworkGradientCheck,
  weights?: Readonly<Record<string, Numbers>>,
): GradientReport {
  if (subject instanceof Program) return checkProgram(original(subject), data as GradientCheck);
  if (typeof subject?.differentiator !== "function")
    throw new TypeError(`checkGradients: ${shown(subject)} is neither a network nor a program`);
  const { loss, ...rest } = check!;
  const { program, loss: array } = subject.differentiator(loss);
  const { inputs, targets } = examplesOf(data as Examples, program.data, subject.outputs);
  const nameOf = (wanted: string) => program.data.arrays.find(({ role }) => role === wanted)!.name;
  return checkProgram(program, {
    ...rest,
    loss: array,
    reduce: loss.reduce,
    data: { [nameOf("input")]: asBlock(inputs), [nameOf("target")]: asBlock(targets) },
    weights: weights ?? Object.fromEntries(subject.weightNames.map((name) => [name, subject.read(name)])),
  });
}
