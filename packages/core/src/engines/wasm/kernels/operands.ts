import type { Code } from "../code/code.ts";
import { i32 } from "../code/instructions.ts";
import type { Kernel } from "../plan/lower.ts";
import { asCode, type Context, fixed, type Part, sizeCode, times } from "./context.ts";
import { largestPower } from "./elementwise.ts";

/** Sizes in bytes: known, or computed in a run. */
type Bytes = number | Code;

/** How an operand of a product lies: from one row (left) or column (right) to the next, and from one term to the next. */
export interface Operand {
  readonly base: number;
  readonly across: Bytes;
  readonly along: Bytes;
}

/** Both operands of a product, and the number of terms of its sums. */
export interface Operands {
  readonly left: Operand;
  readonly right: Operand;
  readonly terms: number | Code;
}

export function operandsOf({ main, shape }: Kernel, context: Context): Operands {
  const { arrays, lanes, address } = context;
  const [leftName, rightName] = main!.reads as [string, string];
  const terms = arrays.shape(leftName)[1]!;
  const inBytes = (size: typeof terms): Bytes => {
    const known = fixed(size, context);
    return known === undefined ? times(sizeCode(size, context), lanes.bytes) : known * lanes.bytes;
  };
  const [left, right] = [arrays.source(leftName), arrays.source(rightName)];
  return {
    left: {
      base: address(left.name),
      across: left.transposed ? lanes.bytes : inBytes(terms),
      along: left.transposed ? inBytes(shape[0]!) : lanes.bytes,
    },
    right: {
      base: address(right.name),
      across: right.transposed ? inBytes(terms) : lanes.bytes,
      along: right.transposed ? lanes.bytes : inBytes(shape[1]!),
    },
    terms: fixed(terms, context) ?? sizeCode(terms, context),
  };
}

/** Some columns, in vectors of `count` numbers that begin `ahead` of the first. */
export type Tile = readonly { readonly ahead: number; readonly count: number }[];

/** So many columns, in as few vectors as may be. */
export function tileOf(columns: number, width: number): Tile {
  const vectors: { ahead: number; count: number }[] = [];
  for (let ahead = 0; ahead < columns; ) {
    const count = largestPower(Math.min(width, columns - ahead));
    vectors.push({ ahead, count });
    ahead += count;
  }
  return vectors;
}

/** The right operand as the blocks of a tile read it. */
export interface Columns extends Operand {
  readonly start: Code;
  /** What is to be done before: columns that do not lie side by side, or too far apart, are copied to scratch memory. */
  readonly packing: Code;
}

/** From so many rows on, a copy of the columns is worth its while, as each is read once for four rows. */
const worthPacking = 48;
/** So few rows read columns where they are, even number by number. */
const fewRows = 4;

/** The columns of a tile that begins `first` bytes after the first column would, if all lay side by side. */
export function columnsOf(
  { right, terms }: Operands,
  first: Code,
  tile: Tile,
  { shape }: Kernel,
  context: Context,
  { body }: Pick<Part, "body">,
): Columns {
  const { lanes, scratch, capacity } = context;
  const { bytes } = lanes;
  const { base, across, along } = right;
  const rows = fixed(shape[0]!, context) ?? capacity;
  const width = tile.reduce((sum, { count }) => sum + count, 0);
  const side = across === bytes;
  const start = side
    ? first
    : times(first, typeof across === "number" ? across / bytes : i32.divU(across, i32.const(bytes)));
  if (side ? rows < worthPacking || width === shape[1] : rows <= fewRows)
    return { start, base, along, across, packing: [] };
  const most = typeof terms === "number" ? terms : capacity;
  const copy = scratch(most * width * bytes);
  const [from, into] = [body.local("i32"), body.local("i32")];
  const packing = [
    from.set(start),
    into.set(copy),
    body.loop(i32.const(0), asCode(terms), 1, () => [
      tile.flatMap(({ ahead, count }) =>
        lanes.store(count, into.get, columnsAt(right, from.get, ahead, count, 0, context), ahead * bytes),
      ),
      from.set(i32.add(from.get, asCode(along))),
      into.set(i32.add(into.get, i32.const(width * bytes))),
    ]),
  ];
  return { start: copy, base: 0, along: width * bytes, across: bytes, packing };
}

/** The numbers of one term in some columns, of which the first of the tile lies at `at`; `beyond` is a known distance from there. */
export function columnsAt(
  { base, across }: Operand,
  at: Code,
  ahead: number,
  count: number,
  beyond: number,
  { lanes }: Context,
): Code {
  if (across === lanes.bytes) return lanes.load(count, at, base + beyond + ahead * lanes.bytes);
  const place = (column: number): readonly [Code, number] =>
    typeof across === "number"
      ? [at, base + beyond + column * across]
      : [i32.add(at, i32.mul(across, i32.const(column))), base + beyond];
  let value = lanes.load(1, ...place(ahead));
  for (let lane = 1; lane < count; lane++) {
    const [code, offset] = place(ahead + lane);
    value = lanes.loadLane(lane, code, value, offset);
  }
  return value;
}
