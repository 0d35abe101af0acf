import type { Body } from "../code/body.ts";
import { type Code, repeat, when } from "../code/code.ts";
import { i32 } from "../code/instructions.ts";
import type { Kernel } from "../plan/lower.ts";
import { asCode, type Context, type Part, productOf, times } from "./context.ts";
import { type Address, type Place, readsAcross, scalarsOf, stepsCode } from "./steps.ts";

/** So many numbers in a row are computed without a loop. */
const unrolled = 16;

/** A kernel without a main op: each number by itself, several side by side. */
export function elementwiseCode(kernel: Kernel, context: Context, part: Part): Code {
  const { body } = part;
  const scalars = scalarsOf(kernel, context, body);
  const at = (place: Place): Code => stepsCode(kernel, place, undefined, scalars, context, body);
  const { shape } = kernel;
  if (shape.length === 0) return [scalars.code, at(single)];
  const columns = productOf(shape.slice(1), context);
  const loops = readsAcross(kernel, context)
    ? byRows(columns, context, part, at)
    : overAll(columns, context, part, at);
  return [scalars.code, loops];
}

const zero = { code: i32.const(0), offset: 0 };
const single: Place = { count: 1, each: () => zero, column: () => zero, row: () => zero };

/** All rows of the part as one long row. */
function overAll(
  columns: number | Code,
  context: Context,
  { body, from, to, known }: Part,
  at: (place: Place) => Code,
): Code {
  const { bytes } = context.lanes;
  const perRow = typeof columns === "number" ? columns * bytes : times(columns, bytes);
  const all = typeof columns === "number" && known !== undefined ? known * columns : undefined;
  return sideBySide(times(from, perRow), times(to, perRow), all, context, body, (position, count, ahead) => {
    const address = addressing(position, ahead, context);
    return at({ count, each: address, column: address, row: address });
  });
}

function byRows(
  columns: number | Code,
  context: Context,
  { body, from, to }: Part,
  at: (place: Place) => Code,
): Code {
  const { bytes } = context.lanes;
  const known = typeof columns === "number" ? columns : undefined;
  const perRow = typeof columns === "number" ? columns * bytes : times(columns, bytes);
  return body.loop(from, to, 1, (row) => {
    const start = body.local("i32");
    const across = sideBySide(i32.const(0), asCode(perRow), known, context, body, (position, count, ahead) =>
      at({
        count,
        each: addressing(i32.add(start.get, position), ahead, context),
        column: addressing(position, ahead, context),
        row: (size) => ({ code: times(row, size), offset: 0 }),
      }),
    );
    return [...start.set(times(row, perRow)), ...across];
  });
}

/** The address of a number that lies so many bytes behind the first, in arrays whose numbers have another size too. */
export function addressing(position: Code, ahead: number, { lanes }: Context): (bytes: number) => Address {
  return (bytes) => ({
    code:
      bytes === lanes.bytes ? position : i32.shrU(position, i32.const(31 - Math.clz32(lanes.bytes / bytes))),
    offset: ahead * bytes,
  });
}

/**
 * Runs `compute` for the numbers from one position to before another, counted in bytes of the program's precision, as many
 * side by side as there are lanes and the rest in smaller groups. With `known` there are so many, from 0. `ahead` is
 * how many numbers beyond `position` a group begins.
 */
export function sideBySide(
  from: Code,
  to: Code,
  known: number | undefined,
  { lanes: { width, bytes } }: Context,
  body: Body,
  compute: (position: Code, count: number, ahead: number) => Code,
): Code {
  if (known !== undefined) {
    const whole = known <= unrolled ? 0 : known - (known % width);
    const rest: Code[] = [];
    for (let ahead = whole; ahead < known; ) {
      const count = largestPower(Math.min(width, known - ahead));
      rest.push(compute(i32.const(0), count, ahead));
      ahead += count;
    }
    const loop =
      whole === 0
        ? []
        : body.loop(i32.const(0), i32.const(whole * bytes), width * bytes, (at) => compute(at, width, 0));
    return [...loop, ...rest];
  }
  const at = body.local("i32");
  const next = (count: number) => at.set(i32.add(at.get, i32.const(count * bytes)));
  const fits = i32.ge(i32.sub(to, at.get), i32.const(width * bytes));
  const left = i32.lt(at.get, to);
  return [
    at.set(from),
    when(fits, repeat([compute(at.get, width, 0), next(width)], fits)),
    when(left, repeat([compute(at.get, 1, 0), next(1)], left)),
  ];
}

/** 4, 2 or 1: how many numbers are read at once where so many are left. */
export function largestPower(left: number): number {
  return left >= 4 ? 4 : left >= 2 ? 2 : 1;
}
