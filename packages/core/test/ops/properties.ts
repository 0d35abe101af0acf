import fc from "fast-check";
import type { Session } from "../../src/engines/engine.ts";
import type { OpName, Ref } from "../../src/ops/op.ts";
import type { Precision } from "../../src/program/data.ts";
import type { Shape } from "../../src/shape/block.ts";
import { blockOf, elements } from "./bits.ts";
import { append, operandsOf } from "./cases.ts";
import { type Library, opNames, library as original } from "./library.ts";
import {
  block,
  columnsOf,
  matrices,
  matrix,
  number,
  type Property,
  precision,
  rowsOf,
  same,
  size,
  smooth,
  stored,
} from "./numbers.ts";
import { onlyItsRows, rowByRow, rowwise } from "./rows.ts";
import { inOrder, product, rounding, running, softmaxOf, terms } from "./sums.ts";

/** A program of a few steps over matrices; gives its results. */
function compute(
  { ProgramBuilder, engines }: Library,
  engine: string,
  to: Precision,
  operands: Readonly<Record<string, { readonly shape: Shape; readonly values: readonly number[] }>>,
  build: (b: InstanceType<Library["ProgramBuilder"]>, refs: Readonly<Record<string, Ref>>) => void,
  results: readonly string[],
): number[][] {
  const b = new ProgramBuilder("law", to);
  const refs: Record<string, Ref> = {};
  for (const [name, { shape }] of Object.entries(operands)) refs[name] = b.weights(name, shape);
  build(b, refs);
  const session = engines[engine]!.open(b.build(), { keep: "all" });
  for (const [name, { shape, values }] of Object.entries(operands))
    session.write({ [name]: blockOf("float64", shape, values) });
  session.run();
  return results.map((name) => elements(session.read(name)));
}

const matmulInOrder: Property = (library, engine, effort) =>
  fc.assert(
    fc.property(matrices, ({ to, sizes: [, k, m], left, right }) => {
      const [found] = compute(
        library,
        engine,
        to,
        { left: rowsOf(left, k), right: rowsOf(right, m) },
        (b, refs) => b.name("result", b.ops.matmul(refs.left!, refs.right!)),
        ["result"],
      );
      return same(found!, product(stored(left, to), stored(right, to), m, rounding[to]));
    }),
    effort,
  );

const sumsInOrder: Property = (library, engine, effort) =>
  fc.assert(
    fc.property(matrices, ({ to, sizes: [, k], left }) => {
      const x = stored(left, to);
      const [down, across, all] = compute(
        library,
        engine,
        to,
        { left: rowsOf(left, k) },
        (b, { left: ref }) => {
          b.name("down", b.ops.sumRows(ref!));
          b.name("across", b.ops.sumColumns(ref!));
          b.name("all", b.ops.total(ref!));
        },
        ["down", "across", "all"],
      );
      const round = rounding[to];
      const columns = columnsOf(x, k).map((column) => inOrder(column, round));
      return (
        same(down!, columns) &&
        same(
          across!,
          x.map((row) => inOrder(row, round)),
        ) &&
        same(all!, [inOrder(columns, round)])
      );
    }),
    effort,
  );

/** Enough long rows that a sum in any other order, or with one rounding less, shows. */
const longRows = fc.record({ to: precision, left: smooth(10, 6), right: smooth(10, 6) });

const softmaxInOrder: Property = (library, engine, effort) =>
  fc.assert(
    fc.property(longRows, ({ to, left }) => {
      const [shares, logarithms, ofView] = compute(
        library,
        engine,
        to,
        { left: rowsOf(left, 6), turned: rowsOf(columnsOf(left, 6), left.length) },
        (b, { left: ref, turned }) => {
          b.name("shares", b.ops.softmax(ref!));
          b.name("logarithms", b.ops.logSoftmax(ref!));
          b.name("of_view", b.ops.softmax(b.ops.transpose(turned!)));
        },
        ["shares", "logarithms", "of_view"],
      );
      const wanted = stored(left, to).map((row) => softmaxOf(row, rounding[to]));
      const wantedShares = wanted.flatMap((each) => each.shares);
      const wantedLogarithms = wanted.flatMap((each) => each.logarithms);
      return (
        same(shares!, wantedShares) && same(logarithms!, wantedLogarithms) && same(ofView!, wantedShares)
      );
    }),
    effort,
  );

const metricsInOrder: Property = (library, engine, effort) =>
  fc.assert(
    fc.property(longRows, ({ to, left, right }) => {
      const session = comparing(library, engine, to, 6, left.length);
      session.write({ prediction: block(left, 6), target: block(right, 6) });
      session.run();
      return metrics.every((op) =>
        same(session.read(`${op}_total`).data, [running(0, stored(left, to), stored(right, to), terms[op]!)]),
      );
    }),
    effort,
  );

