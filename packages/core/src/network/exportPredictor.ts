import { reference } from "../engines/reference/reference.ts";
import { type StoredArray, stored } from "../files/stored.ts";
import { type ElementaryFunction, functions } from "../math/functions.ts";
import { type Expression, isElementary, parse } from "../ops/expression.ts";
import { signature } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import type { PredictorFile, StoredFunction } from "../predict/file.ts";
import { rowCount, type Step } from "../program/data.ts";
import { ProgramError } from "../program/form.ts";
import { flatten } from "../shape/numbers.ts";
import { networkOf } from "./arrays.ts";
import type { Network } from "./network.ts";

/**
 * What predicts and nothing else, as JSON for `loadPredictor` of `@streetlight/core/predict`. Throws `ProgramError` where a
 * layer draws noise even when it predicts.
 */
export function exportPredictor(net: Network): string {
  const { predictor, prediction, input, progress, seed } = networkOf("exportPredictor", net);
  const needed = new Set([prediction]);
  const steps: Step[] = [];
  for (const step of [...predictor.data.steps].reverse()) {
    if (!needed.has(step.writes)) continue;
    steps.unshift(step);
    for (const name of step.reads) needed.add(name);
  }
  const session = reference.open(predictor, { capacity: 0, seed });
  session.write(Object.fromEntries(progress.learnt));
  const constants: Record<string, StoredArray> = {};
  for (const { name, role } of predictor.data.arrays) {
    if (!needed.has(name) || name === rowCount) continue;
    if (role === "noise")
      throw new ProgramError(`${name} is noise, drawn for every batch: a predictor has none`);
    if (role === "weights" || role === "state" || role === "setting")
      constants[name] = stored(flatten(name, session.read(name)));
  }
  session.close();
  const called = functionsOf(steps);
  const file: PredictorFile = {
    format: "streetlight-predictor",
    version: 1,
    precision: predictor.data.precision,
    input: {
      name: input.name,
      shape: input.shape,
      ...(input.dtype === "uint8" ? { dtype: input.dtype } : {}),
    },
    output: prediction,
    ...(Object.keys(called).length === 0 ? {} : { functions: called }),
    constants,
    steps: steps.map(written),
  };
  return JSON.stringify(file);
}

/** The elementary functions that steps call, each after those that it calls itself. */
export function functionsOf(steps: readonly Step[]): Record<string, StoredFunction> {
  const called = new Map<string, StoredFunction>();
  for (const step of steps) {
    const op = ops[step.op];
    const calls =
      op.kind === "elementwise" ? callsOf(parse(op.expression)) : op.kind === "structured" ? op.calls : [];
    for (const name of calls ?? []) collect(name, called);
  }
  return Object.fromEntries(called);
}

/** Adds an elementary function, after those that it calls itself. */
function collect(name: ElementaryFunction, called: Map<string, StoredFunction>): void {
  if (called.has(name)) return;
  const { operand, steps, result } = functions[name];
  for (const text of [...steps.map(([, step]) => step), result])
    for (const inner of callsOf(parse(text))) collect(inner, called);
  called.set(name, { operand, steps, result });
}

function callsOf(expression: Expression): ElementaryFunction[] {
  if (expression.kind !== "apply") return [];
  const within = expression.operands.flatMap(callsOf);
  return isElementary(expression.operator) ? [...within, expression.operator] : within;
}

/** A step of a program as a file writes it. */
export function written({ op: name, reads, writes, parameters }: Step): PredictorFile["steps"][number] {
  const op = ops[name];
  if (op.kind !== "elementwise")
    return { kernel: name, reads, writes, ...(parameters === undefined ? {} : { sizes: parameters }) };
  const all = { ...op.parameters, ...parameters } as Record<string, number>;
  return {
    expression: op.expression,
    operands: signature(op.signature).operands.map((operand) => operand.name),
    ...(Object.keys(all).length === 0 ? {} : { parameters: all }),
    reads,
    writes,
  };
}
