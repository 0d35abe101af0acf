import { printChapter } from "./chapter.ts";
import { command } from "./command.ts";
import { standardOutput } from "./standardOutput.ts";

await command((engine) => printChapter(standardOutput(), engine));
