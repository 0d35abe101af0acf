import { createColors } from "picocolors";
import { demonstrate } from "./demonstrate.ts";

/** Draws what `npm start` prints as docs/start.svg, each run of one colour at its place on a grid. */

const colours: Record<string, string> = { 31: "#ff7b72", 32: "#7ee787", 33: "#f2cc60", 36: "#79c0ff" };
const [cellWidth, lineHeight, margin] = [8.4, 18, 16];
const escapeCode = String.fromCharCode(27);

interface Style {
  colour: string;
  bold: boolean;
  dim: boolean;
}

const plain = (): Style => ({ colour: "#e6edf3", bold: false, dim: false });

function apply(style: Style, code: string): Style {
  if (code === "0") return plain();
  if (code === "1") return { ...style, bold: true };
  if (code === "2") return { ...style, dim: true };
  if (code === "22") return { ...style, bold: false, dim: false };
  if (code === "39") return { ...style, colour: plain().colour };
  return { ...style, colour: colours[code] ?? style.colour };
}

function draw(lines: readonly string[]): string {
  const texts: string[] = [];
  let width = 0;
  for (const [row, line] of lines.entries()) {
    let style = plain();
    let column = 0;
    for (const part of line.split(new RegExp(`(${escapeCode}\\[\\d+m)`))) {
      if (part.startsWith(escapeCode)) {
        style = apply(style, part.slice(2, -1));
        continue;
      }
      const length = [...part].length;
      const text = part.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
      if (part.trim() !== "")
        texts.push(
          `<text x="${(margin + column * cellWidth).toFixed(1)}" y="${margin + (row + 1) * lineHeight - 5}" ` +
            `fill="${style.colour}"${style.bold ? ' font-weight="bold"' : ""}${style.dim ? ' opacity="0.6"' : ""} ` +
            `textLength="${(length * cellWidth).toFixed(1)}">${text}</text>`,
        );
      column += length;
    }
    width = Math.max(width, column);
  }
  const size = [Math.ceil(width * cellWidth) + 2 * margin, lines.length * lineHeight + 2 * margin];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size[0]} ${size[1]}">`,
    "<title>What npm start prints: the program, the error as it falls, and the predictions</title>",
    "<style>text { font: 14px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre }</style>",
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...texts,
    "</svg>",
    "",
  ].join("\n");
}

/** The picture of a run, as SVG. */
export async function picture(): Promise<string> {
  const lines: string[] = [];
  await demonstrate((line) => lines.push(...line.split("\n")), createColors(true));
  return draw(lines);
}
