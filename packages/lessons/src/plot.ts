/** The dots of a braille character, by column (0, 1) and row (0 … 3), as bits of its code point. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

export interface PlotOptions {
  /** Characters across the curve, without the labels; default 60. */
  readonly width?: number;
  /** Lines of text; default 8. */
  readonly height?: number;
}

/**
 * Draws positive numbers as a curve over their positions, on a logarithmic scale, in braille dots: 2 across and
 * 4 down a character. The labels on the left are powers of ten. Numbers that are not positive leave a gap.
 */
export function plot(values: readonly number[], { width = 60, height = 8 }: PlotOptions = {}): string[] {
  const logarithms = values.map((value) => (value > 0 ? Math.log10(value) : Number.NaN));
  const finite = logarithms.filter(Number.isFinite);
  if (finite.length === 0) return [];
  const top = Math.ceil(Math.max(...finite));
  const bottom = Math.min(top - 1, Math.floor(Math.min(...finite)));
  const rows = height * 4;
  const columns = width * 2;
  const cells = Array.from({ length: height }, () => new Array<number>(width).fill(0));

  const rowOf = (column: number): number => {
    const logarithm = logarithms[Math.round((column / (columns - 1)) * (values.length - 1))]!;
    return Math.round(((top - logarithm) / (top - bottom)) * (rows - 1));
  };
  let previous = rowOf(0);
  for (let column = 0; column < columns; column++) {
    const row = rowOf(column);
    if (Number.isNaN(row)) continue;
    // A steep curve is drawn without gaps: down to where the column before left off.
    const from = Number.isNaN(previous) ? row : Math.min(row, previous + Math.sign(row - previous));
    const to = Number.isNaN(previous) ? row : Math.max(row, previous + Math.sign(row - previous));
    for (let dot = from; dot <= to; dot++) {
      const line = cells[Math.floor(dot / 4)]!;
      line[column >> 1] = line[column >> 1]! | dots[(column & 1) as 0 | 1][(dot % 4) as 0 | 1 | 2 | 3];
    }
    previous = row;
  }

  const powers = new Map<number, number>();
  for (let power = bottom; power <= top; power++)
    powers.set(Math.floor((((top - power) / (top - bottom)) * (rows - 1)) / 4), power);
  return cells.map((line, row) => {
    const power = powers.get(row);
    const label = power === undefined ? "" : power === 0 ? "1" : `10${superscript(power)}`;
    return `${label.padStart(5)} ${power === undefined ? "│" : "┤"}${String.fromCodePoint(...line.map((bits) => 0x2800 + bits))}`;
  });
}

function superscript(power: number): string {
  return [...String(power)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");
}
