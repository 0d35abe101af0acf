import { createColors } from "picocolors";
import { demonstrate } from "./demonstrate.ts";
import { standardOutput } from "./standardOutput.ts";

await demonstrate(standardOutput(), createColors());
