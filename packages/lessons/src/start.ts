import { createColors } from "picocolors";
import { demonstrate } from "./demonstrate.ts";

await demonstrate((line) => process.stdout.write(`${line}\n`), createColors());
