import { reference } from "../../src/engines/reference/reference.ts";
import type { Precision } from "../../src/program/data.ts";
import type { Loop } from "../../src/program/loop.ts";
import { print } from "../../src/program/print/print.ts";
import type { Program } from "../../src/program/program.ts";
import { expectSameBits } from "../program/bits.ts";
import type { Outcome } from "../program/execute.ts";
import { batch, build, type Combination, dataFor, learning, seed } from "./combinations.ts";

/** A training as the reference ran it, and as programs print it. */
export interface PrintedTraining {
  readonly key: string;
  /** Its weights and states. */
  readonly names: readonly string[];
  readonly numbers: Readonly<Record<string, ArrayLike<number>>>;
  /** The loss of every epoch, which printed programs report too. */
  readonly reported: readonly number[];
  readonly text: (dialect: "numpy-exact" | "typescript") => string;
}

const rewritten = (program: Program) =>
  program.data.arrays.filter(({ role }) => role === "weights" || role === "state").map(({ name }) => name);

export function printedTraining(
  each: Combination & { readonly precision?: Precision },
  epochs: number,
): PrintedTraining {
  const data = dataFor(each);
  const batchesPerEpoch = Math.ceil(data.inputs.length / batch);
  const options = learning(each);
  const { alpha } = options.optimizer.schedules ?? {};
  const settings = alpha && {
    alpha: Array.from({ length: epochs * batchesPerEpoch }, (_, at) => alpha({ batch: at, batchesPerEpoch })),
  };
  const loop: Loop & { report: number } = { epochs, batch, report: 1, ...(settings && { settings }) };
  const program = build(each, each.precision).trainer(options);
  const given = { data: { layer_0: data.inputs, goal: data.targets }, loop, seed };
  const session = reference.open(program, { capacity: batch, seed, keep: "all" });
  session.load(given.data);
  const reported = session.fit(loop).flatMap(({ metrics }) => Object.values(metrics));
  const names = rewritten(program);
  return {
    key: Object.values(each).join(", "),
    names,
    numbers: Object.fromEntries(names.map((name) => [name, session.read(name).data])),
    reported,
    text: (dialect) => print(program, dialect, given),
  };
}

/** Expects that a printed program ended with the reference's numbers and reported its losses, to the last bit. */
export function expectReference({ output, numbers }: Outcome, training: PrintedTraining): void {
  const losses = output.map((line) => Number(/ : (.*)$/.exec(line)![1]));
  expectSameBits(losses, training.reported, "losses");
  for (const name of training.names) expectSameBits(numbers[name]!, training.numbers[name]!, name);
}
