import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readResult } from "../harness/result.ts";
import { bench } from "../harness/runtimes.ts";
import { tasks } from "../tasks/index.ts";
import { page } from "./page.ts";
import { pictures } from "./pictures.ts";

/** Writes `performance.md` and its pictures from the results: `npm run bench:report [-- --from FOLDER --to FOLDER]`. */
const { values } = parseArgs({
  options: {
    from: { type: "string", default: join(bench, "results") },
    to: { type: "string", default: join(bench, "../docs") },
  },
});
const names = tasks.map(({ name }) => name);
const results = new Map(
  names.flatMap((name) => {
    const path = join(values.from, `${name}.json`);
    return existsSync(path) ? [[name, readResult(path)] as const] : [];
  }),
);
const folder = join(values.to, "performance");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [file, picture] of pictures(results)) writeFileSync(join(folder, file), picture);
writeFileSync(join(values.to, "performance.md"), page(results, names));
process.stdout.write(
  `bench: wrote ${join(values.to, "performance.md")} from ${results.size} of ${names.length} results\n`,
);
