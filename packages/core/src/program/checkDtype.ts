import { isWhole } from "../shape/block.ts";
import type { ArrayDeclaration, Precision } from "./data.ts";
import { fail } from "./form.ts";
import { shown } from "./parameters.ts";

/** Checks the element type of an array. Throws `ProgramError`. */
export function checkDtype(place: string, precision: Precision, { role, dtype }: ArrayDeclaration): void {
  const wanted = role === "metric" ? "float64" : precision;
  const given = role === "input" || role === "target";
  if (dtype === wanted || (given && isWhole(dtype))) return;
  const why = role === "metric" ? "as every metric is" : "the precision of the program";
  fail(
    `${place} has the dtype ${shown(dtype)}, but must be ${wanted}, ${why}${given ? ", or int32 or uint8" : ""}`,
  );
}
