// A program as text in other languages, to be taken along.

export { captions } from "../../ops/captions.ts";
export { type Dialect, print } from "./print.ts";
export type { PrintOptions } from "./script.ts";
