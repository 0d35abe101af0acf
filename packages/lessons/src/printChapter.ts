import { printChapter } from "./chapter.ts";
import { standardOutput } from "./standardOutput.ts";

await printChapter(standardOutput());
