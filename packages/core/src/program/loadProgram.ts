import { briefly, FileError } from "../files/fileError.ts";
import { readJson } from "../files/json.ts";
import { type Bounds, boundsOf, checkDepth, checkWork, type Limits } from "../files/limits.ts";
import { checkProgram } from "./check.ts";
import type { ProgramData } from "./data.ts";
import { isRecord, ProgramError } from "./form.ts";
import { Program } from "./program.ts";

/** About what it takes to check a declaration or a step, in operations. */
const operationsOfPart = 600;

/**
 * Reads what `JSON.stringify(program)` wrote, as text or parsed. Throws `ProgramError`, `NameError` or `ShapeError`, with at most
 * 300 characters, for the first thing that makes it no program which every engine can run, or that would take more than
 * `limits`.
 */
export function loadProgram(
  json: string | ProgramData,
  { limits }: { readonly limits?: Limits } = {},
): Program {
  const bounds = boundsOf(limits);
  return briefly(() => {
    const data = asProgram(() => {
      const found = typeof json === "string" ? (readJson(json, bounds) as ProgramData) : json;
      if (typeof json !== "string") checkForm(found, bounds);
      checkParts(found, bounds);
      return found;
    });
    checkProgram(data);
    return new Program(data);
  });
}

/** What is wrong with a file, as what is wrong with a program. */
function asProgram<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof FileError ? new ProgramError(`not a program: ${error.message}`) : error;
  }
}

/** About what it takes to look at one value of parsed data, in operations. */
const operationsOfValue = 10;

/** Throws `FileError` for parsed data that lie too deep, which may be a circle, or are too many to look at. */
function checkForm(data: unknown, bounds: Bounds): void {
  let parts = 0;
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
    checkDepth(depth, bounds);
    for (const inner of Object.values(value)) {
      checkWork(operationsOfValue * ++parts, bounds);
      visit(inner, depth + 1);
    }
  };
  visit(data, 1);
}

/** Throws `FileError` where there are more arrays and steps than may be checked. */
function checkParts(data: unknown, bounds: Bounds): void {
  const { arrays, steps } = isRecord(data) ? (data as ProgramData) : {};
  const listed = [arrays, steps].map((list) => (Array.isArray(list) ? list.length : 0));
  checkWork(operationsOfPart * listed.reduce((sum, length) => sum + length), bounds);
}
