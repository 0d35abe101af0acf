import { expect, test } from "vitest";
import { difference, distance } from "../src/harness/agreement.ts";

const tolerance = { loss: 1e-3, numbers: 1e-2 };
const initial = Float64Array.of(1, 1, 1);
/** The farthest that one moved is 0.1. */
const expected = { loss: 2, numbers: Float64Array.of(1.05, 0.9, 1) };

const found = (loss: number, ...numbers: number[]) =>
  difference({ loss, numbers: Float64Array.from(numbers) }, expected, initial, tolerance);

test("rounding is let through, another step is not", () => {
  expect(found(2, 1.0501, 0.8999, 1)).toBeUndefined();
  expect(found(2, 1.055, 0.89, 1)).toBe(
    "its numbers are off by 10 % of the farthest that one moved, more than 1 %",
  );
});

test("who does not train at all is found out, however little there was to learn", () => {
  expect(found(2, 1, 1, 1)).toContain("off by 100 %");
});

test("another loss is found out, and so is what is not finite or of another size", () => {
  expect(found(2.1, 1.05, 0.9, 1)).toContain("its loss is 2.1 instead of 2");
  expect(found(2, Number.NaN, 0.9, 1)).toContain("its numbers are off");
  expect(found(Number.NaN, 1.05, 0.9, 1)).toContain("its loss is NaN");
  expect(found(2, 1, 1)).toBe("it gives 2 numbers instead of 3");
});

test("exact is bit for bit, the sign of zero included", () => {
  const zero = { loss: 0, numbers: Float64Array.of(0) };
  const minus = { loss: 0, numbers: Float64Array.of(-0) };
  expect(difference(zero, zero, initial, "exact")).toBeUndefined();
  expect(difference(minus, zero, initial, "exact")).toBe("number 0 is -0 instead of 0, bit for bit");
  expect(difference({ ...zero, loss: 1 }, zero, initial, "exact")).toBe(
    "its loss is 1 instead of 0, bit for bit",
  );
});

test("a distance is a share of the farthest move, and of the loss", () => {
  const off = distance({ loss: 2.5, numbers: Float64Array.of(1.06, 0.9, 1) }, expected, initial);
  expect(off.loss).toBe(0.25);
  expect(off.numbers).toBeCloseTo(0.1, 10);
});
