import type { Shape } from "../shape/block.ts";

/** The place of an element that is counted row after row: `[2, 0]`. */
export function placeOf(position: number, shape: Shape): number[] {
  const place: number[] = [];
  let rest = position;
  for (const size of [...shape].reverse()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return place;
}

/** `weights_0_1[2, 0]`; an array without axes by its name alone. */
export function elementText(name: string, place: readonly number[]): string {
  return place.length === 0 ? name : `${name}[${place.join(", ")}]`;
}

/** Cells under each other, each column as wide as its widest cell; columns of numbers stand to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]!.length), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join("  ")
      .trimEnd(),
  );
}
