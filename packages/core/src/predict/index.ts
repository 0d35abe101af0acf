export type { Limits } from "../files/limits.ts";
export { FileError } from "../files/stored.ts";
export { loadPredictor, type Predictor } from "./loadPredictor.ts";
export type { Rows } from "./rows.ts";
