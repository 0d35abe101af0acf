import type { Emit, Op, OpName, Parameters, Ref } from "../ops/op.ts";
import { type Argument, resultShape, signature } from "../ops/signature.ts";
import { ops } from "../ops/table.ts";
import { reachable, remember } from "../shape/reachable.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, type Size, type SizeShape, sameShape } from "../shape/size.ts";
import { type ArrayDeclaration, type Phase, phases } from "./data.ts";
import { parameterProblem } from "./parameters.ts";

/** An array of a program under construction: declared, or the result of a step. */
export interface Node extends Ref {
  /** Given by the user or a layer; otherwise found when the program is finished. */
  name?: string;
  /** A line of its own, whoever reads it; otherwise it may be folded into its only reader. */
  line: boolean;
  /** Must be computed even if no step reads it. */
  root: boolean;
  readonly declaration?: ArrayDeclaration;
  readonly step?: StepNode;
  /** Unknown where the operands do not fit; then `problem` says why. */
  readonly shape?: SizeShape;
  readonly problem?: ShapeError;
  /** The node whose derivative this is; with `reader`, only the part that comes back from that reader. */
  deltaOf?: { readonly node: Node; readonly reader?: Node };
  /** How the loss is traced back through this result, if that is stated and not left to the op. */
  derivatives?: readonly Derivative[];
  /** The array that this step's result replaces. */
  rewrites?: Node;
  metric?: { readonly label?: string };
}

/** What a rule is given: the derivative of the loss by a result, and the result itself. */
export interface Passed {
  readonly delta: Ref;
  readonly output: Ref;
}

/** A stated derivative of a result: by what, and the rule that appends its steps. */
export interface Derivative {
  readonly by: Node;
  readonly rule: (at: Passed) => Ref;
}

export interface StepNode {
  readonly op: OpName;
  readonly operands: readonly Node[];
  readonly parameters?: Parameters;
  readonly phase: Phase;
  readonly answers?: Node;
}

/** Nodes in the order in which they were asked for. Everything that builds a program appends here. */
export class Graph {
  readonly nodes: Node[] = [];
  /** Steps fall into the phase that their operands allow, but not before this one. */
  #earliest: Phase = "predict";
  #answering: Node | undefined;
  readonly emit: Emit = this.#emitters();

  declare(declaration: ArrayDeclaration): Node {
    const node: Node = {
      node: this.nodes.length,
      name: declaration.name,
      line: true,
      root: false,
      declaration,
      shape: declaration.shape,
    };
    this.nodes.push(node);
    return node;
  }

  /** Throws where the reference comes from another builder. */
  find(ref: Ref): Node {
    const node = this.nodes[ref?.node];
    if (node === undefined || node !== ref)
      throw new TypeError("this is no array of this program: use what this builder's methods returned");
    return node;
  }

