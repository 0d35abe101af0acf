import type { GradientContext, GradientRule, Ref } from "../ops/op.ts";
import { signature } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import type { Graph, Node } from "./graph.ts";

/** A loss that cannot be differentiated by what was asked for. */
export class GradientError extends Error {
  override readonly name = "GradientError";
}

/**
 * Appends the steps of backpropagation: from the losses' operands back to the weights, each node after all
 * that read it, deltas first and then what the weights contribute. Where an array is read more than once its
 * contributions are added in the order in which they are emitted here.
 *
 * `start` gives the delta with which a loss begins: what its own rule says, or the constant 1 for a plain
 * scalar (`undefined` is passed). Returns the derivative of the sum of the losses by each array on the way.
 */
export function differentiate(
  graph: Graph,
  losses: readonly Node[],
  wanted: readonly Node[],
  start: (byRule: Node | undefined) => Node,
): Map<Node, Node> {
  const onPath = dependents(graph.nodes, wanted);
  const contributions = new Map<Node, Node[]>();
  const gradients = new Map<Node, Node>();
  const weightsLast: (() => void)[] = [];

  const contribute = (source: Node, reader: Node, contribution: Node): void => {
    contribution.deltaOf ??= { node: source, reader };
    const known = contributions.get(source);
    if (known) known.push(contribution);
    else contributions.set(source, [contribution]);
  };
  const gather = (node: Node): Node => {
    const parts = contributions.get(node)!;
    const sum = graph.within(
      "backpropagate",
      () => parts.reduce((left, right) => graph.append("add", [left, right])),
      node,
    );
    if (parts.length > 1 || sum.deltaOf?.node === node) sum.deltaOf = { node };
    gradients.set(node, sum);
    return sum;
  };
  const passBack = (reader: Node, operand: number, source: Node, delta: Node | undefined): void =>
    graph.within(
      "backpropagate",
      () => {
        const derivative = applyRule(graph, reader, operand, delta);
        contribute(source, reader, delta === undefined ? start(derivative) : derivative);
      },
      reader,
    );

  for (const node of [...graph.nodes].reverse()) {
    const startsByRule = losses.includes(node) && ops[node.step!.op].kind === "metric";
    if (losses.includes(node) && !startsByRule)
      graph.within("backpropagate", () => contribute(node, node, start(undefined)), node);
    if (!node.step || !onPath.has(node) || (!startsByRule && !contributions.has(node))) continue;
    const delta = startsByRule ? undefined : gather(node);
    for (const [operand, source] of node.step.operands.entries()) {
      if (!onPath.has(source)) continue;
      if (source.step) passBack(node, operand, source, delta);
      else weightsLast.push(() => passBack(node, operand, source, delta));
    }
  }
  for (const pass of weightsLast) pass();
  for (const node of contributions.keys()) if (!node.step) gather(node);
  return gradients;
}

function applyRule(graph: Graph, reader: Node, operand: number, delta: Node | undefined): Node {
  const { op, operands, parameters = {} } = reader.step!;
  const { operands: named } = signature(ops[op].signature);
  const name = named[operand]!.name;
  const rule = (ops[op].gradient as Readonly<Record<string, GradientRule<string[]>>>)[name];
  if (rule === undefined)
    throw new GradientError(`${op} has no derivative by ${name}: the loss cannot be traced back through it`);
  const context = {
    ...Object.fromEntries(named.map((each, position) => [each.name, operands[position]!])),
    output: reader,
    parameters,
    get delta(): Ref {
      if (delta === undefined)
        throw new TypeError(`the rule of ${op} asks for a delta, but a loss is where deltas start`);
      return delta;
    },
  };
  return graph.find(rule(context as unknown as GradientContext<string[]>, graph.emit));
}

/** The wanted nodes and all that are computed from them. */
function dependents(nodes: readonly Node[], wanted: readonly Node[]): Set<Node> {
  const found = new Set(wanted);
  for (const node of nodes) if (node.step?.operands.some((operand) => found.has(operand))) found.add(node);
  return found;
}
