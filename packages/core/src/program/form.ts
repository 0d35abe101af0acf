/** Data that are not a program. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

export function fail(problem: string): never {
  throw new ProgramError(problem);
}

/** Throws `ProgramError` unless the value is a plain record that has no fields but these. */
export function checkFields(place: string, value: unknown, known: readonly string[]): void {
  if (!isRecord(value)) fail(`${place} must be a record with the fields ${known.join(", ")}`);
  const unknown = Object.keys(value as object).find((field) => !known.includes(field));
  if (unknown !== undefined)
    fail(`${place} has the unknown field ${JSON.stringify(unknown)}; there are ${known.join(", ")}`);
}

export function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