  append(op: OpName, refs: readonly Ref[], parameters?: Parameters): Node {
    const { length } = signature(ops[op].signature).operands;
    if (refs.length < length) throw new TypeError(`${op}: give ${length} array${length === 1 ? "" : "s"}`);
    const given = refs.map((ref) => this.find(ref));
    checkCall(op, given, parameters);
    const operands = this.#spreadToOneShape(op, given);
    const latest = operands.reduce((phase, operand) => later(phase, phaseOf(operand)), this.#earliest);
    const phase = ops[op].kind === "metric" ? later(latest, "compare") : latest;
    const step: StepNode = {
      op,
      operands,
      phase,
      ...(parameters === undefined ? {} : { parameters }),
      ...(this.#answering === undefined ? {} : { answers: this.#answering }),
    };
    const node: Node = {
      node: this.nodes.length,
      line: false,
      root: false,
      step,
      ...this.#infer(op, operands, parameters),
    };
    this.nodes.push(node);
    return node;
  }

  /** Runs `build`, whose steps belong to this phase or a later one. */
  within<Result>(phase: Phase, build: () => Result, answering?: Node): Result {
    const before = { phase: this.#earliest, answering: this.#answering };
    this.#earliest = phase;
    this.#answering = answering;
    try {
      return build();
    } finally {
      this.#earliest = before.phase;
      this.#answering = before.answering;
    }
  }

  shape(ref: Ref): SizeShape {
    const node = this.find(ref);
    if (node.shape) return node.shape;
    throw node.problem ?? new ShapeError("this array's shape is not known, because its operands do not fit");
  }

  #infer(op: OpName, operands: readonly Node[], parameters?: Parameters): Pick<Node, "shape" | "problem"> {
    if (operands.some((operand) => operand.shape === undefined)) return {};
    const given = operands.map((operand) => new Given(operand));
    try {
      return { shape: resultShape(op, ops[op].signature, given, parameters) };
    } catch (error) {
      if (error instanceof ShapeError) return { problem: error };
      throw error;
    }
  }

  /**
   * Operands of one elementwise op must have one shape; a smaller one is spread by visible steps, as NumPy
   * broadcasts: its sizes meet the last ones of the larger. A column of row sums, `[n]`, is spread over `[n m]`.
   */
  #spreadToOneShape(op: OpName, operands: readonly Node[]): readonly Node[] {
    const same = signature(ops[op].signature).operands.every(({ pattern }) => pattern.join() === "...");
    if (ops[op].kind !== "elementwise" || !same || operands.some((operand) => !operand.shape))
      return operands;
    const largest = operands.reduce((a, b) => (b.shape!.length > a.shape!.length ? b : a)).shape!;
    return operands.map((operand) => this.#spreadTo(largest, operand));
  }

  #spreadTo(shape: SizeShape, operand: Node): Node {
    const own = operand.shape!;
    const missing = shape.length - own.length;
    if (missing > 0 && sameShape(own, shape.slice(missing)))
      return shape
        .slice(0, missing)
        .reduceRight<Node>((inner, n) => this.append("spreadRows", [inner], { n }), operand);
    if (own.length === 1 && shape.length === 2 && own[0] === shape[0])
      return this.append("spreadColumns", [operand], { m: shape[1]! });
    return operand;
  }

  #emitters(): Emit {
    const total = (ref: Ref): Ref => this.shape(ref).reduce<Ref>((sum) => this.append("sumRows", [sum]), ref);
    const size = (ref: Ref, axis: number): Size => {
      const shape = this.shape(ref);
      const found = shape[axis];
      if (found === undefined)
        throw new ShapeError(`${describe(this.find(ref))} is ${formatShape(shape)} and has no axis ${axis}`);
      return found;
    };
    return Object.assign(new Emitters(this), { total, size }) as unknown as Emit;
  }
}

/** A function for each op, made when it is asked for. */
class Emitters {
  readonly #graph: Graph;

  constructor(graph: Graph) {
    remember(this);
    this.#graph = graph;
  }

  static {
    for (const op of Object.keys(ops) as OpName[])
      Object.defineProperty(Emitters.prototype, op, {
        enumerable: true,
        configurable: true,
        get(this: Emitters) {
          return (...given: readonly (Ref | Parameters | undefined)[]) => {
            const wanted = signature(ops[op].signature).operands.length;
            const parameters = given[wanted] as Parameters | undefined;
            return this.#graph.append(op, given.slice(0, wanted) as Ref[], parameters);
          };
        },
      });
  }
}

reachable(Emitters);

/** A node as an operand. Only an error asks how it is made. */
class Given implements Argument {
  readonly shape: SizeShape;
  readonly dtype: ArrayDeclaration["dtype"] | undefined;
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
    this.shape = node.shape!;
    this.dtype = node.declaration?.dtype;
  }

  get name(): string {
    return describe(this.#node);
  }
}

/** What the loss is traced back to from a node, in the order of its rules. */
export function sourcesOf({ step, derivatives }: Node): readonly Node[] {
  if (derivatives) return derivatives.map(({ by }) => by);
  return step === undefined || (ops[step.op] as Op).stops ? [] : step.operands;
}

function checkCall(op: OpName, operands: readonly Node[], parameters: Parameters | undefined): void {
  const problem = parameterProblem(op, parameters);
  if (problem !== undefined) throw new TypeError(problem);
  const metric = operands.find(({ step }) => step && ops[step.op].kind === "metric");
  if (metric)
    throw new TypeError(
      `${op}: ${describe(metric)} is a running total, which no step may read; ` +
        "compute the number with other ops, such as ops.total(ops.square(…))",
    );
}

function later(left: Phase, right: Phase): Phase {
  return phases.indexOf(left) >= phases.indexOf(right) ? left : right;
}

/** What is compared with a target belongs to compare. */
function phaseOf(node: Node): Phase {
  if (node.step) return node.step.phase;
  return node.declaration?.role === "target" ? "compare" : "predict";
}

/** A node as an error shows it, before names are given: its name, or how it is made. */
function describe(node: Node, deep = 5): string {
  if (node.name !== undefined) return node.name;
  const { op, operands } = node.step!;
  return `${op}(${deep === 0 ? "…" : operands.map((each) => describe(each, deep - 1)).join(", ")})`;
}
