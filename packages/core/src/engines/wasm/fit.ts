import { type ProgramData, rowCount } from "../../program/data.ts";
import type { Mask } from "../../program/noise.ts";
import { count } from "../../shape/block.ts";
import { Body, type Local } from "./code/body.ts";
import { type Code, call, copyBytes, globalSet, repeat, returned, when } from "./code/code.ts";
import { forwarded } from "./code/forward.ts";
import { atomic, f32x4, f64, f64x2, i32, i32x4, v128 } from "./code/instructions.ts";
import { singles } from "./code/lanes.ts";
import type { Compiler } from "./compile.ts";
import { type Context, elementBytes, rowsGlobal, threadGlobal } from "./kernels/context.ts";
import { sideBySide } from "./kernels/elementwise.ts";
import { maskCode } from "./kernels/masks.ts";
import { waiting, words } from "./threads/barrier.ts";

/** Inputs and targets whose rows a batch gathers. */
export interface Gathered {
  readonly name: string;
  readonly rowBytes: number;
  /** Where in memory the address of all rows is found. */
  readonly pointer: number;
}

/** What a call of `fit` is given, in this order; all are whole numbers. */
export const fitParameters = [
  /** How many batches to run; at least one. */
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
 * kernels; at the end of an epoch it hands over the metrics. It is the loop by which the reference defines `fit`. With threads
 * each of them runs it: settings, which are the same for all, are set by all; rows are shared out.
 */
export function fitFunction(
  compiler: Compiler,
  { arrays, precision }: ProgramData,
  gathered: readonly Gathered[],
  masks: readonly Mask[],
): number {
  const body = new Body(fitParameters.map(() => "i32"));
  const given = Object.fromEntries(
    fitParameters.map((name, position) => [name, body.parameter(position)]),
  ) as Record<(typeof fitParameters)[number], Local>;
  const { context } = compiler;
  const { address, capacity } = context;
  const { batches, inEpoch, list, number, results } = given;
  const [first, rows, done] = [body.local("i32"), body.local("i32"), body.local("i32")];
  const metrics = arrays.filter(({ role }) => role === "metric").map(({ name }) => address(name));
  const learnt = arrays.filter(({ role }) => role === "weights" || role === "state");
  const row = body.local("i32");
  const notFinite = body.local("v128");
  const next = (local: Local, by: Code) => local.set(i32.add(local.get, by));
  const one = i32.const(1);
  const countsRows = arrays.some(({ name }) => name === rowCount);
  const { code: share, from, to } = compiler.share(body, rows.get);
  const ofBatch: Code = [
    first.set(i32.mul(inEpoch.get, given.batch.get)),
    capacity === 1
      ? rows.set(one)
      : [
          rows.set(i32.sub(given.rows.get, first.get)),
          when(i32.lt(given.batch.get, rows.get), rows.set(given.batch.get)),
          globalSet(rowsGlobal, rows.get),
        ],
    countsRows ? countRows(rows.get, address(rowCount), context) : [],
    when(
      i32.eqz(inEpoch.get),
      compiler.first(metrics.flatMap((at) => f64.store(i32.const(0), f64.const(0), at))),
    ),
    when(given.settings.get, settingsCode(body, given, done.get, elementBytes[precision])),
    share,
    capacity === 1
      ? [
          when(list.get, [...row.set(i32.load(list.get)), ...next(list, i32.const(4))], row.set(first.get)),
          gathered.flatMap((each) => gatherOne(each, address(each.name), row.get)),
        ]
      : [
          gathered.flatMap((each) =>
            gatherCode(body, each, address(each.name), first.get, from, to, list.get),
          ),
          when(list.get, next(list, i32.mul(rows.get, i32.const(4)))),
        ],
    ...masks.flatMap((mask) => maskCode(mask, number.get, context, { body, from, to })),
  ];
  const earlier = {
    // A single row is gathered by every thread, for itself.
    written: [...(capacity === 1 ? [] : gathered), ...masks].map(({ name }) => name),
    lookedAt: learnt.map(({ name }) => name),
  };
  const more = i32.lt(done.get, batches.get);
  const each: Code = [
    forwarded([ofBatch, compiler.batch(body, earlier)], body),
    compiler.barrier,
    next(number, one),
    next(done, one),
    compiler.inTurn(more),
    next(inEpoch, one),
    when(i32.eq(inEpoch.get, given.perEpoch.get), [
      compiler.first([
        metrics.map((at, k) => f64.store(results.get, f64.load(i32.const(0), at), k * 8)),
        notFinite.set(context.lanes.constant(0)),
        learnt.map(({ name, shape }) =>
          notFiniteCode(notFinite, address(name), count(shape as number[]), context, body),
        ),
        f64.store(results.get, f64.convert(v128.anyTrue(notFinite.get)), metrics.length * 8),
      ]),
      next(results, i32.const(8 * (metrics.length + 1))),
      inEpoch.set(i32.const(0)),
    ]),
  ];
  return compiler.add(body.function([compiler.inTurn(), repeat(each, more)]));
}

/**
 * What a further thread runs: it waits for a call, takes part in it, and waits for the next; a call for no batches ends it.
 * Its only operand is the thread's number.
 */
export function workFunction(fit: number, control: number): { readonly body: Body; readonly code: Code } {
  const body = new Body(["i32"]);
  const seen = body.local("i32");
  const at = i32.const(control);
  const parameters = fitParameters.map((_, position) => i32.load(at, words.given + 4 * position));
  const code: Code = [
    globalSet(threadGlobal, body.parameter(0).get),
    repeat(
      [
        waiting(body, at, words.call, seen.get),
        seen.set(atomic.load(at, words.call)),
        when(i32.eqz(parameters[0]!), returned),
        call(fit, ...parameters),
      ],
      i32.const(1),
    ),
  ];
  return { body, code };
}

/** Sets bits where a number of an array is not finite: 0 · x is not 0 there, but NaN. */
function notFiniteCode(found: Local, address: number, length: number, context: Context, body: Body): Code {
  const { lanes } = context;
  return sideBySide(
    i32.const(0),
    i32.const(length * lanes.bytes),
    length,
    context,
    body,
    (at, many, ahead) => {
      const product = lanes.arithmetic["*"](
        lanes.load(many, at, address + ahead * lanes.bytes),
        lanes.constant(0),
      );
      return found.set(v128.or(found.get, lanes.comparisons["!="](product, lanes.constant(0))));
    },
  );
}

/** The number of rows as a number of the program. */
function countRows(rows: Code, address: number, { lanes }: Context): Code {
  const words_ = i32x4.splat(rows);
  const value = lanes === singles ? f32x4.convertI32x4(words_) : f64x2.convertLowI32x4(words_);
  return lanes.store(1, i32.const(0), value, address);
}

/** Copies each setting's value for the batch that is the `done`th of the call. */
function settingsCode(
  body: Body,
  { settings, table }: Record<"settings" | "table", Local>,
  done: Code,
  bytes: number,
): Code {
  return body.loop(i32.const(0), i32.mul(settings.get, i32.const(8)), 8, (at) => {
    const pair = i32.add(table.get, at);
    return copyCode(i32.load(pair), i32.add(i32.load(pair, 4), i32.mul(done, i32.const(bytes))), bytes);
  });
}

function gatherOne({ rowBytes, pointer }: Gathered, address: number, row: Code): Code {
  const from = i32.add(i32.load(i32.const(pointer)), i32.mul(row, i32.const(rowBytes)));
  return copyCode(i32.const(0), from, rowBytes, address);
}

function gatherCode(
  body: Body,
  { rowBytes, pointer }: Gathered,
  address: number,
  first: Code,
  from: Code,
  to: Code,
  list: Code,
): Code {
  const all = body.local("i32");
  const width = i32.const(rowBytes);
  const source = (row: Code) => i32.add(all.get, i32.mul(row, width));
  const rowByRow = (sourceOf: (row: Code) => Code) =>
    body.loop(from, to, 1, (row) => copyCode(i32.mul(row, width), sourceOf(row), rowBytes, address));
  const inOrder =
    rowBytes <= inline
      ? rowByRow((row) => source(i32.add(first, row)))
      : copyBytes(
          i32.add(i32.const(address), i32.mul(from, width)),
          source(i32.add(first, from)),
          i32.mul(i32.sub(to, from), width),
        );
  const listed = rowByRow((row) => source(i32.load(i32.add(list, i32.mul(row, i32.const(4))))));
  return [...all.set(i32.load(i32.const(pointer))), ...when(list, listed, inOrder)];
}

/** Rows of so few bytes are copied by loads and stores. */
const inline = 64;

/** Copies a known number of bytes; many by the host's own means. */
function copyCode(to: Code, from: Code, bytes: number, offset = 0): Code {
  if (bytes > inline) return copyBytes(i32.add(to, i32.const(offset)), from, i32.const(bytes));
  const code: Code[] = [];
  let at = 0;
  for (; at + 16 <= bytes; at += 16) code.push(v128.store(to, v128.load(from, at), offset + at));
  for (; at + 8 <= bytes; at += 8) code.push(v128.store64(to, v128.load64(from, at), offset + at));
  for (; at + 4 <= bytes; at += 4) code.push(i32.store(to, i32.load(from, at), offset + at));
  for (; at < bytes; at++) code.push(i32.store8(to, i32.load8(from, at), offset + at));
  return code;
}
