import { parse, substitute } from "../../../ops/expression.ts";
import type { RowMetricName } from "../../../ops/op.ts";
import { signature } from "../../../ops/signature.ts";
import { ops } from "../../../ops/table.ts";
import type { Body, Local } from "../code/body.ts";
import { type Code, call, when } from "../code/code.ts";
import { expressionCode } from "../code/expressionCode.ts";
import { f32, f64, f64x2, i32 } from "../code/instructions.ts";
import { doubles, singles } from "../code/lanes.ts";
import type { Kernel } from "../plan/lower.ts";
import { type Context, fixed, type Part, sizeCode, times } from "./context.ts";
import { sideBySide } from "./elementwise.ts";

/** Adds the rows of a batch to a running total, one after the other, in float64. */
export function metricCode(kernel: Kernel, context: Context, part: Part): Code {
  const { body, from, to } = part;
  const main = kernel.main!;
  const total = body.local("f64");
  const term = body.local("f64");
  const address = context.address(main.writes);
  const rowCode = main.op in rowTerms ? rowTerms[main.op as keyof typeof rowTerms] : elementTerms;
  return [
    total.set(f64.load(i32.const(0), address)),
    body.loop(
      from,
      to,
      1,
      (row) => [rowCode(kernel, context, body, row, term), total.set(f64.add(total.get, term.get))],
      part.known === 1,
    ),
    f64.store(i32.const(0), total.get, address),
  ];
}

/** Gives the term of a row a value. */
type RowTerm = (kernel: Kernel, context: Context, body: Body, row: Code, term: Local) => Code;

/** The two or one numbers of an operand that begin at an address, widened. */
function widened(count: number, address: Code, offset: number, { lanes }: Context): Code {
  if (lanes === doubles) return doubles.load(count, address, offset);
  return f64x2.promoteLow(singles.load(count, address, offset));
}

/** Runs code for the columns of a row, two side by side in float64. */
function columnsOf(kernel: Kernel, context: Context, body: Body, row: Code) {
  const columns = context.arrays.shape(kernel.main!.reads[0]!)[1]!;
  const width = times(sizeCode(columns, context), context.lanes.bytes);
  const known = fixed(columns, context);
  const start = body.held(times(row, width));
  const pairs: Context = { ...context, lanes: { ...context.lanes, width: 2 } };
  const across = (compute: (at: Code, count: number, ahead: number) => Code): Code =>
    known === undefined
      ? sideBySide(start.get, i32.add(start.get, width), undefined, pairs, body, compute)
      : sideBySide(i32.const(0), width, known, pairs, body, (position, count, ahead) =>
          compute(i32.add(start.get, position), count, ahead),
        );
  return { columns: known, begin: start.code, across };
}

/** The sum over the columns of an expression of the operands. */
const elementTerms: RowTerm = (kernel, context, body, row, { set, get }) => {
  const main = kernel.main!;
  const op = ops[main.op];
  const { columns, begin, across } = columnsOf(kernel, context, body, row);
  const names = signature(op.signature).operands.map(({ name }) => name);
  const operands = names.map(() => body.local("v128"));
  const value = body.local("v128");
  const parameters = { ...op.parameters, ...main.parameters } as Record<string, number>;
  const expression = substitute(parse((op as { expression: string }).expression), parameters);
  return [
    begin,
    set(f64.const(columns === 0 ? 0 : -0)),
    across((at, count, ahead) => [
      operands.flatMap((operand, k) =>
        operand.set(
          widened(count, at, context.address(main.reads[k]!) + ahead * context.lanes.bytes, context),
        ),
      ),
      value.set(
        expressionCode(expression, {
          body,
          lanes: doubles,
          operand: (name) => operands[names.indexOf(name)]!.get,
          functionIndex: context.functionIndex,
        }),
      ),
      Array.from({ length: count }, (_, lane) => set(f64.add(get, f64x2.extract(value.get, lane)))).flat(),
    ]),
  ];
};

