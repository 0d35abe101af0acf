import { FileError, isRecord, type StoredArray, stored, unstored } from "../files/stored.ts";

/** A number in a JSON file: as it is, or, as JSON has no −0 and none that is not finite, those as an array without axes. */
export type StoredNumber = number | StoredArray;

export function storedNumber(value: number): StoredNumber {
  const keeps = Number.isFinite(value) && !Object.is(value, -0);
  return keeps ? value : stored({ shape: [], values: Float64Array.of(value) });
}

/** Throws `FileError` naming `place` where it is no such number. */
export function unstoredNumber(place: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (!isRecord(value)) throw new FileError(`${place} must be a number, or one as an array without axes`);
  const { shape, data } = unstored(place, value);
  if (shape.length > 0) throw new FileError(`${place} must be one number: its "shape" must be []`);
  return data[0]!;
}
