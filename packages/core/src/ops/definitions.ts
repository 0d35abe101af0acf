import { definitions as accuracy } from "./accuracy.ts";
import { definitions as crossEntropy } from "./crossEntropy.ts";
import { definitions as gatherRows } from "./gatherRows.ts";
import { definitions as matmul } from "./matmul.ts";
import { definitions as oneHot } from "./oneHot.ts";
import type { Definition, OpName } from "./op.ts";
import { definitions as softmax } from "./softmax.ts";
import { definitions as spreadColumns } from "./spreadColumns.ts";
import { definitions as spreadRows } from "./spreadRows.ts";
import { definitions as sumColumns } from "./sumColumns.ts";
import { definitions as sumRows } from "./sumRows.ts";
import { definitions as transpose } from "./transpose.ts";

const all: Readonly<Partial<Record<OpName, Definition>>> = {
  ...accuracy(),
  ...crossEntropy(),
  ...gatherRows(),
  ...matmul(),
  ...oneHot(),
  ...softmax(),
  ...spreadColumns(),
  ...spreadRows(),
  ...sumColumns(),
  ...sumRows(),
  ...transpose(),
};

/** The function that printed programs define for an op which prints as a call and is no expression. */
export function definitionOf(op: OpName): Definition | undefined {
  return all[op];
}
