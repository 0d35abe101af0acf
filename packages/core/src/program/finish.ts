import { resultShape } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import { ShapeError } from "../shape/shapeError.ts";
import {
  type ArrayDeclaration,
  type Precision,
  type ProgramData,
  phases,
  type Role,
  type Step,
} from "./data.ts";
import { fold } from "./fold.ts";
import type { Graph, Node } from "./graph.ts";
import { nameNodes } from "./naming.ts";
import { lineText } from "./print/listing.ts";

/**
 * Turns a graph into a program: drops steps whose results nobody asked for, puts the rest in the order of
 * the phases, names every array. Throws the first `ShapeError`, with the line that it stands in.
 */
export function finish(graph: Graph, name: string, precision: Precision): ProgramData {
  const needed = required(graph.nodes);
  const nodes = graph.nodes.filter((node) => node.declaration || needed.has(node));
  const { names, lines } = nameNodes(nodes);
  const nameOf = (node: Node): string => names.get(node.rewrites ?? node)!;
  const stepNodes = nodes
    .filter((node) => node.step)
    .sort((a, b) => phases.indexOf(a.step!.phase) - phases.indexOf(b.step!.phase) || a.node - b.node);

  const steps = stepNodes.map((node): Step => {
    const { phase, op, operands, parameters, answers } = node.step!;
    return {
      phase,
      op,
      reads: operands.map(nameOf),
      writes: nameOf(node),
      ...(parameters === undefined ? {} : { parameters }),
      ...(answers !== undefined && needed.has(answers) ? { answers: nameOf(answers) } : {}),
    };
  });
  const results = stepNodes
    .filter((node) => !node.rewrites)
    .map(
      (node): ArrayDeclaration => ({
        name: nameOf(node),
        role: roleOf(node),
        shape: node.shape ?? [],
        dtype: node.metric ? "float64" : precision,
        ...(lines.has(node) ? {} : { inline: true as const }),
        ...(node.name === undefined ? { invented: true as const } : {}),
        ...(node.metric?.label === undefined ? {} : { label: node.metric.label }),
      }),
    );
  const arrays = [...nodes.flatMap((node) => node.declaration ?? []), ...results];
  const program: ProgramData = { format: "streetlight-program", version: 1, name, precision, arrays, steps };

  const broken = stepNodes.find((node) => node.problem);
  if (broken) throw located(broken, stepNodes.indexOf(broken), nameOf, program);
  return program;
}

/** The nodes asked for and all that they are computed from. */
function required(nodes: readonly Node[]): Set<Node> {
  const needed = new Set<Node>();
  for (const node of [...nodes].reverse()) {
    if (!(node.line || node.root || node.rewrites || node.metric || node.problem || needed.has(node)))
      continue;
    needed.add(node);
    for (const operand of node.step?.operands ?? []) needed.add(operand);
  }
  return needed;
}

function roleOf(node: Node): Role {
  if (node.metric) return "metric";
  if (node.deltaOf?.node.declaration?.role === "weights") return "gradient";
  switch (node.step!.phase) {
    case "predict":
    case "compare":
      return "activation";
    case "backpropagate":
      return "delta";
    case "update":
      return "gradient";
  }
}

/** The error with the names that the program gives, and the line in which the step stands. */
function located(
  broken: Node,
  position: number,
  nameOf: (node: Node) => string,
  program: ProgramData,
): ShapeError {
  const { op, operands, parameters } = broken.step!;
  const line = fold(program).find((each) => each.steps.includes(position))!;
  const given = operands.map((operand) => ({
    name: nameOf(operand),
    shape: operand.shape!,
    dtype: operand.declaration?.dtype,
  }));
  const where = `${line.phase}: ${lineText(line)}`;
  try {
    resultShape(op, ops[op].signature, given, parameters);
  } catch (error) {
    if (error instanceof ShapeError) return error.at(where);
  }
  return broken.problem!.at(where);
}
