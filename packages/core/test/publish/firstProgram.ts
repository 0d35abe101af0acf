import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workshop.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const [, code = ""] = /^## A first program\n\n```ts\n([\s\S]*?)^```$/m.exec(readme) ?? [];
const everyTenth = code.replace("epoch.number % 20", "epoch.number % 10");

/** The README's first program as a module, which prints the error after every tenth epoch, as the notebook does. */
export const firstProgram = everyTenth;

/** The same as a module that exports `run`, which writes its lines with the function it is given. */
export const firstFunction = everyTenth
  .replace(/^import .*$/m, "$&\nexport async function run(log) {\n  const console = { log };")
  .concat("}\n");

/** The names that it imports. */
export const imported = /^import \{(.*)\} from/m.exec(code)?.[1]?.trim() ?? "";

/** The six errors that the notebook prints for its first deep network. */
export const figures: readonly string[] = readFileSync(
  join(root, "packages/lessons/test/notebook.txt"),
  "utf8",
)
  .split("\n")
  .filter((line) => line.startsWith("Error : "))
  .slice(0, 6);
