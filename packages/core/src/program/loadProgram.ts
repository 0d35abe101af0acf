import { checkProgram } from "./check.ts";
import type { ProgramData } from "./data.ts";
import { ProgramError } from "./form.ts";
import { Program } from "./program.ts";

/**
 * Reads what `JSON.stringify(program)` wrote, as text or parsed. Throws `ProgramError`, `NameError` or `ShapeError` for the
 * first thing that makes it no program which every engine can run.
 */
export function loadProgram(json: string | ProgramData): Program {
  const data = typeof json === "string" ? parsed(json) : json;
  checkProgram(data);
  return new Program(data);
}

function parsed(json: string): ProgramData {
  try {
    return JSON.parse(json) as ProgramData;
  } catch (error) {
    throw new ProgramError(`not a program: this is no JSON: ${(error as Error).message}`);
  }
}
