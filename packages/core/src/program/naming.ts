import type { OpName } from "../ops/op.ts";
import { signature } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import type { Node } from "./graph.ts";
import { gradientName, isFree } from "./names.ts";

/** Of a name so long no other is made: in a chain of thousands each would be longer than the one after it. */
const longest = 100;

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
  /** Names a node after all that its name is made of; by a list and not by calls, since chains may be long. */
  const settleAll = (first: Node): void => {
    const waiting = [first];
    for (let node = waiting.at(-1); node !== undefined; node = waiting.at(-1)) {
      inventing.add(node);
      const missing = names.has(node) ? undefined : namedAfter(node).find((each) => !names.has(each));
      if (missing === undefined) {
        if (!names.has(node)) settle(node, invent(node));
        waiting.pop();
      }
      // A node that only its own derivative reads would be named after what is named after it.
      else if (inventing.has(missing)) settle(missing, ops[missing.step!.op].noun);
      else waiting.push(missing);
    }
  };
  const numbers = new Map<string, number>();
  const settle = (node: Node, wanted: string): void => {
    let name = wanted;
    let number = numbers.get(wanted) ?? 2;
    while (taken.has(name) || !isFree(name)) name = `${wanted}_${number++}`;
    numbers.set(wanted, number);
    names.set(node, name);
    taken.add(name);
  };
  const nameOf = (node: Node): string => names.get(node)!;
  /** The nodes whose names `invent` asks for, in its order. */
  const namedAfter = (node: Node): Node[] => {
    if (node.deltaOf) {
      const { node: source, reader } = node.deltaOf;
      const of = deltaSource(source);
      return [...(of === undefined ? [] : [of]), ...(reader === undefined ? [] : [lineOf(reader)])];
    }
    const reader = firstReader.get(node);
    const owner = sumOwners.get(node) ?? reader?.rewrites ?? reader;
    return owner === undefined ? [] : [owner];
  };
  const invent = (node: Node): string => {
    if (node.deltaOf) {
      const { node: source, reader } = node.deltaOf;
      return reader === undefined ? deltaName(source) : `${deltaName(source)}_from_${nameOf(lineOf(reader))}`;
    }
    const reader = firstReader.get(node);
    const { noun } = ops[node.step!.op];
    const owner = sumOwners.get(node);
    if (owner !== undefined) return `${nameOf(owner)}_sum`;
    if (reader === undefined) return noun;
    const of = nameOf(reader.rewrites ?? reader);
    return of.length > longest ? noun : `${of}_${noun}`;
  };
  /** The nearest line downstream. */
  const lineOf = (from: Node): Node => {
    let node = from;
    for (
      let reader = firstReader.get(node);
      !node.line && reader !== undefined;
      reader = firstReader.get(node)
    )
      node = reader;
    return node;
  };
  /** What a derivative by a node is called after, if that is not the node's own name given. */
  const deltaSource = (node: Node): Node | undefined => {
    if (node.declaration?.role === "weights") return undefined;
    return sumBelow(node) ? node : (sumOwners.get(node) ?? node);
  };
  const deltaName = (node: Node): string => {
    const source = deltaSource(node);
    if (source === undefined) return gradientName(node.name!);
    return `${nameOf(source)}${sumBelow(node) ? "_output" : ""}_delta`;
  };
  const isDeltaLine = ({ deltaOf }: Node): boolean => {
    if (deltaOf === undefined || deltaOf.reader !== undefined) return false;
    const { node: source } = deltaOf;
    if (sumOwners.has(source)) return true;
    return source.step !== undefined && source.line && !sumBelow(source);
  };

  for (const node of nodes) if (!node.rewrites) settleAll(node);
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
  return declaration?.role === "noise" || (step?.op === "multiplyByNumber" && isNoise(step.operands[0]!));
}
