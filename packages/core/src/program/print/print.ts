import { original } from "../../shape/reachable.ts";
import type { Printable } from "../fold.ts";
import { listing } from "./listing.ts";
import { printPython } from "./python.ts";
import type { PrintOptions } from "./script.ts";
import { printTypescript } from "./typescript.ts";

export const dialects = ["listing", "numpy", "numpy-exact", "typescript"] as const;
/** What a program is written in. */
export type Dialect = (typeof dialects)[number];

/**
 * A program as text.
 *
 * - `"listing"` (default): the four phases, line by line, as the book writes them.
 * - `"numpy"`: Python that reads as the book does and agrees to rounding.
 * - `"numpy-exact"`: Python that gives the reference's bits on any machine.
 * - `"typescript"`: imports nothing and gives the reference's bits.
 *
 * With `data` and `loop` the last three are complete scripts; without, the phases of one batch. Throws `TypeError` for
 * an unknown dialect, and errors that name the array or the field of the options that does not fit.
 */
export function print(given: Printable, dialect: Dialect = "listing", options: PrintOptions = {}): string {
  const program = original(given);
  switch (dialect) {
    case "listing":
      return listing(program);
    case "numpy":
      return printPython(program, "numpy", options);
    case "numpy-exact":
      return printPython(program, "exact", options);
    case "typescript":
      return printTypescript(program, options);
    default:
      throw new TypeError(
        `print: there is no "${dialect satisfies never}"; there are ${dialects.join(", ")}`,
      );
  }
}
