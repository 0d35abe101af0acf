import { ops } from "../ops/table.ts";
import type { Node } from "./graph.ts";
import { gradientName, isFree } from "./names.ts";

export interface Naming {
  readonly names: ReadonlyMap<Node, string>;
  /** The nodes that have a line of their own, whoever reads them. */
  readonly lines: ReadonlySet<Node>;
}

/**
 * Gives every node of a finished graph its name.
 *
 * A node that nobody named is called after the array that reads it (`layer_1_sum`), a derivative after what it
 * is the derivative of: as in the book, `layer_1_delta` is the derivative by the sum before the activation,
 * so the derivative by the activation's result is `layer_1_output_delta`. Contributions of several readers carry
 * the reader's name (`layer_1_output_delta_from_layer_2`). A name that is taken gets `_2`, `_3`, …
 *
 * The delta of each named array is a line, as the book has it; other results may be folded into their reader.
 */
export function nameNodes(nodes: readonly Node[]): Naming {
  const firstReader = new Map<Node, Node>();
  for (const node of [...nodes].reverse())
    for (const operand of node.step?.operands ?? []) firstReader.set(operand, node);

  const names = new Map<Node, string>();
  const taken = new Set<string>();
  for (const node of nodes)
    if (node.name !== undefined) {
      names.set(node, node.name);
      taken.add(node.name);
    }

  const inventing = new Set<Node>();
  const nameOf = (node: Node): string => {
    const known = names.get(node);
    if (known !== undefined) return known;
    // A node that only its own derivative reads would be named after what is named after it.
    if (inventing.has(node)) return settle(node, ops[node.step!.op].noun);
    inventing.add(node);
    const wanted = invent(node);
    return names.get(node) ?? settle(node, wanted);
  };
  const settle = (node: Node, wanted: string): string => {
    let name = wanted;
    for (let number = 2; taken.has(name) || !isFree(name); number++) name = `${wanted}_${number}`;
    names.set(node, name);
    taken.add(name);
    return name;
  };
  const invent = (node: Node): string => {
    if (node.deltaOf) {
      const { node: source, reader } = node.deltaOf;
      return reader === undefined ? deltaName(source) : `${deltaName(source)}_from_${lineOf(reader)}`;
    }
    const reader = firstReader.get(node);
    const { noun } = ops[node.step!.op];
    if (reader === undefined) return noun;
    return `${nameOf(reader.rewrites ?? reader)}_${isSumOf(node, reader) ? "sum" : noun}`;
  };
  /** The nearest line downstream. */
  const lineOf = (node: Node): string => {
    const reader = firstReader.get(node);
    return node.line || reader === undefined ? nameOf(node) : lineOf(reader);
  };
  const deltaName = (node: Node): string => {
    if (node.declaration?.role === "weights") return gradientName(node.name!);
    if (isActivation(node)) return `${nameOf(node)}_output_delta`;
    const reader = firstReader.get(node);
    return `${nameOf(reader !== undefined && isSumOf(node, reader) ? reader : node)}_delta`;
  };
  const isDeltaLine = ({ deltaOf }: Node): boolean => {
    if (deltaOf === undefined || deltaOf.reader !== undefined) return false;
    const { node: source } = deltaOf;
    const reader = firstReader.get(source);
    if (reader !== undefined && isSumOf(source, reader)) return true;
    return source.step !== undefined && source.line && !isActivation(source);
  };

  for (const node of nodes) if (!node.rewrites) nameOf(node);
  return { names, lines: new Set(nodes.filter((node) => node.line || isDeltaLine(node))) };
}

/** A named elementwise function of a sum that has no line of its own. */
function isActivation(node: Node): boolean {
  const { operands, op } = node.step ?? { operands: [], op: undefined };
  const [operand] = operands;
  return (
    node.line &&
    operands.length === 1 &&
    ops[op!].kind === "elementwise" &&
    operand!.step !== undefined &&
    !operand!.line
  );
}

/** Whether the node is the sum that its reader, an activation, is applied to. */
function isSumOf(node: Node, reader: Node): boolean {
  return isActivation(reader) && reader.step!.operands[0] === node;
}
