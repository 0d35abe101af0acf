import type { Round } from "../../ops/expression.ts";
import { compileMetric, compileOp, elementwise } from "../../ops/loops.ts";
import type { Op, StructuredOp, StructuredOpName } from "../../ops/op.ts";
import * as registry from "../../ops/registry.ts";
import { ops } from "../../ops/table.ts";
import type { ProgramData, Step } from "../../program/data.ts";
import type { Block } from "../../shape/block.ts";

/** Every structured op runs as its own file defines it. */
const kernels = {
  gatherRows: registry.gatherRows.reference,
  logSoftmax: registry.logSoftmax.reference,
  matmul: registry.matmul.reference,
  oneHot: registry.oneHot.reference,
  scatterRows: registry.scatterRows.reference,
  softmax: registry.softmax.reference,
  spreadColumns: registry.spreadColumns.reference,
  spreadRows: registry.spreadRows.reference,
  sumColumns: registry.sumColumns.reference,
  sumRows: registry.sumRows.reference,
} satisfies Record<StructuredOpName, StructuredOp["reference"]>;

/** One step, ready to run on arrays of any number of rows. */
export type Action = (inputs: readonly Block[], output: Block) => void;

const exact: Round = (value) => value;

/** Turns each step into an action, and a view into none: its operand is looked at when it is read. */
export function prepare(program: ProgramData): readonly (Action | undefined)[] {
  const round = program.precision === "float32" ? Math.fround : exact;
  return program.steps.map((step) => action(step, ops[step.op], round));
}

function action(step: Step, op: Op, round: Round): Action | undefined {
  const parameters = step.parameters ?? {};
  switch (op.kind) {
    case "elementwise": {
      const evaluate = compileOp(op, parameters, round);
      return (inputs, output) => elementwise(evaluate, inputs, output);
    }
    case "metric": {
      const accumulate = compileMetric(op, parameters);
      return (inputs, total) => {
        total.data[0] = accumulate(inputs, total.data[0]!);
      };
    }
    case "structured": {
      const kernel = kernels[step.op as StructuredOpName];
      return (inputs, output) => kernel(inputs, output, round);
    }
    case "view":
      return undefined;
  }
}
