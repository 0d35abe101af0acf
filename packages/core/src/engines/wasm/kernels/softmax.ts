import type { Body, Local } from "../code/body.ts";
import { type Code, call } from "../code/code.ts";
import { i32, v128 } from "../code/instructions.ts";
import type { Lanes } from "../code/lanes.ts";
import type { Kernel } from "../plan/lower.ts";
import { type Context, fixed, type Part, sizeCode, times } from "./context.ts";
import { sideBySide } from "./elementwise.ts";

/** A lane of a vector, as the first of another. */
export function laneFirst(value: Code, lane: number, { bytes }: Pick<Lanes, "bytes">): Code {
  if (lane === 0) return value;
  const order = Array.from({ length: 16 }, (_, byte) => (byte + lane * bytes) % 16);
  return v128.shuffle(value, value, order);
}

/** Rows of sums as probabilities, or (`logarithms`) as the logarithms of these. */
export function softmaxCode(
  { main }: Kernel,
  context: Context,
  { body, from, to }: Part,
  logarithms: boolean,
): Code {
  const { lanes, arrays, address, functionIndex } = context;
  const { "+": add, "-": subtract, "/": divide } = lanes.arithmetic;
  const [name] = main!.reads as [string];
  const [x, out] = [address(name), address(main!.writes)];
  const columns = arrays.shape(name)[1]!;
  const perRow = times(sizeCode(columns, context), lanes.bytes);
  const [most, sum, value] = [body.local("v128"), body.local("v128"), body.local("v128")];
  const start = body.local("i32");
  const exp = (operand: Code) => call(functionIndex("exp", lanes), operand);
  const across = acrossRow(columns, start, context, body);
  return body.loop(from, to, 1, (row) => [
    start.set(times(row, perRow)),
    mostOf(most, x, across, context),
    sum.set(lanes.constant(0)),
    across((at, count, ahead) => [
      value.set(subtract(lanes.load(count, at, x + ahead * lanes.bytes), most.get)),
      logarithms ? lanes.store(count, at, value.get, out + ahead * lanes.bytes) : [],
      value.set(exp(value.get)),
      logarithms ? [] : lanes.store(count, at, value.get, out + ahead * lanes.bytes),
      Array.from({ length: count }, (_, lane) =>
        sum.set(add(sum.get, laneFirst(value.get, lane, lanes))),
      ).flat(),
    ]),
    logarithms ? sum.set(call(functionIndex("log", lanes), sum.get)) : [],
    sum.set(splatFirst(sum.get, lanes)),
    across((at, count, ahead) => {
      const offset = out + ahead * lanes.bytes;
      const before = lanes.load(count, at, offset);
      return lanes.store(count, at, logarithms ? subtract(before, sum.get) : divide(before, sum.get), offset);
    }),
  ]);
}

/** Runs code for the numbers of a row that begins at `start` (in bytes), some side by side. */
export function acrossRow(columns: number | "batch", start: Local, context: Context, body: Body) {
  const known = fixed(columns, context);
  const width = times(sizeCode(columns, context), context.lanes.bytes);
  return (compute: (at: Code, count: number, ahead: number) => Code): Code =>
    known === undefined
      ? sideBySide(start.get, i32.add(start.get, width), undefined, context, body, compute)
      : sideBySide(i32.const(0), width, known, context, body, (position, count, ahead) =>
          compute(i32.add(start.get, position), count, ahead),
        );
}

/** The largest number of a row, in all lanes; a NaN wins. In any order, since a maximum is exact. */
function mostOf(most: Local, x: number, across: ReturnType<typeof acrossRow>, { lanes }: Context): Code {
  const { max } = lanes.arithmetic;
  return [
    most.set(lanes.constant(-Infinity)),
    across((at, count, ahead) => {
      const offset = x + ahead * lanes.bytes;
      if (count === lanes.width) return most.set(max(most.get, lanes.load(count, at, offset)));
      return Array.from({ length: count }, (_, lane) =>
        most.set(max(most.get, lanes.splat(at, offset + lane * lanes.bytes))),
      ).flat();
    }),
    most.set(max(most.get, v128.shuffle(most.get, most.get, rotated(8)))),
    lanes.width === 4 ? most.set(max(most.get, v128.shuffle(most.get, most.get, rotated(4)))) : [],
  ];
}

const rotated = (by: number): number[] => Array.from({ length: 16 }, (_, byte) => (byte + by) % 16);

function splatFirst(value: Code, { bytes }: Lanes): Code {
  return v128.shuffle(
    value,
    value,
    Array.from({ length: 16 }, (_, byte) => byte % bytes),
  );
}
