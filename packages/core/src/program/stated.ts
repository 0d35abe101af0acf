import type { Ref } from "../ops/op.ts";
import { formatShape } from "../shape/size.ts";
import { applyRule, GradientError } from "./backpropagate.ts";
import { type Graph, type Node, type Passed, sourcesOf } from "./graph.ts";

/** States the derivative of a node by another; see `ProgramBuilder.derivative`. */
export function state(node: Node, by: Node, rule: (at: Passed) => Ref): Node {
  if (!node.step) throw new TypeError(`derivative: ${node.name} is declared, not computed`);
  if (by.node >= node.node)
    throw new TypeError("derivative: it is by an array that the result may depend on, made before it");
  const stated = node.derivatives ?? [];
  if (stated.some((each) => each.by === by))
    throw new TypeError(`derivative: there are two by ${by.name ?? "one array"}: state their sum`);
  node.derivatives = [...stated, { by, rule }];
  return node;
}

/** Appends the rule of one result; see `ProgramBuilder.passBack`. */
export function passBack(graph: Graph, delta: Ref, from: Ref, to: Ref, output: Ref): Node {
  const node = graph.find(from);
  const position = sourcesOf(node).indexOf(graph.find(to));
  if (position < 0) throw new GradientError("passBack: the result has no rule by this array");
  return applyRule(graph, node, position, graph.find(delta), graph.find(output));
}

/** Throws `GradientError` unless a node is one number that was computed. */
export function checkLoss(node: Node): void {
  if (!node.step) throw new GradientError(`${node.name} is declared, not computed: it is no loss`);
  if (node.shape && node.shape.length > 0)
    throw new GradientError(
      `a loss is one number, but this one is ${formatShape(node.shape)}: add it up, for example with ops.total`,
    );
}
