import type { OpName } from "../ops/op.ts";
import { signature } from "../ops/signature.ts";
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

  const sumOwners = new Map<Node, Node>();
  for (const node of nodes) {
    const sum = sumBelow(node);
    if (sum && !sumOwners.has(sum)) sumOwners.set(sum, node);
  }

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
    const owner = sumOwners.get(node);
    if (owner !== undefined) return `${nameOf(owner)}_sum`;
    if (reader === undefined) return noun;
    return `${nameOf(reader.rewrites ?? reader)}_${noun}`;
  };
  /** The nearest line downstream. */
  const lineOf = (node: Node): string => {
    const reader = firstReader.get(node);
    return node.line || reader === undefined ? nameOf(node) : lineOf(reader);
  };
  const deltaName = (node: Node): string => {
    if (node.declaration?.role === "weights") return gradientName(node.name!);
    if (sumBelow(node)) return `${nameOf(node)}_output_delta`;
    return `${nameOf(sumOwners.get(node) ?? node)}_delta`;
  };
  const isDeltaLine = ({ deltaOf }: Node): boolean => {
    if (deltaOf === undefined || deltaOf.reader !== undefined) return false;
    const { node: source } = deltaOf;
    if (sumOwners.has(source)) return true;
    return source.step !== undefined && source.line && !sumBelow(source);
  };

  for (const node of nodes) if (!node.rewrites) nameOf(node);
  return { names, lines: new Set(nodes.filter((node) => node.line || isDeltaLine(node))) };
}

/**
 * The sum that a named activation is applied to: `layer_1 = relu(sum)` or, with dropout, `relu(sum) * layer_1_mask`.
 * Undefined where the node is no such thing, or its sum has a line of its own.
 */
function sumBelow(node: Node): Node | undefined {
  if (!node.line) return undefined;
  const masked = node.step?.operands.some(isNoise) ?? false;
  const below = onlyOperand(node);
  return masked && below ? (onlyOperand(below) ?? below) : below;
}

/** What an elementwise step or a softmax is applied to, beside noise, if that is one result without a line. */
function onlyOperand({ step }: Node): Node | undefined {
  if (step === undefined || !keepsPlaces(step.op)) return undefined;
  const [operand, ...others] = step.operands.filter((each) => !isNoise(each));
  return others.length === 0 && operand?.step && !operand.line ? operand : undefined;
}

/** Whether each number of the result belongs to the number in its place in the operand. */
function keepsPlaces(op: OpName): boolean {
  if (ops[op].kind === "elementwise") return true;
  const { operands, result } = signature(ops[op].signature);
  return operands.every(({ pattern }) => pattern.join() === result.join());
}

/** Noise, or noise times a number of the program. */
function isNoise({ declaration, step }: Node): boolean {
  return declaration?.role === "noise" || (step?.op === "times" && isNoise(step.operands[0]!));
}
