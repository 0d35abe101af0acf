import fc from "fast-check";
import type { Op, OpName, Ref } from "../../src/ops/op.ts";
import { signature } from "../../src/ops/signature.ts";
import { ops } from "../../src/ops/table.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { Precision } from "../../src/program/data.ts";
import type { Program } from "../../src/program/program.ts";
import type { SizeShape } from "../../src/shape/size.ts";

/** How a random program is built, as plain data, so that a failure shows it. */
export interface Recipe {
  readonly precision: Precision;
  readonly reduce: "sum" | "mean";
  /** Whether the input is bytes. */
  readonly bytes: boolean;
  /** Whether there is a mask, the array at hand when moves begin. */
  readonly mask: boolean;
  /** Whether moves begin with a layer; if not, with any reader of what is given. */
  readonly layerFirst: boolean;
  readonly width: number;
  readonly moves: readonly Move[];
  /** A metric op with its own rule, or a scalar computed by plain steps. */
  readonly loss: "halfSquaredError" | "squaredError" | "plain";
  /** Metrics of any two arrays, given or computed, beside that of the loss. */
  readonly metrics: readonly { readonly op: OpName; readonly left: number; readonly right: number }[];
  readonly update: "descend" | "momentum" | "mirror";
  readonly rows: number;
  readonly batch: number | "full";
  readonly epochs: number;
  readonly seed: number;
  readonly numbers: readonly number[];
}

/** What is done to the array at hand. */
export interface Move {
  readonly kind: (typeof kinds)[number];
  readonly units: number;
  readonly flag: boolean;
  /** Which op is applied, of those that take one array, or two, and have derivatives. */
  readonly op: number;
  /** Which of the arrays before is the partner, where one is needed. */
  readonly partner: number;
  readonly naming: "name" | "inline" | "none";
}

const kinds = [
  "dense",
  "dense",
  "denseRelu",
  "shared",
  "add",
  "subtract",
  "multiply",
  "divide",
  "square",
  "negate",
  "relu",
  "reluAtZero",
  "rowSums",
  "columnSums",
  "scale",
  "divideByScalar",
  "total",
  "covariance",
  "lookup",
  "indicator",
  "unary",
  "binary",
] as const;

const elementwise = (operands: number): OpName[] =>
  named(
    ({ kind, signature: text, gradient }) =>
      kind === "elementwise" &&
      signature(text).operands.length === operands &&
      signature(text).operands.every(
        ({ name, pattern, dtype }) => pattern.join() === "..." && dtype === undefined && name in gradient,
      ),
  );
const named = (condition: (op: Op) => boolean) =>
  (Object.keys(ops) as OpName[]).filter((name) => condition(ops[name]));
const operandsOf = (op: OpName) => signature(ops[op].signature).operands.length;
const unary = elementwise(1);
const binary = elementwise(2);
const metricOps = named(({ kind }) => kind === "metric");
type Plain = Readonly<Record<OpName, (...operands: readonly Ref[]) => Ref>>;

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(...kinds),
  units: fc.integer({ min: 1, max: 3 }),
  flag: fc.boolean(),
  op: fc.nat(99),
  partner: fc.nat(7),
  naming: fc.constantFrom("name", "inline", "none"),
});

export const recipe: fc.Arbitrary<Recipe> = fc.record({
  precision: fc.constantFrom("float64", "float32"),
  reduce: fc.constantFrom("sum", "mean"),
  bytes: fc.boolean(),
  mask: fc.boolean(),
  layerFirst: fc.boolean(),
  width: fc.integer({ min: 1, max: 3 }),
  moves: fc.array(move, { minLength: 1, maxLength: 6 }),
  loss: fc.constantFrom("halfSquaredError", "squaredError", "plain"),
  metrics: fc.array(fc.record({ op: fc.constantFrom(...metricOps), left: fc.nat(9), right: fc.nat(9) }), {
    maxLength: 2,
  }),
  update: fc.constantFrom("descend", "momentum", "mirror"),
  rows: fc.integer({ min: 1, max: 5 }),
  batch: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant("full" as const)),
  epochs: fc.integer({ min: 1, max: 2 }),
  seed: fc.nat(2 ** 32 - 1),
  numbers: fc.array(
    fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom(0, -0, 1, -1, 0.1, 1 / 3)),
    { minLength: 40, maxLength: 40 },
  ),
});

/**
 * Builds the program of a recipe, and the rows of its inputs and its target. If `sized`, arrays are called after their shapes
 * too, so that programs of different recipes go together in a session.
 */
