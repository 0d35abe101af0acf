import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Tolerance } from "./agreement.ts";
import type { Environment } from "./environment.ts";
import type { Reached } from "./goals.ts";
import type { Measured } from "./measured.ts";
import type { Pace } from "./pace.ts";

/** What a task found out, as it is kept in `bench/results`. */
export interface Result {
  readonly format: "streetlight-bench";
  readonly version: 1;
  readonly task: string;
  readonly says: string;
  readonly environment: Environment;
  readonly pace: Pace;
  readonly series: readonly Series[];
  readonly goals?: readonly Reached[];
}

/** All contenders on one piece of work. */
export interface Series {
  readonly name: string;
  /** Where this one stands among its like, such as `{ of: "width", at: 64 }`. */
  readonly place?: { readonly of: string; readonly at: number };
  readonly work: WorkDone;
  /** How far apart contenders may be. */
  readonly tolerance?: Tolerance;
  readonly contenders: readonly Measured[];
}

/** What the work consists of, each time that it is done. */
export interface WorkDone {
  /** Examples that are learnt from. */
  readonly samples?: number;
  /** Updates of the weights. */
  readonly steps?: number;
  /** Multiplications and additions in products. */
  readonly flops?: number;
  /** What has to be read and written at least. */
  readonly bytes?: number;
}

/** What a task hands over; the rest of its result is the same for all tasks of a run. */
export type Found = Pick<Result, "says" | "series" | "goals">;

/** Writes a whole file or none. */
export function writeResult(path: string, result: object): void {
  mkdirSync(dirname(path), { recursive: true });
  const passing = `${path}.new`;
  writeFileSync(passing, `${JSON.stringify(result, undefined, 1)}\n`);
  renameSync(passing, path);
}

/** Throws where the file is no result of this version. */
export function readResult(path: string): Result {
  const result = JSON.parse(readFileSync(path, "utf8")) as Result;
  if (result.format !== "streetlight-bench" || result.version !== 1)
    throw new Error(`${path} is no result of this bench: measure it again`);
  return result;
}
