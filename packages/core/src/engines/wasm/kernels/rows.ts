import { type Code, fillBytes, when } from "../code/code.ts";
import { i32 } from "../code/instructions.ts";
import type { Kernel } from "../plan/lower.ts";
import { type Context, type Part, productOf, sizeCode, times } from "./context.ts";
import { acrossRow } from "./softmax.ts";

/** A row for each label: 1 in the label's column, else 0. */
export function oneHotCode({ main, shape }: Kernel, context: Context, { body, from, to }: Part): Code {
  const { lanes, address } = context;
  const [labels] = main!.reads as [string];
  const columns = sizeCode(shape[1]!, context);
  const perRow = times(columns, lanes.bytes);
  const out = address(main!.writes);
  const label = body.local("i32");
  return [
    fillBytes(i32.add(i32.const(out), times(from, perRow)), 0, times(i32.sub(to, from), perRow)),
    body.loop(from, to, 1, (row) => [
      label.set(i32.load(times(row, 4), address(labels))),
      when(
        i32.ltU(label.get, columns),
        lanes.store(1, i32.add(times(row, perRow), times(label.get, lanes.bytes)), lanes.constant(1), out),
      ),
    ]),
  ];
}

/** Rows of a table; those outside it are NaN. */
export function gatherRowsCode({ main }: Kernel, context: Context, { body, from, to }: Part): Code {
  const { lanes, arrays, address } = context;
  const [table, rows] = main!.reads as [string, string];
  const [count, columns] = arrays.shape(table) as [number, number];
  const perRow = times(sizeCode(columns, context), lanes.bytes);
  const [source, out] = [address(table), address(main!.writes)];
  const [row, start, into] = [body.local("i32"), body.local("i32"), body.local("i32")];
  const across = acrossRow(columns, into, context, body);
  return body.loop(from, to, 1, (place) => [
    row.set(i32.load(times(place, 4), address(rows))),
    into.set(times(place, perRow)),
    when(
      i32.ltU(row.get, sizeCode(count, context)),
      [
        start.set(i32.sub(times(row.get, perRow), into.get)),
        across((at, many, ahead) => {
          const offset = ahead * lanes.bytes;
          const value = lanes.load(many, i32.add(at, start.get), source + offset);
          return lanes.store(many, at, value, out + offset);
        }),
      ],
      across((at, many, ahead) => lanes.store(many, at, lanes.constant(NaN), out + ahead * lanes.bytes)),
    ),
  ]);
}

/** Each row added to the row with its number of a table; a sum begins with its first term, and is 0 of nothing. */
export function scatterRowsCode(kernel: Kernel, context: Context, { body, from, to }: Part): Code {
  const { lanes, arrays, address } = context;
  const { main, shape } = kernel;
  const [x, rows] = main!.reads as [string, string];
  const [places, columns] = arrays.shape(x) as [number, number];
  const perRow = times(sizeCode(columns, context), lanes.bytes);
  const [source, out] = [address(x), address(main!.writes)];
  const most = productOf([shape[0]!], context);
  // A byte for each row of the table: whether something was added to it.
  const begun = context.scratch(typeof most === "number" ? most : context.capacity);
  const [row, start, into] = [body.local("i32"), body.local("i32"), body.local("i32")];
  const across = acrossRow(columns, into, context, body);
  const flag = i32.add(begun, row.get);
  const each = (combine: (term: Code, at: Code, many: number, offset: number) => Code) =>
    across((at, many, ahead) => {
      const offset = ahead * lanes.bytes;
      const term = lanes.load(many, i32.add(at, start.get), source + offset);
      return lanes.store(many, at, combine(term, at, many, out + offset), out + offset);
    });
  return [
    fillBytes(i32.add(i32.const(out), times(from, perRow)), 0, times(i32.sub(to, from), perRow)),
    fillBytes(i32.add(begun, from), 0, i32.sub(to, from)),
    body.loop(i32.const(0), sizeCode(places, context), 1, (place) => [
      row.set(i32.load(times(place, 4), address(rows))),
      when(i32.and(i32.ge(row.get, from), i32.lt(row.get, to)), [
        into.set(times(row.get, perRow)),
        start.set(i32.sub(times(place, perRow), into.get)),
        when(
          i32.load8(flag),
          each((term, at, many, offset) => lanes.arithmetic["+"](lanes.load(many, at, offset), term)),
          each((term) => term),
        ),
        i32.store8(flag, i32.const(1)),
      ]),
    ]),
  ];
}
