import type { Emit, OpName, Ref } from "../ops/op.ts";
import { ops } from "../ops/table.ts";
import type { Dtype, WholeDtype } from "../shape/block.ts";
import { reachable, remember } from "../shape/reachable.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { shown } from "../shape/shown.ts";
import { formatShape, type SizeShape, sameShape } from "../shape/size.ts";
import { differentiate, GradientError } from "./backpropagate.ts";
import { checkDtype } from "./checkDtype.ts";
import { checkInitial } from "./checkInitial.ts";
import { checkSizes } from "./checkSizes.ts";
import { type ArrayDeclaration, type Initial, type Precision, type Role, rowCount } from "./data.ts";
import { finish } from "./finish.ts";
import { recordOf } from "./given.ts";
import { Graph, type Node, type Passed, sourcesOf } from "./graph.ts";
import { checkName, NameError } from "./names.ts";
import { Program } from "./program.ts";
import { checkLoss, passBack, state } from "./stated.ts";

/** What the derivatives of a loss are asked for by, and of what. */
export interface GradientOptions {
  /** By what to differentiate; default all weights that the losses depend on. */
  readonly by?: readonly Ref[];
  /** `"mean"` divides each loss's first delta by the number of rows, once; default `"sum"`, as in the book. */
  readonly reduce?: "sum" | "mean";
}

/**
 * Builds a program: declare arrays, apply ops, name results, ask for the gradient, say how weights are updated.
 *
 *     const b = new ProgramBuilder("train");
 *     const layer_0 = b.input("layer_0", ["batch", 3]);
 *     const weights_0_1 = b.weights("weights_0_1", [3, 1], { uniform: [-1, 1] });
 *     const layer_1 = b.name("layer_1", b.ops.matmul(layer_0, weights_0_1));
 *
 * Errors about shapes are thrown by `build`, which knows the line in which the arrays meet. `Names` may list names, so that
 * the finished program knows its arrays by them: `new ProgramBuilder<"layer_0" | "layer_1">("train")`.
 */
export class ProgramBuilder<Names extends string = string> {
  readonly #graph = new Graph();
  readonly #used = new Set<string>();
  readonly #rewritten = new Set<Node>();
  #rows: Ref | undefined;
  #one: Ref | undefined;

  readonly title: string;
  readonly precision: Precision;

  /** `title` is the program's name in a session, `precision` that of all its numbers but metrics (default float64). */
  constructor(title: string, precision: Precision = "float64") {
    remember(this);
    checkName(title, "a program");
    if (precision !== "float64" && precision !== "float32")
      throw new TypeError(`precision is ${shown(precision)}, but must be "float64" or "float32"`);
    this.title = title;
    this.precision = precision;
  }

  /** Every op, as a function that appends one step: `b.ops.matmul(left, right)`. */
  get ops(): Emit {
    return this.#graph.emit;
  }

  /**
   * Examples, a row each: `b.input("layer_0", ["batch", 3])`. They may be whole numbers, which stay so until an op makes
   * others of them: `b.ops.fromBytes(b.input("pixels", ["batch", 784], "uint8"))`.
   */
  input(name: string, shape: SizeShape, dtype?: WholeDtype): Ref {
    return this.#declare(name, "input", shape, undefined, dtype);
  }

  /**
   * What predictions are compared with; steps that read it belong to compare. Whole numbers, too:
   * `b.ops.oneHot(b.target("labels", ["batch"], "int32"), { k: 10 })`.
   */
  target(name: string, shape: SizeShape, dtype?: WholeDtype): Ref {
    return this.#declare(name, "target", shape, undefined, dtype);
  }

  /** What is learnt. Drawn in order of declaration; default zeros. */
  weights(name: string, shape: SizeShape, initial: Initial = { value: 0 }): Ref {
    return this.#declare(name, "weights", shape, initial);
  }

  /** Numbers an optimizer carries from batch to batch; default zeros. */
  state(name: string, shape: SizeShape, initial: Initial = { value: 0 }): Ref {
    return this.#declare(name, "state", shape, initial);
  }

  /** One number that a loop may set for each batch, such as `alpha`. */
  setting(name: string, value: number): Ref {
    return this.#declare(name, "setting", [], { value });
  }

  /**
   * A dropout mask of `batch × columns`, drawn anew for every batch: 0 with probability `rate`, else `1 / (1 − rate)`.
   */
  noise(name: string, columns: number, rate: number): Ref {
    return this.#noise(name, columns, rate, (share) => ({ mask: share }));
  }

  /** Like `noise`, but with 1 for what is kept. */
  noiseBits(name: string, columns: number, rate: number): Ref {
    return this.#noise(name, columns, rate, (share) => ({ bits: share }));
  }

