import type { Body, Local } from "./body.ts";
import { type Code, i32, repeat, v128 } from "./code.ts";
import { asCode, type Context, fixed, type Part, sizeCode, times } from "./context.ts";
import { addressing, largestPower } from "./elementwise.ts";
import type { Kernel } from "./lower.ts";
import { type Scalars, scalarsOf, stepsCode } from "./steps.ts";

/** Rows and vectors of the block of results that is kept in registers: 8 accumulators of the 16 that x86 has. */
const blockRows = 4;
const blockVectors = 2;
/** Sums of at most so many terms are written without a loop. */
const unrolled = 8;
/** From so many rows on, the right operand's columns are copied side by side first. */
const worthPacking = 48;

/** How an operand lies: bytes from one row (left) or column (right) to the next, and from one term to the next. */
interface Operand {
  readonly base: number;
  readonly across: number | Code;
  readonly along: number | Code;
}

/** Some columns, in vectors of `count` numbers that begin `ahead` of the first. */
type Tile = readonly { readonly ahead: number; readonly count: number }[];

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
  readonly #left: Operand;
  readonly #right: Operand;
  readonly #terms: number | Code;
  readonly #columns: number | undefined;

  constructor(kernel: Kernel, context: Context, part: Part) {
    const { arrays } = context;
    const { bytes } = context.lanes;
    const [leftName, rightName] = kernel.main!.reads as [string, string];
    const [rows, columns] = kernel.shape as [number, number];
    const terms = arrays.shape(leftName)[1]!;
    const inBytes = (size: typeof terms) => {
      const known = fixed(size, context);
      return known === undefined ? times(sizeCode(size, context), bytes) : known * bytes;
    };
    const left = arrays.source(leftName);
    const right = arrays.source(rightName);
    this.#kernel = kernel;
    this.#context = context;
    this.#part = part;
    this.#terms = fixed(terms, context) ?? sizeCode(terms, context);
    this.#columns = fixed(columns, context);
    this.#left = {
      base: context.address(left.name),
      across: left.transposed ? bytes : inBytes(terms),
      along: left.transposed ? inBytes(rows) : bytes,
    };
    this.#right = {
      base: context.address(right.name),
      across: right.transposed ? inBytes(terms) : bytes,
      along: right.transposed ? bytes : inBytes(columns),
    };
    this.#scalars = scalarsOf(kernel, context, part.body);
    this.code = [
      ...this.#scalars.code,
      ...(this.#columns === undefined ? this.#oneByOne() : this.#inBlocks()),
    ];
  }

  /** Where the number of columns is known only in a run: one result after the other. */
  #oneByOne(): Code {
    const { body, from, to } = this.#part;
    const { lanes, address } = this.#context;
    const columns = sizeCode(this.#kernel.shape[1]!, this.#context);
    const acc = body.local("v128");
    const l = body.local("i32");
    const r = body.local("i32");
    const out = address(this.#kernel.main!.writes);
    return body.loop(from, to, 1, (i) =>
      body.loop(i32.const(0), columns, 1, (j) => [
        ...l.set(times(i, this.#left.across)),
        ...r.set(times(j, this.#right.across)),
        ...acc.set(lanes.constant(-0)),
        ...body.loop(i32.const(0), asCode(this.#terms), 1, () => [
          ...acc.set(
            this.#added(
              acc.get,
              lanes.load(1, l.get, this.#left.base),
              lanes.load(1, r.get, this.#right.base),
            ),
          ),
          ...l.set(i32.add(l.get, asCode(this.#left.along))),
          ...r.set(i32.add(r.get, asCode(this.#right.along))),
        ]),
        ...lanes.store(1, times(i32.add(i32.mul(i, columns), j), lanes.bytes), acc.get, out),
      ]),
    );
  }

  #inBlocks(): Code {
    const { lanes } = this.#context;
    const columns = this.#columns!;
    const inVectors = (from: number, to: number): Tile => {
      const pieces: { ahead: number; count: number }[] = [];
      for (let ahead = from; ahead < to; ) {
        const count = largestPower(Math.min(lanes.width, to - ahead));
        pieces.push({ ahead: ahead - from, count });
        ahead += count;
      }
      return pieces;
    };
    const side = blockVectors * lanes.width;
    // Three vectors still leave room for the operands, so a narrow result is one tile.
    if (columns <= (blockVectors + 1) * lanes.width) return this.#tile(i32.const(0), inVectors(0, columns));
    const whole = columns - (columns % side);
    const tail = inVectors(whole, columns);
    return [
      ...this.#part.body.loop(i32.const(0), i32.const(whole * lanes.bytes), side * lanes.bytes, (first) =>
        this.#tile(first, inVectors(0, side)),
      ),
      ...(tail.length > 0 ? this.#tile(i32.const(whole * lanes.bytes), tail) : []),
    ];
  }

  /** All rows of the part, for some columns; `first` is the first of them, in bytes. */
  #tile(first: Code, tile: Tile): Code {
    const { body, from, to, known } = this.#part;
    const { bytes } = this.#context.lanes;
    const [packing, right] = this.#packed(first, tile);
    const block = (rows: number) => (i: Code) => this.#block(i, rows, first, tile, right);
    if (known !== undefined && known <= blockRows) return [...packing, ...block(known)(i32.const(0))];
    void bytes;
    // Rows of a left operand that lie a varying distance apart are taken one by one.
    if (typeof this.#left.across !== "number") return [...packing, ...body.loop(from, to, 1, block(1))];
    const start = body.local("i32");
    const whole = i32.sub(to, i32.remU(i32.sub(to, from), i32.const(blockRows)));
    return [
      ...packing,
      ...start.set(whole),
      ...body.loop(from, start.get, blockRows, block(blockRows)),
      ...body.loop(start.get, to, 1, block(1)),
    ];
  }

  /**
   * The columns of a tile side by side, term after term: where they lie so, or as a copy in scratch memory. A few rows are
   * not worth a copy.
   */
  #packed(first: Code, tile: Tile): readonly [packing: Code, right: Right] {
    const { lanes, scratch, capacity } = this.#context;
    const { bytes } = lanes;
    const { base, across, along } = this.#right;
    const rows = fixed(this.#kernel.shape[0]!, this.#context) ?? capacity;
    const lies = across === bytes;
    const width = tile.reduce((sum, { count }) => sum + count, 0);
    if (lies && (rows < worthPacking || width === this.#columns))
      return [[], { start: first, base, along, across: bytes }];
    if (!lies && rows <= blockRows)
      return [[], { start: times(first, divided(across, bytes)), base, along, across }];
    const { body } = this.#part;
    const most = typeof this.#terms === "number" ? this.#terms : capacity;
    const target = scratch(most * width * bytes);
    const from = body.local("i32");
    const into = body.local("i32");
    const copied = body.loop(i32.const(0), asCode(this.#terms), 1, () => [
      ...(lies
        ? tile.flatMap(({ ahead, count }) =>
            lanes.store(count, into.get, lanes.load(count, from.get, base + ahead * bytes), ahead * bytes),
          )
        : this.#columnByColumn(width, from, into)),
      ...from.set(i32.add(from.get, asCode(along))),
      ...into.set(i32.add(into.get, i32.const(width * bytes))),
    ]);
    const packing = [
      ...from.set(lies ? first : times(first, divided(across, bytes))),
      ...into.set(target),
      ...copied,
    ];
    return [packing, { start: target, base: 0, along: width * bytes, across: bytes }];
  }

  #columnByColumn(width: number, from: Local, into: Local): Code {
    const { lanes } = this.#context;
    const { base, across } = this.#right;
    return Array.from({ length: width }, (_, column) =>
      lanes.store(
        1,
        into.get,
        lanes.load(
          1,
          typeof across === "number" ? from.get : i32.add(from.get, i32.mul(across, i32.const(column))),
          typeof across === "number" ? base + column * across : base,
        ),
        column * lanes.bytes,
      ),
    ).flat();
  }

  /** A block of results, from row `i` on: added up in registers, then handed on. */
  #block(i: Code, rows: number, first: Code, tile: Tile, right: Right): Code {
    const { body } = this.#part;
    const context = this.#context;
    const { lanes } = context;
    const sums = Array.from({ length: rows }, () => tile.map(() => body.local("v128")));
    const l = body.local("i32");
    const r = body.local("i32");
    const adding = this.#sums(sums, l, r, i, tile, right);
    const at = body.local("i32");
    const columns = this.#columns!;
    const results = sums.flatMap((row, k) =>
      row.flatMap((sum, v) => {
        const { ahead, count } = tile[v]!;
        return stepsCode(
          this.#kernel,
          {
            count,
            each: addressing(at.get, k * columns + ahead, context),
            column: addressing(first, ahead, context),
            row: (bytes) => ({ code: times(i, bytes), offset: k * bytes }),
          },
          sum.get,
          this.#scalars,
          context,
          body,
        );
      }),
    );
    return [...adding, ...at.set(i32.add(times(i, columns * lanes.bytes), first)), ...results];
  }

  #sums(sums: readonly (readonly Local[])[], l: Local, r: Local, i: Code, tile: Tile, right: Right): Code {
    const { body } = this.#part;
    const { lanes } = this.#context;
    const { across, along, base } = this.#left;
    const terms = this.#terms;
    const a = body.local("v128");
    const b = tile.map(() => body.local("v128"));
    const begin = [...l.set(times(i, across)), ...r.set(right.start)];
    const fill = (value: number): Code => sums.flat().flatMap((sum) => sum.set(lanes.constant(value)));
    // Nothing to add is 0; a sum that begins with -0 is that of its terms.
    if (terms === 0) return fill(0);
    const term = (t: number, isFirst: boolean): Code => {
      const rightAhead = typeof right.along === "number" ? t * right.along : 0;
      const leftAhead = typeof along === "number" ? t * along : 0;
      const loads = tile.flatMap(({ ahead, count }, v) =>
        b[v]!.set(this.#loadRight(right, r, ahead, count, rightAhead)),
      );
      const products = sums.flatMap((row, k) => [
        ...a.set(lanes.splat(l.get, base + leftAhead + k * (typeof across === "number" ? across : 0))),
        ...row.flatMap((sum, v) =>
          sum.set(isFirst ? lanes.arithmetic["*"](a.get, b[v]!.get) : this.#added(sum.get, a.get, b[v]!.get)),
        ),
      ]);
      return [...loads, ...products];
    };
    if (
      typeof terms === "number" &&
      terms <= unrolled &&
      typeof right.along === "number" &&
      typeof along === "number"
    )
      return [...begin, ...Array.from({ length: terms }, (_, t) => term(t, t === 0)).flat()];
    const end = body.local("i32");
    return [
      ...begin,
      ...fill(-0),
      ...end.set(i32.add(l.get, times(asCode(terms), along))),
      ...repeat(
        [
          ...term(0, false),
          ...l.set(i32.add(l.get, asCode(along))),
          ...r.set(i32.add(r.get, asCode(right.along))),
        ],
        i32.ne(l.get, end.get),
      ),
    ];
  }

  #loadRight({ base, across }: Right, r: Local, ahead: number, count: number, beyond: number): Code {
    const { lanes } = this.#context;
    if (across === lanes.bytes) return lanes.load(count, r.get, base + beyond + ahead * lanes.bytes);
    const lane = (k: number): readonly [Code, number] =>
      typeof across === "number"
        ? [r.get, base + beyond + (ahead + k) * across]
        : [i32.add(r.get, i32.mul(across, i32.const(ahead + k))), base + beyond];
    let value = lanes.load(1, ...lane(0));
    for (let k = 1; k < count; k++) {
      const [code, offset] = lane(k);
      value = laneInto(lanes.bytes, code, value, k, offset);
    }
    return value;
  }

  #added(sum: Code, left: Code, right: Code): Code {
    const { lanes, fast } = this.#context;
    return fast
      ? lanes.relaxedMadd(left, right, sum)
      : lanes.arithmetic["+"](sum, lanes.arithmetic["*"](left, right));
  }
}

/** The right operand as a tile's blocks read it: where it starts, and how far apart its terms and columns are. */
interface Right {
  readonly start: Code;
  readonly base: number;
  readonly along: number | Code;
  readonly across: number | Code;
}

function laneInto(bytes: number, address: Code, into: Code, lane: number, offset: number): Code {
  return (bytes === 4 ? v128.load32Lane : v128.load64Lane)(address, into, lane, offset);
}

function divided(value: number | Code, by: number): number | Code {
  return typeof value === "number" ? value / by : i32.divU(value, i32.const(by));
}
void (0 as unknown as Body);