/** −Σ t log softmax(z), as the op's own loop has it. */
const categoricalCrossEntropy: RowTerm = (kernel, context, body, row, { set, get }) => {
  const { lanes } = context;
  const [z, t] = kernel.main!.reads.map((name) => context.address(name)) as [number, number];
  const { columns, begin, across } = columnsOf(kernel, context, body, row);
  const [most, sum, value] = [body.local("v128"), body.local("f64"), body.local("v128")];
  const { max } = doubles.arithmetic;
  const function_ = (name: "exp" | "log", operand: Code) =>
    call(context.functionIndex(name, doubles), operand);
  const shifted = (at: Code, count: number, ahead: number) =>
    f64x2.sub(widened(count, at, z + ahead * lanes.bytes, context), most.get);
  const inOrder = (count: number, add: (lane: number) => Code): Code =>
    Array.from({ length: count }, (_, lane) => add(lane)).flat();
  return [
    begin,
    most.set(f64x2.const(-Infinity)),
    across((at, count, ahead) =>
      inOrder(count, (lane) =>
        most.set(max(most.get, widened(1, at, z + (ahead + lane) * lanes.bytes, context))),
      ),
    ),
    // Both lanes the same.
    most.set(f64x2.splat(f64x2.extract(most.get, 0))),
    sum.set(f64.const(0)),
    across((at, count, ahead) => [
      value.set(function_("exp", shifted(at, count, ahead))),
      inOrder(count, (lane) => sum.set(f64.add(sum.get, f64x2.extract(value.get, lane)))),
    ]),
    sum.set(f64x2.extract(function_("log", f64x2.splat(sum.get)), 0)),
    set(f64.const(columns === 0 ? 0 : -0)),
    across((at, count, ahead) => [
      value.set(
        f64x2.mul(
          widened(count, at, t + ahead * lanes.bytes, context),
          f64x2.sub(f64x2.splat(sum.get), shifted(at, count, ahead)),
        ),
      ),
      inOrder(count, (lane) => set(f64.add(get, f64x2.extract(value.get, lane)))),
    ]),
  ];
};

/** 1 where the largest numbers of a row's operands stand in one place, the first of equals; 0 where there is a NaN. */
const rightClasses: RowTerm = (kernel, context, body, row, term) => {
  const { lanes } = context;
  const columns = context.arrays.shape(kernel.main!.reads[0]!)[1]!;
  const width = times(sizeCode(columns, context), lanes.bytes);
  const read = (at: Code, offset: number) =>
    lanes === doubles ? f64.load(at, offset) : f64.promote(f32.load(at, offset));
  const places = kernel.main!.reads.map((name) => ({
    offset: context.address(name),
    place: body.local("i32"),
    most: body.local("f64"),
  }));
  const [start, value] = [body.local("i32"), body.local("f64")];
  const [left, right] = places as [(typeof places)[0], (typeof places)[0]];
  return [
    start.set(times(row, width)),
    places.flatMap(({ offset, place, most }) => [
      place.set(i32.const(0)),
      when(sizeCode(columns, context), most.set(read(start.get, offset))),
      body.loop(i32.const(1), sizeCode(columns, context), 1, (column) => [
        value.set(read(i32.add(start.get, times(column, lanes.bytes)), offset)),
        when(i32.and(f64.eq(most.get, most.get), i32.eqz(f64.le(value.get, most.get))), [
          place.set(column),
          most.set(value.get),
        ]),
      ]),
    ]),
    // A NaN, once met, stays the largest.
    term.set(
      f64.convert(
        i32.and(
          i32.eq(left.place.get, right.place.get),
          i32.and(f64.eq(left.most.get, left.most.get), f64.eq(right.most.get, right.most.get)),
        ),
      ),
    ),
  ];
};

const rowTerms: Readonly<Record<RowMetricName, RowTerm>> = { categoricalCrossEntropy, rightClasses };
