import type { Cells } from "./table.ts";

/** A table in Markdown, its columns lined up; those of figures are set to the right. */
export function markdownTable(cells: Cells): string {
  const [head, ...rows] = cells.map((row) => row.map((cell) => cell.replaceAll("|", "\\|"))) as [
    string[],
    ...string[][],
  ];
  const columns = head.map((_, column) => {
    const filled = rows.map((row) => row[column]!).filter((cell) => cell !== "");
    const right = filled.filter((cell) => /^[-−+\d]/.test(cell)).length > filled.length / 2;
    return { right, width: Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)) };
  });
  const line = (row: readonly string[]) =>
    `| ${columns.map(({ right, width }, k) => (right ? row[k]!.padStart(width) : row[k]!.padEnd(width))).join(" | ")} |`;
  const rule = columns.map(({ right, width }) => `${"-".repeat(width - 1)}${right ? ":" : "-"}`);
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
