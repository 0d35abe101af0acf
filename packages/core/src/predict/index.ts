export { FileError } from "../trace/stored.ts";
export { loadPredictor, type Predictor } from "./loadPredictor.ts";
export type { Rows } from "./rows.ts";
