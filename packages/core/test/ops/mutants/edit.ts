import type ts from "typescript";

/** A small change of a source text that changes what it means. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export function replace(node: ts.Node, text: string): Edit {
  return { from: node.getStart(), to: node.end, text };
}

export function remove(node: ts.Node): Edit {
  return replace(node, "");
}

/** All nodes below one, itself first. */
export function* descendants(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  for (const child of children) yield* descendants(child);
}

/** The texts that a number may be mistaken for: one more, and one less. */
export function otherNumbers(literal: ts.NumericLiteral): string[] {
  const value = Number(literal.text);
  return value >= 1 ? [String(value + 1), String(value - 1)] : [String(value + 1)];
}

/** `a === b` for `a !== b`, and so on: the slips that turn a condition. */
export const otherComparisons: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">"],
  "<=": ["<", ">"],
  ">": [">=", "<"],
  ">=": [">", "<"],
  "&&": ["||"],
  "||": ["&&"],
};
