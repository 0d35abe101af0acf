import type { Local } from "../code/body.ts";
import { type Code, repeat } from "../code/code.ts";
import { i32 } from "../code/instructions.ts";
import type { Kernel } from "../plan/lower.ts";
import { asCode, type Context, fixed, type Part, sizeCode, times } from "./context.ts";
import { addressing } from "./elementwise.ts";
import {
  type Columns,
  columnsAt,
  columnsOf,
  type Operands,
  operandsOf,
  type Tile,
  tileOf,
} from "./operands.ts";
import { type Scalars, scalarsOf, stepsCode } from "./steps.ts";

/** Rows and vectors of the block of results that is kept in registers: 8 sums, and x86 has 16 registers. */
const blockRows = 4;
const blockVectors = 2;
/** Sums of at most so many terms are written without a loop. */
const unrolled = 8;

/**
 * A matrix product. Lanes, blocks and threads divide the results, never a sum: each result is added up term by term
 * in ascending order, one rounding for the multiplication and one for the addition, as the reference does.
 */
export function productCode(kernel: Kernel, context: Context, part: Part): Code {
  return new Product(kernel, context, part).code;
}

class Product {
  readonly code: Code;
  readonly #kernel: Kernel;
  readonly #context: Context;
  readonly #part: Part;
  readonly #scalars: Scalars;
  readonly #operands: Operands;