export function build(
  recipe: Recipe,
  title = "train",
  sized = false,
): { program: Program; data: Record<string, number[][] | number[]> } {
  const b = new ProgramBuilder(title, recipe.precision);
  const called = (name: string, shape: SizeShape) => (sized ? [name, ...shape].join("_") : name);
  const given = b.input("input", ["batch", recipe.width], recipe.bytes ? "uint8" : undefined);
  const input = recipe.bytes ? b.ops.fromBytes(given, { divisor: 100 }) : given;
  const words = b.input("words", ["batch"], "int32");
  const weights: Ref[] = [];
  const arrays = recipe.mask ? [input, b.noise("mask", recipe.width, 0.5)] : [input];
  const plain = b.ops as unknown as Plain;
  const widthOf = (ref: Ref) => b.shape(ref)[1] as number;
  const declare = (shape: readonly number[]): Ref => {
    const ref = b.weights(called(`weights_${weights.length}`, shape), shape, { uniform: [-1, 1] });
    weights.push(ref);
    return ref;
  };

  const linear = (x: Ref, { units, flag }: Move): Ref => {
    const product = b.ops.matmul(x, declare([widthOf(x), units]));
    return flag ? b.ops.add(product, declare([units])) : product;
  };
  const apply = (at: Ref, each: Move): Ref => {
    const same = arrays.filter((other) => widthOf(other) === widthOf(at));
    const partner = same[each.partner % same.length]!;
    switch (each.kind) {
      case "dense":
        return linear(at, each);
      case "denseRelu":
        return b.ops.relu(linear(at, each));
      case "shared": {
        const fitting = weights.find(
          (ref) => b.shape(ref).length === 2 && b.shape(ref)[0] === widthOf(at) && each.flag,
        );
        return b.ops.matmul(at, fitting ?? declare([widthOf(at), widthOf(at)]));
      }
      case "add":
      case "subtract":
      case "multiply":
      case "divide":
        return each.flag ? b.ops[each.kind](at, partner) : b.ops[each.kind](partner, at);
      case "unary":
        return plain[unary[each.op % unary.length]!](at);
      case "binary":
        return plain[binary[each.op % binary.length]!](at, partner);
      case "square":
      case "negate":
      case "relu":
        return b.ops[each.kind](at);
      case "reluAtZero":
        return b.ops.relu(at, { at_zero: 1, of_output: each.flag ? 1 : 0 });
      case "rowSums":
        return b.ops.multiply(at, b.ops.sumColumns(partner));
      case "columnSums":
        return b.ops.subtract(b.ops.sumRows(partner), at);
      case "scale":
        return b.ops.scale(each.flag ? declare([]) : b.setting(`factor_${arrays.length}`, 0.75), at);
      case "divideByScalar":
        return b.ops.divideByScalar(at, each.flag ? declare([]) : b.rowCount());
      case "total":
        return b.ops.scale(b.ops.total(partner), at);
      case "lookup":
        return b.ops.add(at, b.ops.gatherRows(declare([4, widthOf(at)]), words));
      case "indicator":
        return b.ops.matmul(b.ops.oneHot(words, { k: 3 }), declare([3, each.units]));
      case "covariance":
        return b.ops.matmul(at, b.ops.matmul(b.ops.transpose(at), partner));
    }
  };

  const layer: Move = { kind: "dense", units: 2, flag: true, op: 0, partner: 0, naming: "name" };
  // A loss of no weights has no derivative.
  const moves = recipe.layerFirst ? [layer, ...recipe.moves] : [...recipe.moves, layer];
  for (const [place, each] of moves.entries()) {
    const result = apply(arrays.at(-1)!, each);
    if (each.naming !== "none") b[each.naming](called(`layer_${place}`, b.shape(result)), result);
    arrays.push(result);
  }
  const output = arrays.at(-1)!;
  const outputs = widthOf(output);
  const goalName = called("goal", [outputs]);
  const goal = b.target(goalName, ["batch", outputs]);
  b.metric("error", b.ops.squaredError(output, goal), "Error");
  const all = [...arrays, goal];
  for (const [k, { op, left, right }] of recipe.metrics.entries()) {
    const one = all[left % all.length]!;
    const fitting = all.filter((each) => widthOf(each) === widthOf(one));
    const operands = [one, fitting[right % fitting.length]!];
    b.metric(`metric_${k}`, plain[op](...operands.slice(0, operandsOf(op))));
  }
  const loss =
    recipe.loss === "plain"
      ? b.ops.total(b.ops.square(b.ops.subtract(output, goal)))
      : b.ops[recipe.loss](output, goal);
  update(b, recipe, called, b.gradient(loss, { reduce: recipe.reduce }));

  const rows = (width: number, from: number) =>
    Array.from({ length: recipe.rows }, (_, row) =>
      Array.from(
        { length: width },
        (_, column) => recipe.numbers[(from + row * width + column) % recipe.numbers.length]!,
      ),
    );
  const whole = (value: number, most: number) => Math.floor(Math.abs(value) * 97) % most;
  const inputs = rows(recipe.width, 0);
  return {
    program: b.build(),
    data: {
      input: recipe.bytes ? inputs.map((row) => row.map((value) => whole(value, 256))) : inputs,
      words: rows(1, 31).map(([value]) => whole(value!, 4)),
      [goalName]: rows(outputs, 17),
    },
  };
}

function update(
  b: ProgramBuilder,
  { update: kind }: Recipe,
  called: (name: string, shape: SizeShape) => string,
  gradients: ReadonlyMap<Ref, Ref>,
): void {
  const alpha = b.setting("alpha", 0.05);
  let count = 0;
  b.inUpdate(() => {
    for (const [weights, delta] of gradients) {
      const shape = b.shape(weights) as readonly number[];
      const step = b.ops.scale(alpha, delta);
      if (kind === "momentum") {
        const velocity = b.state(called(`velocity_${count++}`, shape), shape, { value: 0.125 });
        b.update(velocity, b.ops.add(b.ops.scale(alpha, velocity), step));
        b.update(weights, b.ops.subtract(weights, velocity));
      } else if (kind === "mirror" && shape.length === 2 && shape[0] === shape[1])
        // Reads what it rewrites, transposed.
        b.update(weights, b.ops.subtract(weights, b.ops.multiply(step, b.ops.transpose(weights))));
      else b.update(weights, b.ops.subtract(weights, step));
    }
  });
}
