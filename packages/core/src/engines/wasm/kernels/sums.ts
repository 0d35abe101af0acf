import type { Local } from "../code/body.ts";
import type { Code } from "../code/code.ts";
import { i32 } from "../code/instructions.ts";
import type { Kernel } from "../plan/lower.ts";
import { asCode, type Context, fixed, type Part, productOf, sizeCode, times } from "./context.ts";
import { addressing, sideBySide } from "./elementwise.ts";
import { scalarsOf, stepsCode } from "./steps.ts";

/** Down the columns, several side by side; each sum begins with its first term (-0 + x is x) and is 0 of nothing. */
export function sumRowsCode(kernel: Kernel, context: Context, part: Part): Code {
  const { lanes, arrays, address } = context;
  const { body, from, to, known } = part;
  const [name] = kernel.main!.reads as [string];
  const shape = arrays.shape(name);
  const columns = productOf(shape.slice(1), context);
  const perRow = typeof columns === "number" ? columns * lanes.bytes : times(columns, lanes.bytes);
  const scalars = scalarsOf(kernel, context, body);
  const perPart = productOf(kernel.shape.slice(1), context);
  const inBytes = (position: Code) => times(times(position, perPart), lanes.bytes);
  const all = typeof perPart === "number" && known !== undefined ? known * perPart : undefined;
  const sum = body.local("v128");
  const at = body.local("i32");
  const sums = (position: Code, count: number, ahead: number): Code => {
    const place = addressing(position, ahead, context);
    const adding = eachTerm(sum, shape[0]!, context, part, () => [
      sum.set(lanes.arithmetic["+"](sum.get, lanes.load(count, at.get, address(name) + ahead * lanes.bytes))),
      at.set(i32.add(at.get, asCode(perRow))),
    ]);
    const steps = stepsCode(
      kernel,
      { count, each: place, column: place, row: place },
      sum.get,
      scalars,
      context,
      body,
    );
    return [at.set(position), adding, steps];
  };
  if (kernel.shape.length === 0) return [scalars.code, sums(i32.const(0), 1, 0)];
  return [scalars.code, sideBySide(inBytes(from), inBytes(to), all, context, body, sums)];
}

/** Across each row, one number after the other. */
export function sumColumnsCode({ main }: Kernel, context: Context, { body, from, to }: Part): Code {
  const { lanes, arrays, address } = context;
  const [name] = main!.reads as [string];
  const columns = arrays.shape(name)[1]!;
  const sum = body.local("v128");
  const at = body.local("i32");
  return [
    at.set(times(from, times(sizeCode(columns, context), lanes.bytes))),
    body.loop(from, to, 1, (row) => [
      eachTerm(sum, columns, context, { body }, () => [
        sum.set(lanes.arithmetic["+"](sum.get, lanes.load(1, at.get, address(name)))),
        at.set(i32.add(at.get, i32.const(lanes.bytes))),
      ]),
      lanes.store(1, times(row, lanes.bytes), sum.get, address(main!.writes)),
    ]),
  ];
}

function eachTerm(
  sum: Local,
  terms: number | "batch",
  context: Context,
  { body }: Pick<Part, "body">,
  add: () => Code,
): Code {
  const known = fixed(terms, context);
  if (known === 0) return sum.set(context.lanes.constant(0));
  return [
    sum.set(context.lanes.constant(-0)),
    body.loop(i32.const(0), sizeCode(terms, context), 1, () => add()),
  ];
}

/** A transposed copy, one number after the other. */
export function transposeCode({ main }: Kernel, context: Context, { body, from, to }: Part): Code {
  const { lanes, arrays, address } = context;
  const [rows, columns] = arrays.shape(main!.writes) as [number | "batch", number | "batch"];
  const source = arrays.source(main!.writes);
  const [width, height] = [sizeCode(columns, context), sizeCode(rows, context)];
  return body.loop(from, to, 1, (row) =>
    body.loop(i32.const(0), width, 1, (column) => {
      const here = i32.add(i32.mul(row, width), column);
      const there = source.transposed ? i32.add(i32.mul(column, height), row) : here;
      const value = lanes.load(1, times(there, lanes.bytes), address(source.name));
      return lanes.store(1, times(here, lanes.bytes), value, address(main!.writes));
    }),
  );
}
