import { createColors } from "picocolors";
import { command } from "./command.ts";
import { demonstrate } from "./demonstrate.ts";
import { standardOutput } from "./standardOutput.ts";

await command((engine) => demonstrate(standardOutput(), createColors(), engine));
