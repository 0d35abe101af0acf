import { FileError } from "../files/fileError.ts";
import type { Expression } from "../ops/language.ts";

/** What it takes to evaluate an expression or a function once. */
export interface Cost {
  /** Its operations and those of the functions that it calls, each as often as it calls them. */
  readonly operations: number;
  /** How deep its operations, and those of the functions that it calls, lie in each other. */
  readonly depth: number;
}

/** What functions take, by name. */
export type Costs = ReadonlyMap<string, Cost>;

/** Deeper evaluations might use up the stack; the deepest of ours has 40. */
const deepest = 600;

/** The cost of an expression that calls functions of known costs. Throws `FileError` where it is too deep. */
export function costOf(expression: Expression, functions: Costs): Cost {
  if (expression.kind !== "apply") return { operations: 1, depth: 1 };
  const called = functions.get(expression.operator) ?? { operations: 1, depth: 0 };
  let { operations, depth } = called;
  for (const operand of expression.operands) {
    const cost = costOf(operand, functions);
    operations += cost.operations;
    depth = Math.max(depth, cost.depth);
  }
  depth++;
  if (depth > deepest) throw new FileError(`its operations lie more than ${deepest} deep in each other`);
  return { operations, depth };
}
