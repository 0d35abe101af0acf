import { readFileSync } from "node:fs";
import { createColors } from "picocolors";
import { expect, test } from "vitest";
import { demonstrate } from "../src/demonstrate.ts";

const notebook = readFileSync(new URL("notebook.txt", import.meta.url), "utf8");

async function shown(colour: boolean): Promise<string> {
  const lines: string[] = [];
  await demonstrate((line) => lines.push(line), createColors(colour));
  return lines.join("\n");
}

test("the demonstration prints the program and the notebook's errors", async () => {
  const text = await shown(false);
  expect(text).toContain("layer_1_delta = layer_2_delta.dot(weights_1_2.T) * relu2deriv(layer_1)");
  const cell = notebook.slice(notebook.indexOf("# In [42]"), notebook.indexOf("# In [36]"));
  expect(text.match(/Error : .*/g)).toEqual(cell.match(/Error : .*/g));
});

test("every prediction is on its goal's side in the end", async () => {
  const text = await shown(false);
  expect(text.match(/✓/g)).toHaveLength(4);
  expect(text).not.toContain("✗");
});

test("colour changes nothing but colour", async () => {
  const escapeCode = String.fromCharCode(27);
  const coloured = await shown(true);
  expect(coloured).toContain(escapeCode);
  expect(coloured.replaceAll(new RegExp(`${escapeCode}\\[\\d+m`, "g"), "")).toBe(await shown(false));
});
