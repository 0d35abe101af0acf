import { call, index } from "./code.ts";
import { input } from "./examples.ts";
import type { Definitions, Example, ExampleInput, Examples, StructuredOp } from "./op.ts";

/**
 * A row outside the table is NaN, so that it shows. In the dialect that reads as the book does, NumPy counts such a row from
 * the end or refuses it.
 */
export const gatherRows: StructuredOp<["table", "rows"]> = {
  kind: "structured",
  noun: "gathered",
  signature: "table[v m] rows[n]:int32 -> [n m]",
  reference: ([table, rows], output) => {
    const [count, columns] = output.shape as [number, number];
    const [down, across] = table!.strides as [number, number];
    for (let place = 0; place < count; place++) {
      const row = rows!.data[rows!.offset + place * rows!.strides[0]!]!;
      const inside = row >= 0 && row < table!.shape[0]!;
      for (let column = 0; column < columns; column++)
        output.data[place * columns + column] = inside
          ? table!.data[table!.offset + row * down + column * across]!
          : NaN;
    }
  },
  // What comes back at each place belongs to the row of the table that was read there.
  gradient: {
    table: ({ delta, rows, table }, emit) => emit.scatterRows(delta, rows, { v: emit.size(table, 0) }),
  },
  print: {
    numpy: (table, rows) => index(table, rows.text),
    exact: (table, rows) => call("gather_rows", table, rows),
  },
};

/** Rows are added in ascending order of their places; those whose number is outside the table are left out. */
export const scatterRows: StructuredOp<["x", "rows"]> = {
  kind: "structured",
  noun: "scattered",
  signature: "x[n m] rows[n]:int32 -> [v m]",
  reference: ([x, rows], output) => {
    const [count, columns] = output.shape as [number, number];
    const [down, across] = x!.strides as [number, number];
    const begun = new Set<number>();
    output.data.fill(0, 0, count * columns);
    for (let place = 0; place < x!.shape[0]!; place++) {
      const row = rows!.data[rows!.offset + place * rows!.strides[0]!]!;
      if (row < 0 || row >= count) continue;
      for (let column = 0; column < columns; column++) {
        const term = x!.data[x!.offset + place * down + column * across]!;
        // Storing a sum rounds it.
        const sum = output.data[row * columns + column]!;
        output.data[row * columns + column] = begun.has(row) ? sum + term : term;
      }
      begun.add(row);
    }
  },
  gradient: { x: ({ delta, rows }, emit) => emit.gatherRows(delta, rows) },
};

export const definitions: Definitions = () => ({
  gatherRows: {
    exact: [
      "def gather_rows(table, rows):",
      "    outside = np.full((1, table.shape[1]), np.nan, table.dtype)",
      "    inside = (rows >= 0) & (rows < len(table))",
      "    return np.concatenate([table, outside])[np.where(inside, rows, len(table))]",
    ].join("\n"),
    typescript: [
      "function gatherRows(table: number[][], rows: number[]): number[][] {",
      "  return rows.map((row) => table[row] ?? table[0]!.map(() => NaN));",
      "}",
    ].join("\n"),
  },
  scatterRows: {
    numpy: [
      "def scatter_rows(x, rows, v):",
      "    sums = np.zeros((v, x.shape[1]), x.dtype)",
      "    inside = (rows >= 0) & (rows < v)",
      "    np.add.at(sums, rows[inside], x[inside])",
      "    return sums",
    ].join("\n"),
    exact: [
      "def scatter_rows(x, rows, v):",
      "    sums = np.zeros((v, x.shape[1]), x.dtype)",
      "    begun = set()",
      "    for row, terms in zip(rows.tolist(), x):",
      "        if 0 <= row < v:",
      "            sums[row] = sums[row] + terms if row in begun else terms",
      "            begun.add(row)",
      "    return sums",
    ].join("\n"),
    typescript: [
      "function scatterRows(x: number[][], rows: number[], v: number): number[][] {",
      "  const sums: number[][] = [];",
      "  for (const [place, row] of rows.entries()) {",
      "    if (row < 0 || row >= v) continue;",
      "    const sum = sums[row];",
      "    sums[row] = x[place]!.map((term, m) => (sum ? round(sum[m]! + term) : term));",
      "  }",
      "  return Array.from({ length: v }, (_, row) => sums[row] ?? x[0]!.map(() => 0));",
      "}",
    ].join("\n"),
  },
});

const taken = (table: ExampleInput, ...rows: readonly number[]): Example => ({
  inputs: [table, input([rows.length], ...rows)],
});

const added = (v: number, x: ExampleInput, ...rows: readonly number[]): Example => ({
  ...taken(x, ...rows),
  parameters: { v },
});

export const examples: Examples = () => ({
  gatherRows: [
    taken(input([3, 2], 0.5, -1.25, 2, 0.75, -3, 1.5), 2, 0, 0, 1),
    taken(input([2, 3], NaN, -0, Infinity, 5e-324, 0.1, -2), 1, -1, 2, 0, -2147483648, 2147483647),
    taken(input([1, 1], -0), 0),
    taken(input([2, 2], 1, 2, 3, 4)),
    taken(input([0, 2]), 0),
    taken(input([2, 0]), 1),
  ],
  scatterRows: [
    added(3, input([4, 2], 0.5, -1.25, 2, 0.75, -3, 1.5, 0.1, 0.3), 2, 0, 0, 2),
    // Sums that come out differently in any other order, or with one rounding at the end.
    added(2, input([4, 2], 1e16, 16777216, 1, 1, -1e16, 1, 1, 1), 1, 1, 1, 1),
    added(2, input([3, 1], 0.1, 0.2, 0.3), 1, 0, 1),
    // A table's row to which only -0 is added is -0, and one to which nothing is is 0.
    added(3, input([3, 2], -0, NaN, -0, 1, 5, -0), 1, 1, 2),
    added(2, input([4, 1], 1, 2, 3, 4), -1, 2, 1, 2147483647),
    added(1, input([1, 1], 7), 0),
    added(2, input([0, 3])),
    added(0, input([1, 2], 1, 2), 0),
    added(2, input([1, 0]), 1),
  ],
});