  /** The number of rows of the run, as a scalar. */
  rowCount(): Ref {
    this.#rows ??= this.#graph.declare(this.#declaration(rowCount, "setting", []));
    return this.#rows;
  }

  /** The constant 1, as a scalar named `one`. */
  constantOne(): Ref {
    this.#one ??= this.#graph.declare({
      ...this.#declaration(this.#claim("one"), "setting", [], { value: 1 }),
      invented: true,
    });
    return this.#one;
  }

  /** Gives a result its name and a line of its own; returns it. */
  name(name: string, ref: Ref): Ref {
    const node = this.#noMetric(name, ref);
    node.name = this.#claim(name);
    node.line = true;
    return node;
  }

  /** Names a result that may be folded into the line of its only reader; returns it. */
  inline(name: string, ref: Ref): Ref {
    const node = this.#noMetric(name, ref);
    node.name = this.#claim(name);
    return node;
  }

  /** Reports a metric op's running total under this name; `label` is what printed programs call it. */
  metric(name: string, ref: Ref, label?: string): Ref {
    const node = this.#unnamed(`"${name}"`, ref);
    if (!node.step || ops[node.step.op].kind !== "metric")
      throw new TypeError(`metric "${name}": a metric is the result of a metric op, such as squaredError`);
    node.name = this.#claim(name);
    node.line = true;
    node.metric = label === undefined ? {} : { label };
    return node;
  }

  /** The name that was given to an array; undefined where the finished program invents one. */
  nameOf(ref: Ref): string | undefined {
    return this.#graph.find(ref).name;
  }

  /** The op that an array is the result of; undefined where it is declared. */
  opOf(ref: Ref): OpName | undefined {
    return this.#graph.find(ref).step?.op;
  }

  /** The sizes of an array. Throws `ShapeError` where its operands do not fit. */
  shape(ref: Ref): SizeShape {
    return this.#graph.shape(ref);
  }

  /**
   * Appends backpropagation from one or more losses, which are added. Returns the derivatives by what was asked
   * for, in the order in which backpropagation reaches them: last layer first. A loss is the result of a metric
   * op that has a derivative (`halfSquaredError`), or a scalar that was computed from other ops.
   */
  gradient(loss: Ref | readonly Ref[], options: GradientOptions = {}): Map<Ref, Ref> {
    const { by, reduce = "sum" } = recordOf("gradient", options, '{ reduce: "mean" }');
    if (by !== undefined && !Array.isArray(by))
      throw new TypeError("gradient: by is not a list, such as [weights_0_1]");
    if (reduce !== "sum" && reduce !== "mean")
      throw new TypeError(`gradient: reduce is ${shown(reduce)}, but must be "sum" or "mean"`);
    const losses = (Array.isArray(loss) ? (loss as readonly Ref[]) : [loss as Ref]).map((ref) =>
      this.#graph.find(ref),
    );
    const wanted = by?.map((ref) => this.#graph.find(ref)) ?? this.#graph.nodes.filter(isWeights);
    for (const node of losses) checkLoss(node);
    const start = (byRule: Node | undefined): Node => {
      const delta = byRule ?? this.#graph.find(this.constantOne());
      if (reduce !== "mean") return delta;
      return this.#graph.append("divideByScalar", [delta, this.rowCount()]);
    };
    const found = differentiate(this.#graph, losses, wanted, start);
    const unreached = by && wanted.find((node) => !found.has(node));
    if (unreached)
      throw new GradientError(`the loss does not depend on ${unreached.name ?? "an array asked for"}`);
    const among = new Set(wanted);
    const gradients = new Map<Ref, Ref>();
    for (const [node, gradient] of found) {
      if (!among.has(node)) continue;
      gradient.root = true;
      gradients.set(node, gradient);
    }
    if (gradients.size === 0)
      throw new GradientError("the loss depends on no weights, so there is nothing to learn");
    return gradients;
  }

  /**
   * States the derivative of a result by `by`, an array that was there before it but need not be an operand of its step:
   * `rule` appends the steps that give the derivative of the loss by `by` (of its shape), given that by the result, `delta`.
   * The loss is then traced back from the result to what derivatives are stated by, and to nothing else. Returns the result.
   *
   *     const layer_1 = b.derivative(b.ops.tanh(sum), sum, ({ delta, output }) =>
   *       b.ops.multiply(delta, b.ops.tanh2deriv(output)));
   *
   * Throws `TypeError` where the result is declared or older than `by`, or has a derivative by it already.
   */
  derivative(result: Ref, by: Ref, rule: (at: Passed) => Ref): Ref {
    return state(this.#graph.find(result), this.#graph.find(by), rule);
  }

  /**
   * What the loss is traced back to from a result: what derivatives are stated by, otherwise the operands of its op;
   * nothing where an array is declared or the op is `stopGradient`.
   */
  sources(ref: Ref): readonly Ref[] {
    return sourcesOf(this.#graph.find(ref));
  }

  /**
   * Appends the rule of one result: the derivative by `to`, one of its `sources`, where that by the result is `delta`. `output`
   * stands for the result where the rule reads it; default the result itself. Throws `GradientError` where the loss cannot be
   * traced back so.
   */
  passBack(delta: Ref, { from, to, output = from }: { from: Ref; to: Ref; output?: Ref }): Ref {
    return passBack(this.#graph, delta, from, to, output);
  }

  /** Runs `build`; its steps belong to update. Optimizers append theirs so. */
  inUpdate<Result>(build: () => Result): Result {
    if (typeof build !== "function") throw new TypeError("inUpdate: give a function, such as () => …");
    return this.#graph.within("update", build);
  }

  /**
   * In update, replaces weights or a state by a result. Steps of update that were appended before this call read the
   * numbers from before, those appended after it the new ones.
   */
  update(target: Ref, value: Ref): void {
    const array = this.#graph.find(target);
    const role = array.declaration?.role;
    if (role !== "weights" && role !== "state")
      throw new TypeError(
        `update: only weights and states are rewritten; ${array.name ?? "this array"} is neither`,
      );
    const node = this.#unnamed(`update of ${array.name}`, value);
    if (this.#rewritten.has(array))
      throw new NameError(
        `update: ${array.name} is rewritten by two steps; an array is updated once in a run`,
      );
    if (node.step!.phase !== "update")
      throw new TypeError(`update: compute the new ${array.name} inside b.inUpdate(() => …)`);
    if (node.shape && array.shape && !sameShape(node.shape, array.shape))
      throw new ShapeError(
        `update: ${array.name} is ${formatShape(array.shape)} but its new value is ${formatShape(node.shape)}`,
      );
    const { nodes } = this.#graph;
    const isReader = ({ step }: Node) => step?.phase === "update" && step.operands.includes(array);
    const reader = nodes.slice(node.node + 1).find(isReader);
    if (reader)
      throw new TypeError(
        `update: ${array.name} is read by a ${reader.step!.op} between its new value and this call: ` +
          "call update right after computing the new value, or compute that last",
      );
    node.rewrites = array;
    this.#rewritten.add(array);
  }

  /** The finished program. Throws `ShapeError` where arrays do not fit. */
  build(): Program<Names> {
    return new Program<Names>(finish(this.#graph, this.title, this.precision));
  }

  #noise(name: string, columns: number, rate: number, initial: (rate: number) => Initial): Ref {
    if (typeof rate !== "number" || !(rate >= 0 && rate < 1))
      throw new RangeError(`${name}: the rate is ${shown(rate)}, but must be from 0 up to but not 1`);
    return this.#declare(name, "noise", ["batch", columns], initial(rate + 0));
  }

  #declare(name: string, role: Role, shape: SizeShape, initial?: Initial, dtype?: WholeDtype): Ref {
    checkSizes(name, role, shape);
    return this.#graph.declare(this.#declaration(this.#claim(name), role, shape, initial, dtype));
  }

  #declaration(
    name: string,
    role: Role,
    shape: SizeShape,
    initial?: Initial,
    dtype: Dtype = this.precision,
  ): ArrayDeclaration {
    const array = { name, role, shape, dtype, ...(initial === undefined ? {} : { initial }) };
    const place = `${this.title}: array ${name}`;
    checkDtype(place, this.precision, array);
    checkInitial(place, array);
    return array;
  }

  #claim(name: string): string {
    checkName(name);
    if (this.#used.has(name)) throw new NameError(`there are two arrays named "${name}" in ${this.title}`);
    this.#used.add(name);
    return name;
  }

  #unnamed(place: string, ref: Ref): Node {
    const node = this.#graph.find(ref);
    if (!node.step)
      throw new NameError(`${place}: ${node.name} is declared, not computed, and has its name already`);
    if (node.name !== undefined) throw new NameError(`${place}: this array is already named "${node.name}"`);
    if (node.rewrites) throw new NameError(`${place}: this result already replaces ${node.rewrites.name}`);
    return node;
  }

  #noMetric(name: string, ref: Ref): Node {
    const node = this.#unnamed(`"${name}"`, ref);
    if (ops[node.step!.op].kind === "metric")
      throw new TypeError(`"${name}": ${node.step!.op} gives a running total: name it with b.metric`);
    return node;
  }
}

reachable(ProgramBuilder);

function isWeights(node: Node): boolean {
  return node.declaration?.role === "weights";
}
