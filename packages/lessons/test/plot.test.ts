import { expect, test } from "vitest";
import { plot } from "../src/plot.ts";

/** The row of the topmost dot in each column of characters, counted in dots from the top. */
function curve(lines: readonly string[], labels = 7): number[] {
  const width = lines[0]!.length - labels;
  return Array.from({ length: width }, (_, column) => {
    for (const [row, line] of lines.entries()) {
      const bits = line.codePointAt(labels + column)! - 0x2800;
      for (const [dot, mask] of [0x09, 0x12, 0x24, 0xc0].entries()) if (bits & mask) return row * 4 + dot;
    }
    return Number.NaN;
  });
}

test("a power of ten per decade falls in a straight line from corner to corner", () => {
  const lines = plot([1, 0.1, 0.01, 0.001, 0.0001], { width: 5, height: 5 });
  expect(lines).toHaveLength(5);
  expect(curve(lines)[0]).toBe(0);
  expect(curve(lines)).toEqual([...curve(lines)].sort((a, b) => a - b));
  expect(lines.map((line) => line.slice(0, 5).trim())).toEqual(["1", "10⁻¹", "10⁻²", "10⁻³", "10⁻⁴"]);
});

test("a constant is a level line, one number is a point's line, none is nothing", () => {
  expect(new Set(curve(plot([2, 2, 2])))).toHaveProperty("size", 1);
  expect(new Set(curve(plot([5])))).toHaveProperty("size", 1);
  expect(plot([])).toEqual([]);
  expect(plot([0, -1, Number.NaN])).toEqual([]);
});

test("numbers without a logarithm leave a gap", () => {
  const found = curve(plot([1, 0, 1], { width: 6 }));
  expect(found.some(Number.isNaN)).toBe(true);
  expect(found.filter((row) => !Number.isNaN(row)).length).toBeGreaterThan(0);
});
