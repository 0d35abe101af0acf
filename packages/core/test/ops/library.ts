import { openSession } from "../../src/engines/open.ts";
import * as expression from "../../src/ops/expression.ts";
import * as loops from "../../src/ops/loops.ts";
import type { Op, OpName } from "../../src/ops/op.ts";
import { ops } from "../../src/ops/table.ts";
import { GradientError } from "../../src/program/backpropagate.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";

/** What the checks of this folder need of the library, so that they can be run on a mutated copy of it too. */
export interface Library {
  readonly ops: Readonly<Record<OpName, Op>>;
  readonly loops: typeof loops;
  readonly expression: typeof expression;
  readonly ProgramBuilder: typeof ProgramBuilder;
  readonly GradientError: typeof GradientError;
  readonly openSession: typeof openSession;
}

/** The library as it is. */
export const library: Library = { ops, loops, expression, ProgramBuilder, GradientError, openSession };

/** The engines that promise the reference's bits; each is held to all that follows. */
export const engines: readonly string[] = ["reference"];

export const opNames = Object.keys(ops) as OpName[];
