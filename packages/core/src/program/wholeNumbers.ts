import { allocate, type Data, isWhole } from "../shape/block.ts";
import type { Flat } from "../shape/numbers.ts";
import { elementText, placeOf } from "../shape/place.ts";
import type { ArrayDeclaration } from "./data.ts";

/**
 * Numbers for an array in the type that it is declared to be, where that is one of whole numbers; others as they are. Throws
 * `RangeError` naming the first number that the type does not hold, and its place.
 */
export function inWholeType(name: string, { dtype }: ArrayDeclaration, numbers: Flat): Flat {
  if (!isWhole(dtype)) return numbers;
  const { shape, values } = numbers;
  if (dtype === "uint8" && values instanceof Uint8Array) return numbers;
  const held = allocate(dtype, values.length);
  held.set(values);
  const wrong = held.findIndex((value: number, position: number) => value !== values[position]);
  if (wrong >= 0)
    throw new RangeError(
      `${elementText(name, placeOf(wrong, shape))} is ${values[wrong]}, but ${name} is ${dtype}, ` +
        `which holds whole numbers from ${dtype === "uint8" ? "0 to 255" : "-2147483648 to 2147483647"}`,
    );
  return { shape, values: held as Data };
}
