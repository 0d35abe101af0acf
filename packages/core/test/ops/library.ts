import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import * as expression from "../../src/ops/expression.ts";
import * as loops from "../../src/ops/loops.ts";
import type { Example, Examples, Op, OpName } from "../../src/ops/op.ts";
import { ops } from "../../src/ops/table.ts";
import { GradientError } from "../../src/program/backpropagate.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";

const room = fileURLToPath(new URL("../../src/ops/", import.meta.url));

/** What the checks of this folder need of the library, so that they can be run on a mutated copy of it too. */
export interface Library {
  readonly ops: Readonly<Record<OpName, Op>>;
  readonly loops: typeof loops;
  readonly expression: typeof expression;
  readonly ProgramBuilder: typeof ProgramBuilder;
  readonly GradientError: typeof GradientError;
  readonly engines: Readonly<Record<string, Engine>>;
}

/** The library as it is. */
export const library: Library = {
  ops,
  loops,
  expression,
  ProgramBuilder,
  GradientError,
  engines: { reference, wasm },
};

/** The engines that promise the reference's bits; each is held to all that follows. */
export const engines: readonly string[] = Object.keys(library.engines);

const files = await Promise.all(
  readdirSync(room)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => import(join(room, name)) as Promise<{ readonly examples?: Examples }>),
);
const allExamples = new Map(files.flatMap(({ examples }) => Object.entries(examples?.() ?? {})));

/** The examples that an op's file gives for it. */
export function examplesOf(op: OpName): readonly Example[] {
  return allExamples.get(op)!;
}

export const opNames = Object.keys(ops) as OpName[];
