import { shown } from "../random/arguments.ts";

/** What a call is given by name. Throws `TypeError` with an example where it is no record. */
export function recordOf<Given extends object>(call: string, given: Given, example: string): Given {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  throw new TypeError(`${call}: give a record, such as ${example}, not ${shown(given)}`);
}
