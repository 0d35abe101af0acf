import { printChapter } from "./chapter.ts";

await printChapter((line) => process.stdout.write(`${line}\n`));