const viewsAsCopies: Property = (library, engine, effort) =>
  fc.assert(
    fc.property(matrices, ({ to, sizes: [n, k, m], left, right }) => {
      const results = compute(
        library,
        engine,
        to,
        {
          left: rowsOf(left, k),
          right: rowsOf(right, m),
          left_turned: rowsOf(columnsOf(left, k), n),
          right_turned: rowsOf(columnsOf(right, m), k),
        },
        (b, { left, right, left_turned, right_turned }) => {
          const { matmul, transpose, sumRows, sumColumns, negate } = b.ops;
          b.name("copies", matmul(left!, right!));
          b.name("left_view", matmul(transpose(left_turned!), right!));
          b.name("right_view", matmul(left!, transpose(right_turned!)));
          b.name("both_views", matmul(transpose(left_turned!), transpose(right_turned!)));
          b.name("back_again", matmul(transpose(transpose(left!)), right!));
          b.name("down", sumRows(left!));
          b.name("down_view", sumColumns(left_turned!));
          b.name("down_turned", sumRows(transpose(left_turned!)));
          b.name("across_turned", sumColumns(transpose(left_turned!)));
          b.name("across", sumColumns(left!));
          b.name("negated", negate(left!));
          b.name("negated_view", negate(transpose(left_turned!)));
        },
        [
          ...["copies", "left_view", "right_view", "both_views", "back_again"],
          ...["down", "down_view", "down_turned", "across", "across_turned", "negated", "negated_view"],
        ],
      );
      const [copies, leftView, rightView, bothViews, again, down, downView, downTurned] = results;
      const [across, acrossTurned, negated, negatedView] = results.slice(8);
      return (
        [leftView, rightView, bothViews, again].every((view) => same(view!, copies!)) &&
        [downView, downTurned].every((view) => same(view!, down!)) &&
        same(acrossTurned!, across!) &&
        same(negatedView!, negated!)
      );
    }),
    effort,
  );

const metrics = opNames.filter((op) => original.ops[op].kind === "metric");

/** A program that only compares: its inputs are predictions and targets of any number of rows. */
function comparing(library: Library, engine: string, to: Precision, columns: number, capacity = 8): Session {
  const b = new library.ProgramBuilder("comparing", to);
  const prediction = b.input("prediction", ["batch", columns]);
  const target = b.target("target", ["batch", columns]);
  const given = (op: OpName) => [prediction, target].slice(0, operandsOf(op).length);
  for (const op of metrics) b.metric(`${op}_total`, append(b, op, given(op)));
  return library.engines[engine]!.open(b.build(), { capacity });
}

const comparisons = fc
  .record({ to: precision, n: fc.integer({ min: 0, max: 8 }), m: size, start: number })
  .chain(({ to, n, m, start }) =>
    fc.record({
      to: fc.constant(to),
      m: fc.constant(m),
      start: fc.constant(start),
      prediction: matrix(n, m),
      target: matrix(n, m),
      cuts: fc.array(fc.integer({ min: 0, max: n }), { maxLength: 4 }),
    }),
  );

const metricsGoOn: Property = (library, engine, effort) =>
  fc.assert(
    fc.property(comparisons, ({ to, m, start, prediction, target, cuts }) => {
      const session = comparing(library, engine, to, m);
      for (const op of metrics) session.write({ [`${op}_total`]: start });
      const borders = [0, ...cuts.sort((a, b) => a - b), prediction.length];
      for (const [i, from] of borders.slice(0, -1).entries()) {
        const to = borders[i + 1]!;
        session.write({
          prediction: block(prediction.slice(from, to), m),
          target: block(target.slice(from, to), m),
        });
        session.run({ phase: "compare", accumulate: true });
      }
      return metrics.every((op) =>
        same(session.read(`${op}_total`).data, [
          running(start, stored(prediction, to), stored(target, to), terms[op]!),
        ]),
      );
    }),
    effort,
  );

/** What every engine owes beyond the examples. */
export const properties: Readonly<Record<string, Property>> = {
  "matmul adds its terms in ascending order": matmulInOrder,
  "sumRows, sumColumns and total add in ascending order": sumsInOrder,
  "softmax and logSoftmax add in ascending order": softmaxInOrder,
  "a transposed view gives what a transposed copy gives": viewsAsCopies,
  "metrics add in ascending order": metricsInOrder,
  "metrics go on from the stored total, however the rows are cut into batches": metricsGoOn,
  "a batch gives what its rows give one by one": rowByRow,
  "a run writes its own rows and no others": onlyItsRows,
};

/** The ops that the laws of rows and of metrics speak about, for the test that they are not none. */
export const covered = { rowwise: rowwise.map(({ op }) => op), metrics };
