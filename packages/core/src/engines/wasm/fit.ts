import type { ProgramData } from "../../program/data.ts";
import { rowCount } from "../../program/data.ts";
import type { Mask } from "../../program/noise.ts";
import { Body, type Local } from "./body.ts";
import { type Code, copyBytes, f32x4, f64, globalGet, globalSet, i32, repeat, v128, when } from "./code.ts";
import type { Compiler } from "./compile.ts";
import { type Context, elementBytes, rowsGlobal } from "./context.ts";
import { singles } from "./lanes.ts";
import { maskCode } from "./masks.ts";

void f32x4;
/** Inputs and targets whose rows a batch gathers: where all rows lie is in a global. */
export interface Resident {
  readonly name: string;
  readonly rowBytes: number;
  readonly global: number;
}

/** What a call of `fit` is given, in this order; all are whole numbers. */
export const fitParameters = [
  /** How many batches to run. */
  "batches",
  /** The first batch's place in its epoch, and how many an epoch has. */
  "inEpoch",
  "perEpoch",
  /** Rows of a batch and of an epoch. */
  "batch",
  "rows",
  /** Where the row numbers of these batches lie, one after the other; 0 for rows in order. */
  "list",
  /** The first batch's number in the training, which decides the noise. */
  "number",
  /** How many settings change from batch to batch, and where pairs of addresses lie: the setting's, and of its values. */
  "settings",
  "table",
  /** Where the metrics of each epoch that ends are put. */
  "results",
] as const;

/**
 * The loop of a training inside WebAssembly: batch after batch it gathers rows, sets settings, draws noise and runs all
 * kernels; at the end of an epoch it hands over the metrics. It is the loop by which the reference defines `fit`.
 */
export function fitFunction(
  compiler: Compiler,
  { arrays, precision }: ProgramData,
  residents: readonly Resident[],
  masks: readonly Mask[],
): number {
  const body = new Body(fitParameters.map(() => "i32"));
  const given = (name: (typeof fitParameters)[number]): Local => body.parameter(fitParameters.indexOf(name));
  const { context } = compiler;
  const { address, capacity } = context;
  const [batches, inEpoch, list, number] = (["batches", "inEpoch", "list", "number"] as const).map(given) as [
    Local,
    Local,
    Local,
    Local,
  ];
  const [table, results] = (["table", "results"] as const).map(given) as [Local, Local];
  const first = body.local("i32");
  const rows = body.local("i32");
  const metrics = arrays.filter(({ role }) => role === "metric").map(({ name }) => address(name));
  const step = (local: Local, by: Code) => local.set(i32.add(local.get, by));
  const one = i32.const(1);
  const part = { body, from: i32.const(0), to: rows.get };

  const counted = arrays.some(({ name }) => name === rowCount)
    ? countRows(rows.get, address(rowCount), context)
    : [];
  const each: Code = [
    ...first.set(i32.mul(inEpoch.get, given("batch").get)),
    ...(capacity === 1
      ? rows.set(one)
      : [
          ...rows.set(i32.sub(given("rows").get, first.get)),
          ...when(i32.lt(given("batch").get, rows.get), rows.set(given("batch").get)),
          ...globalSet(rowsGlobal, rows.get),
        ]),
    ...counted,
    ...when(
      i32.eqz(inEpoch.get),
      metrics.flatMap((at) => f64.store(i32.const(0), f64.const(0), at)),
    ),
    ...when(
      given("settings").get,
      settingsCode(body, given("settings").get, table.get, elementBytes[precision]),
    ),
    ...residents.flatMap((resident) =>
      gatherCode(body, resident, address(resident.name), first.get, rows.get, list.get),
    ),
    ...when(list.get, step(list, i32.mul(rows.get, i32.const(4)))),
    ...masks.flatMap((mask) => maskCode(mask, number.get, context, part)),
    ...compiler.batch(body),
    ...step(number, one),
    ...step(inEpoch, one),
    ...when(i32.eq(inEpoch.get, given("perEpoch").get), [
      ...metrics.flatMap((at, k) => f64.store(results.get, f64.load(i32.const(0), at), k * 8)),
      ...step(results, i32.const(8 * metrics.length)),
      ...inEpoch.set(i32.const(0)),
    ]),
    ...batches.set(i32.sub(batches.get, one)),
  ];
  return compiler.add(body.function(when(batches.get, repeat(each, batches.get))));
}

/** The number of rows as a number of the program. */
export function countRows(rows: Code, address: number, { lanes }: Context): Code {
  const words = [...rows, 0xfd, 0x11];
  const value = lanes === singles ? f32x4.convertI32x4(words) : [...words, 0xfd, 0xff, 0x01];
  return lanes.store(1, i32.const(0), value, address);
}

/** Copies each setting's value for this batch, and moves on to the next. */
function settingsCode(body: Body, count: Code, table: Code, bytes: number): Code {
  const from = body.local("i32");
  return body.loop(i32.const(0), i32.mul(count, i32.const(8)), 8, (at) => {
    const pair = i32.add(table, at);
    return [
      ...from.set(i32.load(pair, 4)),
      ...copyCode(i32.load(pair), from.get, bytes),
      ...i32.store(pair, i32.add(from.get, i32.const(bytes)), 4),
    ];
  });
}

function gatherCode(
  body: Body,
  { rowBytes, global }: Resident,
  address: number,
  first: Code,
  rows: Code,
  list: Code,
): Code {
  const width = i32.const(rowBytes);
  const from = (row: Code) => i32.add(globalGet(global), i32.mul(row, width));
  const inOrder =
    rowBytes <= 64
      ? body.loop(i32.const(0), rows, 1, (row) =>
          copyCode(i32.mul(row, width), from(i32.add(first, row)), rowBytes, address),
        )
      : copyBytes(i32.const(address), from(first), i32.mul(rows, width));
  const listed = body.loop(i32.const(0), rows, 1, (row) =>
    copyCode(
      i32.mul(row, width),
      from(i32.load(i32.add(list, i32.mul(row, i32.const(4))))),
      rowBytes,
      address,
    ),
  );
  return when(list, listed, inOrder);
}

/** Copies a known number of bytes; many by the host's own means. */
function copyCode(to: Code, from: Code, bytes: number, offset = 0): Code {
  if (bytes > 64) return copyBytes(i32.add(to, i32.const(offset)), from, i32.const(bytes));
  const code: number[] = [];
  let at = 0;
  for (; at + 16 <= bytes; at += 16) code.push(...v128.store(to, v128.load(from, at), offset + at));
  for (; at + 8 <= bytes; at += 8) code.push(...v128.store64Lane(to, v128.load64(from, at), 0, offset + at));
  for (; at + 4 <= bytes; at += 4) code.push(...i32.store(to, i32.load(from, at), offset + at));
  for (; at < bytes; at++) code.push(...i32.store8(to, i32.load8(from, at), offset + at));
  return code;
}
