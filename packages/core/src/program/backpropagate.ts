import type { GradientContext, GradientRule, Ref } from "../ops/op.ts";
import { signature } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import { type Graph, type Node, sourcesOf } from "./graph.ts";

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
  const passBack = (reader: Node, position: number, source: Node, delta: Node | undefined): void =>
    graph.within(
      "backpropagate",
      () => {
        const derivative = applyRule(graph, reader, position, delta);
        // A stated rule may hand the delta on as it is; then it is called after what lies nearer to the weights.
        if (reader.derivatives && derivative === delta) derivative.deltaOf = { node: source, reader };
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
    for (const [position, source] of sourcesOf(node).entries()) {
      if (!onPath.has(source)) continue;
      if (source.step) passBack(node, position, source, delta);
      else weightsLast.push(() => passBack(node, position, source, delta));
    }
  }
  for (const pass of weightsLast) pass();
  for (const node of contributions.keys()) if (!node.step) gather(node);
  return gradients;
}

/**
 * The derivative by one of the sources of a node, the one in this position, given that by the node. `output` stands for the
 * node itself where the rule reads it.
 */
export function applyRule(
  graph: Graph,
  reader: Node,
  position: number,
  delta: Node | undefined,
  output: Node = reader,
): Node {
  const { op, operands, parameters = {} } = reader.step!;
  const passed = {
    output,
    get delta(): Ref {
      if (delta === undefined)
        throw new TypeError(`the rule of ${op} asks for a delta, but a loss is where deltas start`);
      return delta;
    },
  };
  const stated = reader.derivatives?.[position];
  if (stated !== undefined) return checked(graph.find(stated.rule(passed)), stated.by);
  const { operands: named } = signature(ops[op].signature);
  const name = named[position]!.name;
  const rule = (ops[op].gradient as Readonly<Record<string, GradientRule<string[]>>>)[name];
  if (rule === undefined)
    throw new GradientError(`${op} has no derivative by ${name}: the loss cannot be traced back through it`);
  const context = {
    ...Object.fromEntries(named.map((each, place) => [each.name, operands[place]!])),
    parameters,
    output,
    get delta(): Ref {
      return passed.delta;
    },
  };
  return graph.find(rule(context as unknown as GradientContext<string[]>, graph.emit));
}

/** Throws `ShapeError` unless a stated derivative has a number for each number of what it is by. */
function checked(derivative: Node, by: Node): Node {
  if (derivative.shape && by.shape && !sameShape(derivative.shape, by.shape))
    throw new ShapeError(
      `the derivative stated by ${by.name ?? "an array"} is ${formatShape(derivative.shape)}, but must be ${formatShape(by.shape)}`,
    );
  return derivative;
}

/** The wanted nodes and all that the loss is traced back to them from. */
function dependents(nodes: readonly Node[], wanted: readonly Node[]): Set<Node> {
  const found = new Set(wanted);
  for (const node of nodes) if (sourcesOf(node).some((source) => found.has(source))) found.add(node);
  return found;
}