  constructor(kernel: Kernel, context: Context, part: Part) {
    this.#kernel = kernel;
    this.#context = context;
    this.#part = part;
    this.#operands = operandsOf(kernel, context);
    this.#scalars = scalarsOf(kernel, context, part.body);
    const columns = fixed(kernel.shape[1]!, context);
    this.code = [this.#scalars.code, columns === undefined ? this.#oneByOne() : this.#tiles(columns)];
  }

  /** Where the number of columns is known only in a run: one result after the other. */
  #oneByOne(): Code {
    const { body, from, to } = this.#part;
    const { lanes, address } = this.#context;
    const { left, right, terms } = this.#operands;
    const columns = sizeCode(this.#kernel.shape[1]!, this.#context);
    const sum = body.local("v128");
    const [l, r] = [body.local("i32"), body.local("i32")];
    return body.loop(from, to, 1, (row) =>
      body.loop(i32.const(0), columns, 1, (column) => [
        l.set(times(row, left.across)),
        r.set(times(column, right.across)),
        sum.set(lanes.constant(terms === 0 ? 0 : -0)),
        body.loop(i32.const(0), asCode(terms), 1, () => [
          sum.set(this.#added(sum.get, lanes.load(1, l.get, left.base), lanes.load(1, r.get, right.base))),
          l.set(i32.add(l.get, asCode(left.along))),
          r.set(i32.add(r.get, asCode(right.along))),
        ]),
        lanes.store(
          1,
          times(i32.add(i32.mul(row, columns), column), lanes.bytes),
          sum.get,
          address(this.#kernel.main!.writes),
        ),
      ]),
    );
  }

  #tiles(columns: number): Code {
    const { width, bytes } = this.#context.lanes;
    const wide = blockVectors * width;
    // Three vectors still leave room for the operands, so a narrow result is one tile.
    if (columns <= wide + width) return this.#tile(i32.const(0), tileOf(columns, width));
    const whole = columns - (columns % wide);
    const rest = tileOf(columns - whole, width);
    return [
      this.#part.body.loop(i32.const(0), i32.const(whole * bytes), wide * bytes, (first) =>
        this.#tile(first, tileOf(wide, width)),
      ),
      rest.length > 0 ? this.#tile(i32.const(whole * bytes), rest) : [],
    ];
  }

  /** All rows of the part, for some columns; `first` is the first of them, in bytes. */
  #tile(first: Code, tile: Tile): Code {
    const { body, from, to, known } = this.#part;
    const columns = columnsOf(this.#operands, first, tile, this.#kernel, this.#context, this.#part);
    const block = (rows: number) => (row: Code) => this.#block(row, rows, first, tile, columns);
    // Rows that lie a varying distance apart are taken one by one.
    if (typeof this.#operands.left.across !== "number")
      return [columns.packing, body.loop(from, to, 1, block(1))];
    if (known !== undefined && known <= blockRows) return [columns.packing, block(known)(i32.const(0))];
    const whole = body.local("i32");
    return [
      columns.packing,
      whole.set(i32.sub(to, i32.remU(i32.sub(to, from), i32.const(blockRows)))),
      body.loop(from, whole.get, blockRows, block(blockRows)),
      body.loop(whole.get, to, 1, block(1)),
    ];
  }

  /** A block of results, from a row on: added up in registers, then handed on. */
  #block(row: Code, rows: number, first: Code, tile: Tile, right: Columns): Code {
    const { body } = this.#part;
    const context = this.#context;
    const sums = Array.from({ length: rows }, () => tile.map(() => body.local("v128")));
    const columns = fixed(this.#kernel.shape[1]!, context)!;
    const at = body.held(i32.add(times(row, columns * context.lanes.bytes), first));
    const results = sums.flatMap((inRow, k) =>
      inRow.map((sum, v) => {
        const { ahead, count } = tile[v]!;
        const place = {
          count,
          each: addressing(at.get, k * columns + ahead, context),
          column: addressing(first, ahead, context),
          row: (bytes: number) => ({ code: times(row, bytes), offset: k * bytes }),
        };
        return stepsCode(this.#kernel, place, sum.get, this.#scalars, context, body);
      }),
    );
    return [this.#sums(sums, row, tile, right), at.code, ...results];
  }

  #sums(sums: readonly (readonly Local[])[], row: Code, tile: Tile, right: Columns): Code {
    const { body } = this.#part;
    const { lanes } = this.#context;
    const { left, terms } = this.#operands;
    const fill = (value: number): Code => sums.flat().map((sum) => sum.set(lanes.constant(value)));
    // Nothing to add is 0; a sum that begins with -0 is that of its terms.
    if (terms === 0) return fill(0);
    const a = body.local("v128");
    const b = tile.map(() => body.local("v128"));
    const term = (l: Code, r: Code, t: number, isFirst: boolean): Code => {
      const ahead = (distance: number | Code) => (typeof distance === "number" ? t * distance : 0);
      const loads = tile.map((vector, v) =>
        b[v]!.set(columnsAt(right, r, vector.ahead, vector.count, ahead(right.along), this.#context)),
      );
      const products = sums.map((inRow, k) => [
        a.set(lanes.splat(l, left.base + ahead(left.along) + (k === 0 ? 0 : k * (left.across as number)))),
        inRow.map((sum, v) =>
          sum.set(isFirst ? lanes.arithmetic["*"](a.get, b[v]!.get) : this.#added(sum.get, a.get, b[v]!.get)),
        ),
      ]);
      return [...loads, ...products];
    };
    const steady = typeof right.along === "number" && typeof left.along === "number";
    const first = times(row, left.across);
    if (typeof terms === "number" && terms <= unrolled && steady) {
      const [l, r] = [body.held(first), body.held(right.start)];
      return [l.code, r.code, Array.from({ length: terms }, (_, t) => term(l.get, r.get, t, t === 0))];
    }
    const [l, r, end] = [body.local("i32"), body.local("i32"), body.local("i32")];
    const next = [l.set(i32.add(l.get, asCode(left.along))), r.set(i32.add(r.get, asCode(right.along)))];
    return [
      l.set(first),
      r.set(right.start),
      fill(-0),
      end.set(i32.add(l.get, times(asCode(terms), left.along))),
      repeat([term(l.get, r.get, 0, false), ...next], i32.ne(l.get, end.get)),
    ];
  }

  #added(sum: Code, left: Code, right: Code): Code {
    const { lanes, fast } = this.#context;
    return fast
      ? lanes.relaxedMadd(left, right, sum)
      : lanes.arithmetic["+"](sum, lanes.arithmetic["*"](left, right));
  }
}
