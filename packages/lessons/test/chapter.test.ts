import { readFileSync } from "node:fs";
import type { EngineName } from "@streetlight/core";
import { expect, test } from "vitest";
import { printChapter } from "../src/chapter.ts";

/**
 * The notebook's outputs, transcribed from its page. Where the page cuts an output off, `...` stands in the place of
 * what follows; everything before it must agree.
 */
const notebook = readFileSync(new URL("notebook.txt", import.meta.url), "utf8");

interface Output {
  readonly cell: string;
  readonly text: string;
}

function split(text: string): Output[] {
  return text
    .split(/^(?=# In \[)/m)
    .filter((part) => part.startsWith("# In ["))
    .map((part) => {
      const end = part.indexOf("\n");
      return { cell: part.slice(0, end), text: part.slice(end + 1) };
    });
}

async function printed(engine?: EngineName): Promise<string> {
  const lines: string[] = [];
  await printChapter((line) => lines.push(`${line}\n`), engine);
  return lines.join("");
}

/** The cells whose output is not the notebook's, character for character. */
function differing(ours: string, theirs: string): string[] {
  const own = split(ours);
  const wanted = split(theirs);
  if (own.length !== wanted.length) return ["the number of cells"];
  return wanted
    .filter(({ cell, text }, position) => {
      const mine = own[position]!;
      const cut = text.endsWith("...\n");
      const agrees = cut
        ? mine.text.startsWith(text.slice(0, -4)) && mine.text.length > text.length
        : mine.text === text;
      return mine.cell !== cell || !agrees;
    })
    .map(({ cell }) => cell);
}

test.each(["reference", "wasm", "auto"] as const)(
  "every cell prints what the notebook prints, in page order, by the engine %s",
  async (engine) => {
    expect(differing(await printed(engine), notebook)).toEqual([]);
  },
);

test("where the page cuts an output off, the whole is printed", async () => {
  const cells = new Map(split(await printed()).map(({ cell, text }) => [cell, text]));
  expect(cells.get("# In [1]")!.trimEnd().split("\n")).toHaveLength(20);
  expect(cells.get("# In [4]")!.match(/^Prediction : /gm)).toHaveLength(40 * 6);
  expect(cells.get("# In [4]")!.match(/^Error for all : \S+ \n\n/gm)).toHaveLength(40);
});

test("one changed digit anywhere is found", async () => {
  const ours = await printed();
  for (const match of notebook.matchAll(/^(?!# In).*\d.*$/gm)) {
    const line = match[0];
    const digit = line.search(/\d/);
    const changed = `${line.slice(0, digit)}${(Number(line[digit]) + 1) % 10}${line.slice(digit + 1)}`;
    const edited = notebook.slice(0, match.index) + changed + notebook.slice(match.index + line.length);
    expect(differing(ours, edited), changed).not.toEqual([]);
  }
});
